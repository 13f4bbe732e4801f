import type { evaluation as en } from '../../../../messages/english/evaluation';

export const evaluation: typeof en = {
  wordJudgeTooFew: ({ count, wanted }) =>
    `쌍 ${count}개로는 낱말로 라벨을 판단할 수 없습니다. 서로 다른 프롬프트가 ${wanted}개 이상 필요합니다.`,
  rulesNotJson: ({ where, reason }) =>
    `${where}은(는) JSON이 아닙니다(${reason}). 규칙 모음은 {"version": 1, "rules": [{"kind": "contains", "text": "…"}]} 꼴입니다.`,
  rulesBad: ({ where, problem }) => `${where}을(를) 규칙 모음으로 읽을 수 없습니다. ${problem}`,
  ruleField: ({ number, field, reason }) =>
    `${number}번째 규칙의 \`${field}\`을(를) 쓸 수 없습니다(${reason}). 규칙의 종류마다 무엇이 필요한지는 README에 있습니다.`,
  rulesField: ({ field, reason }) =>
    `\`${field}\`을(를) 쓸 수 없습니다(${reason}). 규칙 모음은 {"version": 1, "rules": [{"kind": "contains", "text": "…"}]} 꼴입니다.`,
  rulePatternSlow: ({ number, characters, seconds }) =>
    `규칙 ${number}: 패턴이 같은 글자 ${characters}개에 ${seconds}초가 걸려 답변에서 끝나지 않을 수 있습니다. 반복 안에 반복을 넣지 말고 쓰십시오.`,
  rulePatternBad: ({ number, reason }) =>
    `${number}번째 규칙의 패턴을 읽을 수 없습니다(${reason}). JavaScript의 정규 표현식으로 쓰십시오.`,
  ruleRangeEmpty: ({ number, min, max }) =>
    `${number}번째 규칙은 길이가 ${min} 이상 ${max} 이하라고 하는데 그런 답변은 없습니다. \`max\`를 올리십시오.`,
  rewardNotRead: ({ name, names }) =>
    `보상 "${name}"은(는) 규칙 파일도 보상 모델이나 답변을 비교할 모델의 디렉터리도 아니고 다음 가운데 하나도 아닙니다: ${names}.`,
  bestOfGreedy: ({ count }) =>
    `\`--best-of ${count}\`는 여러 답변에서 고르는데 온도 0에서는 모두 같습니다. \`--temperature\`를 0보다 크게 하십시오.`,
  bestOfNeedsReward: '`--best-of`에는 무엇으로 고를지 `--reward`가 필요합니다.',
  rewardNeedsBestOf: '`--reward`는 여러 답변에서 고를 때 씁니다. 몇 개 가운데서인지 `--best-of`로 정하십시오.',
  nothingScored:
    '어느 답변에도 볼 수 있는 규칙이 없어 가장 좋은 것을 정할 수 없습니다. 기준 답변이 필요한 규칙을 살펴보십시오.',
  judgeTooMany: ({ answers, comparisons, questions, mostAnswers, mostQuestions }) =>
    `판정 모델은 한 프롬프트의 답변을 둘씩, 순서를 바꾸어 두 번 비교합니다. 답변 ${answers}개면 비교 ${comparisons}번, 질문 ${questions}번입니다. 비교는 답변 ${mostAnswers}개(질문 ${mostQuestions}번)까지 합니다. 답변을 ${mostAnswers}개 이하로 줄이거나 답변마다 점수를 매기는 보상을 고르십시오.`,
  judgeOptionsUnread: ({ options, reward }) =>
    `${options}은(는) 답변을 비교하는 모델에 쓰는데 보상 ${reward}은(는) 그런 모델이 아닙니다. 빼거나, \`--reward\`에 그런 모델의 디렉터리를 지정하십시오.`,
  judgeOptionsAlone: ({ options }) =>
    `${options}은(는) 답변을 비교하는 모델에 무엇을 어떻게 물을지 정하는데 그런 모델이 없습니다. \`--reward\`에 그 디렉터리를 지정하거나 빼십시오.`,
  judgeTooLong: ({ a, b }) =>
    `${a}자와 ${b}자인 두 답변은 프롬프트를 빼도 판정 모델의 컨텍스트에 들어가지 않습니다. 컨텍스트가 더 긴 모델을 고르거나 이 쌍을 빼십시오.`,
};
