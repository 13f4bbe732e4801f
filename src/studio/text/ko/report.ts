import { formatCount } from '../format';
import type { report as english } from '../en/report';

export const report: typeof english = {
  title: '보고서',
  lead: '공유용 1쪽 보고서: 사용한 데이터와 모델, 학습 곡선, 승률, 답변. 읽거나 인쇄할 수 있는 HTML 파일 하나입니다.',
  titleLabel: '보고서 제목',
  titlePlaceholder: '선택 사항',
  remarks: '의견',
  remarksPlaceholder: '결론을 쓰십시오. 맨 위에 표시됩니다.',
  save: '보고서 내려받기',
  ready: '이 화면의 열과 그 실행, 답변, 프롬프트 묶음을 담습니다.',
  whileJudging: '프롬프트 묶음의 판정이 끝나지 않아 보고서에서 제외됩니다.',
  withoutPromptSet: '프롬프트 묶음이 없으면 승률도 없습니다.',
  heading: (model) => `${model} 미세 조정`,
  madeOn: (date) => `${date}. 브라우저의 Airlock으로 학습하고 측정했습니다.`,
  noPromptSet: '판정한 프롬프트 묶음이 없어 어댑터의 답변이 얼마나 나은지는 알 수 없습니다.',
  verdict: (column, reference, temperature, interval, count) =>
    `온도 ${temperature}에서 ${reference} 대비 ${column}: 승률 ${interval}, 프롬프트 ${formatCount(count)}개.`,
  leaning: { better: '더 낫습니다.', worse: '더 나쁩니다.', open: '판단할 수 없습니다.' },
  what: '무엇을 무엇으로 학습했는지',
  model: (name) => `베이스 모델 ${name}`,
  modelFacts: (architecture, parameters, dtype) => `${architecture}, 파라미터 ${parameters}, ${dtype}`,
  hash: '구성과 가중치의 SHA-256',
  dataset: (pairs, train, evaluation, files) =>
    `현재 데이터 세트: 선호 쌍 ${formatCount(pairs)}개, 학습용 ${formatCount(train)}개, 평가용 ${formatCount(evaluation)}개 (${files}).`,
  noRuns: '이 모델로 학습한 어댑터가 없습니다.',
  run: '실행',
  method: '방법',
  unknownLoss: 'DPO 계열, 손실은 알 수 없음',
  chain: '계보',
  reference: '참조 모델',
  data: '쌍',
  steps: '스텝',
  time: '일시, 소요 시간',
  lastLoss: '마지막 손실',
  pairsOf: (train, evaluation) =>
    evaluation === 0 ? formatCount(train) : `${formatCount(train)} + 평가용 ${formatCount(evaluation)}`,
  optionsOf: (run) => `${run}의 옵션:`,
  optionsOfAll: '모든 실행의 옵션(TRL 이름):',
  curves: '학습',
  curvesOf: (run) => `${run}, 스텝별`,
  noCurves: (run) => `${run}: 보관된 곡선이 없습니다.`,
  setFacts: (prompts, isScored, date) =>
    `프롬프트 ${formatCount(prompts)}개, 모든 열에 같은 시드, ${isScored ? '과제의 규칙 기반 채점기가' : '사람이 블라인드로'} 판정; ${date}.`,
  counts: (wins, ties, losses) => `${formatCount(wins)}승 ${formatCount(ties)}무 ${formatCount(losses)}패`,
  scores: (own, reference) => `평균 점수 ${own}, 비교 대상 ${reference}`,
  answers: '답변',
  promptAt: (prompt, temperature) => `“${prompt}”, 온도 ${temperature}`,
  reward: (reward) => `암묵적 보상 ${reward}`,
  footer:
    '승률: 전체 비교 중 이긴 수와 비긴 수의 절반. 구간: 95%, 윌슨. 구간 전체가 50%의 한쪽에 있으면 더 낫거나 나쁘다고 보고, 아니면 판단하지 않습니다. 암묵적 보상: 정책과 참조 모델의 로그비를 답변 전체에 더하고 β를 곱한 값입니다.',
};
