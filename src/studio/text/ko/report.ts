import { formatCount } from '../format';
import type { report as english } from '../en/report';

export const report: typeof english = {
  title: '보고서',
  lead: '첫 쪽은 경영진용으로 결론, 차트 하나, 가장 좋은 예와 나쁜 예를 담고, 다음 쪽부터 자세한 내용이 이어집니다. A4로 읽거나 인쇄할 수 있는 HTML 파일 하나입니다.',
  titleLabel: '보고서 제목',
  titlePlaceholder: '선택 사항',
  remarks: '의견',
  remarksPlaceholder: '결론을 쓰십시오. 맨 위에 표시됩니다.',
  save: '보고서 내려받기',
  ready: '이 화면의 열과 그 학습 기록, 답변, 프롬프트 묶음을 담습니다.',
  whileJudging: '프롬프트 묶음의 판정이 끝나지 않아 보고서에서 제외됩니다.',
  modelRefused:
    '모델의 판정을 쓸 수 없어 프롬프트 묶음이 보고서에서 제외됩니다. 직접 한 판정을 담으려면 판정자를 직접으로 바꾸십시오.',
  withoutPromptSet: '프롬프트 묶음이 없으면 승률도 없습니다.',
  heading: (model) => `${model} 미세 조정`,
  madeOn: (date) => `${date}. 브라우저의 Airlock으로 학습하고 측정했습니다.`,
  notJudged: '학습을 마쳤으며, 답변이 얼마나 나아졌는지는 아직 판정하지 않았습니다.',
  trained: (run, method, pairs, from) =>
    `${run}: ${from}에서 시작하여 ${method} 방법으로 쌍 ${formatCount(pairs)}개를 학습했습니다.`,
  barsCaption:
    '이긴 프롬프트의 비율과 95% 신뢰 구간. 50%의 오른쪽이면 더 낫고, 왼쪽이면 더 못하며, 걸쳐 있으면 판단할 수 없습니다.',
  compared: '비교',
  atTemperature: (temperature) => `온도 ${temperature}`,
  example: '예',
  rewardOverKl: 'KL 대비 보상',
  klAxis: '참조 모델과의 KL(답변당 nat)',
  marginAxis: '평가용 쌍의 보상 차이',
  rewardOverKlNote:
    '점 하나는 학습 중의 평가 한 번이며 순서대로 이었습니다. 모델이 참조 모델에서 멀어진 만큼 평가용 답변의 좋고 나쁨을 얼마나 잘 구별하게 되었는지를 보여 줍니다. 가파를수록 좋고, 오른쪽으로 멀리 평평하면 대가가 큽니다.',
  noPromptSet: '판정한 프롬프트 묶음이 없어 어댑터의 답변이 얼마나 나은지는 알 수 없습니다.',
  what: '사용한 모델과 데이터',
  model: (name) => `베이스 모델 ${name}`,
  modelFacts: (architecture, parameters, dtype) => `${architecture}, 파라미터 ${parameters}, ${dtype}`,
  hash: '구성과 가중치의 SHA-256',
  dataset: (pairs, train, evaluation, files) =>
    `현재 데이터셋: 선호 쌍 ${formatCount(pairs)}개, 학습용 ${formatCount(train)}개, 평가용 ${formatCount(evaluation)}개 (${files}).`,
  noRuns: '이 모델로 학습한 어댑터가 없습니다.',
  run: '학습',
  method: '방법',
  unknownLoss: 'DPO 계열, 손실은 알 수 없음',
  chain: '시작점',
  reference: '참조 모델',
  data: '쌍',
  heldOut: '평가용',
  steps: '스텝',
  time: '소요 시간',
  lastLoss: '마지막 손실',
  optionsOf: (run) => `${run}의 옵션:`,
  option: '옵션',
  optionsDiffering: '학습마다 다른 옵션(TRL 이름)',
  optionsOfAll: '모든 학습에 공통:',
  curves: '학습',
  curvesOf: (run) => `${run}, 스텝별`,
  noCurves: (run) => `${run}: 보관된 곡선이 없습니다.`,
  setFacts: (prompts, judge, date) =>
    `프롬프트 ${formatCount(prompts)}개, 모든 열에 같은 시드, ${{ scorer: '과제의 규칙 기반 채점기가', reward: '답변마다 점수를 매기는 보상이', model: '언어 모델이', analyst: '사람이 블라인드로' }[judge]} 판정; ${date}.`,
  votes: '청중의 블라인드 투표 결과',
  votesFacts: (votes, prompts, date) =>
    `시연에서 프롬프트 ${formatCount(prompts)}개에 ${formatCount(votes)}표, 이름은 투표가 끝난 뒤에만 공개; ${date}.`,
  votesFigures: (ours, theirs, rate, prompts) =>
    `시연에서 청중이 프롬프트 ${formatCount(prompts)}개에 블라인드로 투표했으며, ${theirs}에 대한 ${ours}의 승률은 ${rate}입니다.`,
  withVotes: '시연에서 청중이 한 블라인드 투표도 담습니다.',
  counts: (wins, ties, losses) => `${formatCount(wins)}승 ${formatCount(ties)}무 ${formatCount(losses)}패`,
  scores: (own, reference) => `평균 점수 ${own}, 비교 대상 ${reference}`,
  answers: '답변',
  promptAt: (prompt, temperature) => `“${prompt}”, 온도 ${temperature}`,
  reward: (reward) => `암묵적 보상 ${reward}`,
  footer:
    '승률: 전체 비교 중 이긴 수와 비긴 수의 절반. 구간: 95%, 윌슨. 구간 전체가 50%의 한쪽에 있으면 더 낫거나 나쁘다고 보고, 아니면 판단하지 않습니다. 암묵적 보상: 정책과 참조 모델의 로그비를 답변 전체에 더하고 β를 곱한 값입니다.',
};
