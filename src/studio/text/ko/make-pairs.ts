import { formatCount } from '../format';
import type { makePairs as english } from '../en/make-pairs';

export const makePairs: typeof english = {
  title: '답변으로 선호 쌍 만들기',
  lead: '모델이 프롬프트마다 여러 번 답하고, 보상이 답변에 점수를 매기고, 더 나은 답변과 못한 답변이 학습할 데이터셋이 됩니다.',
  source: '프롬프트',
  typed: '직접 입력',
  dataset: '데이터셋에서',
  datasetPrompts: (count, isSplit) =>
    `서로 다른 프롬프트 ${formatCount(count)}개${isSplit ? '. 학습용 쌍의 것이며 평가용은 제외합니다.' : '.'}`,
  who: '답변하는 모델',
  answers: '프롬프트마다 답변 수',
  reward: '점수 기준',
  plan: (prompts, answers) =>
    `프롬프트 ${formatCount(prompts)}개 × ${formatCount(answers)}: 답변 ${formatCount(prompts * answers)}개. 위의 샘플링 설정으로 생성합니다.`,
  start: '답하고 점수 매기기',
  stop: '답변 중지',
  waiting: (prompts, judge) =>
    `프롬프트 ${formatCount(prompts)}개의 답변이 판정 모델 ${judge}의 판정을 기다리고 있습니다.`,
  obstacles: {
    numbers: '고쳐야 할 설정이 있습니다.',
    sampling: '위의 샘플링 설정을 고쳐야 합니다.',
    atZero: '온도 0에서는 답변이 모두 같습니다.',
    noRules: '데이터셋에 규칙이 아직 없거나 고쳐야 할 규칙이 있습니다.',
    noJudge: '골라 둔 보상으로는 이 답변에 점수를 매길 수 없습니다. 까닭은 위에 있습니다.',
    noPrompts: '프롬프트를 하나 이상 입력하십시오.',
    noDatasetPrompts:
      '이 모델이 답할 수 있는 프롬프트가 데이터셋에 없습니다. 데이터 화면에서 가져오거나 직접 입력하십시오.',
    noStarter: '프롬프트를 입력하거나 데이터셋에서 고르십시오.',
  },
  kind: '만들 쌍',
  kinds: { extremes: '최고와 최저', all: '모든 쌍' },
  came: (prompts, pairs) =>
    `프롬프트 ${formatCount(prompts)}개에 답했습니다. 선호 쌍 ${formatCount(pairs)}개를 만들 수 있습니다.`,
  ties: (count) => `점수가 같은 쌍 ${formatCount(count)}개는 어느 답변이 나은지 알 수 없어 제외했습니다.`,
  unscored: (count) => `프롬프트 ${formatCount(count)}개는 점수를 매길 수 있는 답변이 둘보다 적습니다.`,
  tooMany: (count) => `${formatCount(count)}개가 더 있지만 너무 많습니다. 최고와 최저로 만드십시오.`,
  givenUp: (prompts) => `프롬프트 ${formatCount(prompts)}개의 답변을 버렸습니다.`,
  promptsChanged: (prompts) =>
    `프롬프트 ${formatCount(prompts)}개에 답한 뒤로 프롬프트나 답변 수, 판정 모델이 바뀌었습니다. 그 답변은 버리고 모두 새로 답합니다.`,
  notKept: '답변은 지금 쓸 수 있지만 새로 고치면 사라집니다.',
  noPairs: '이 답변으로는 쌍을 만들 수 없습니다. 답변을 가릴 규칙을 더하거나 프롬프트마다 답변을 늘리십시오.',
  examples: '처음 쌍들',
  chosen: (score) => `나은 답변, 점수 ${score}`,
  rejected: (score) => `못한 답변, 점수 ${score}`,
  name: '데이터셋 이름',
  defaultName: '답변으로 만든 쌍',
  make: '데이터셋 만들기',
  close: '새로 답하기',
  file: '점수 매긴 답변',
};
