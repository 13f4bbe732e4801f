import { formatCount } from '../format';
import type { modelJudge as english } from '../en/model-judge';

export const modelJudge: typeof english = {
  lead: '모델이 비교마다 어느 답변이 나은지 판정합니다. 모델의 승률은 직접 한 블라인드 판정과 충분히 일치할 때만 보여 줍니다.',
  who: '판정할 모델',
  open: (name) => `${name} 그대로`,
  stored: (name) => `${name}(불러와서 판정)`,
  storedHelp: (name, open) =>
    `판정하는 동안 ${name} 모델을 불러오고${open === null ? '' : `, 끝나면 ${open} 모델을 다시 불러옵니다`}.`,
  question: '물어볼 질문',
  questions: {
    summarization: '어느 요약이 핵심을 담았는가? (S)',
    'summarization-concise': '어느 요약이 핵심만 담았는가? (C)',
    dialogue: '어느 답변이 더 도움이 되는가?',
    rubric: '직접 쓴 질문',
  },
  rubric: '질문',
  rubricPlaceholder: '어느 답변이 더 공손하고 약관에 맞는가?',
  bound: '요구하는 일치도',
  boundHelp: '이보다 낮으면 모델의 판정을 쓰지 않습니다.',
  obstacles: {
    noRubric: '모델에게 물어볼 질문을 입력하십시오.',
    bound: '요구하는 일치도를 고쳐야 합니다.',
  },
  plan: (comparisons) => `비교 ${formatCount(comparisons)}건, 각각 두 순서로 묻습니다.`,
  ask: '모델로 판정',
  judging: '판정 중',
  progress: (done, total, left) =>
    `비교 ${formatCount(total)}건 중 ${formatCount(done)}건${left === null ? '' : ` · ${left} 남음`}`,
  stop: '판정 중지',
  rest: (count) => `모델이 아직 판정하지 않은 비교가 ${formatCount(count)}건 있습니다.`,
  goOn: '나머지 판정',
  needsModel: (name) => `나머지를 판정하려면 모델 화면에서 ${name} 모델을 불러오십시오.`,
  asked: (judge, question) => `${judge}에게 한 질문: “${question}”`,
  ofModel: (run, model) => `${run}(${model})`,
  itself: '이 묶음의 답변을 쓴 모델이기도 합니다. 모델은 자기 답변을 더 좋게 보는 경향이 있습니다.',
  caption: '판정의 신뢰도',
  agreement: '블라인드 판정과의 일치도',
  agreementOf: (share, low, high, agreed, items) =>
    `${share} (${low}~${high}), ${formatCount(items)}건 중 ${formatCount(agreed)}건`,
  kappa: '우연을 뺀 일치도(코언의 카파)',
  kappaNote: '0은 우연, 1은 완전한 일치입니다.',
  noKappa: '양쪽 판정이 늘 같아 구할 수 없음',
  orders: '순서가 결정한 비교',
  ordersOf: (share, count) => `비교 ${formatCount(count)}건 중 ${share}`,
  ordersNote: '자리를 바꾸면 다른 답변이 이깁니다. 무승부로 셉니다.',
  first: '먼저 나온 답변의 확률',
  firstNote: '자리에 따른 치우침이 없으면 50%입니다.',
  letters: 'A나 B로 시작한 대답',
  lettersNote: '100%에 크게 못 미치면 질문을 이해하지 못한 것입니다.',
  cut: '문맥 길이에 맞춰 자른 프롬프트',
  tooLong: '너무 길어 비교하지 못한 건',
  tooLongNote: '답변이 판정 모델의 문맥 길이를 넘으며, 세지 않습니다.',
  allTooLong: (count) =>
    `지금까지 ${formatCount(count)}건 모두 답변이 판정 모델의 문맥 길이를 넘습니다. 문맥이 더 긴 모델에 물으십시오.`,
  unknownYet: '아직 알 수 없음',
  standings: {
    accepted: (bound) => `채택: 블라인드 판정과의 일치도가 요구한 ${bound} 이상입니다.`,
    refused: (share, bound) =>
      `거부: 블라인드 판정과의 일치도가 ${share}로, 요구한 ${bound}보다 낮습니다. 승률은 보여 주지 않습니다.`,
    unknown: (items, needed) =>
      `신뢰도를 알 수 없음: 양쪽이 모두 판정한 비교가 ${formatCount(items)}건이며 ${formatCount(needed)}건이 필요합니다. 승률은 보여 주지 않습니다.`,
  },
  advice: {
    refused: '다른 모델이나 다른 질문을 써 보십시오.',
    comparisons: (there) =>
      `이 묶음에는 비교가 ${formatCount(there)}건뿐입니다. 프롬프트나 온도를 늘려 새로 만드십시오.`,
    judgements: (toGo) => `직접 블라인드로 ${formatCount(toGo)}건을 더 판정하십시오.`,
    verdicts: '나머지를 판정하게 하십시오.',
  },
  told: (judge, share, items) =>
    `언어 모델 ${judge}의 판정이며, 사람의 블라인드 판정 ${formatCount(items)}건과의 일치도는 ${share}입니다.`,
  judgeMyself: '블라인드로 판정',
  whenAllJudged: '승률은 모델이 모두 판정한 뒤에 보여 줍니다.',
  answersWhenBlind: '블라인드 판정을 지키기 위해 답변은 직접 모두 판정한 뒤에 보여 줍니다.',
  another: '다른 모델로 판정',
  dropped: '모델의 판정을 지웠습니다.',
};
