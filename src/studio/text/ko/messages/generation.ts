import type { generation as en } from '../../../../messages/english/generation';

export const generation: typeof en = {
  promptEmpty: '프롬프트가 비어 있고 이 토크나이저는 시작 토큰을 붙이지 않습니다. 프롬프트를 입력하십시오.',
  promptTooLong: ({ tokens, limit }) =>
    `프롬프트가 ${tokens}토큰인데 이 모델의 컨텍스트는 ${limit}토큰입니다. 프롬프트를 줄이십시오.`,
  logitNotFinite: ({ number }) =>
    `답변의 ${number}번째 토큰에서 모델의 로짓이 숫자가 아닙니다. 어댑터나 가중치가 손상되었습니다.`,
  judgeLetters: ({ a, b }) =>
    `이 모델로는 판정할 수 없습니다. 답이 시작되는 곳에서 A와 B가 서로 다른 토큰 하나씩이 아닙니다(글의 마지막 토큰이 A일 때 ${a}, B일 때 ${b}). 다른 모델을 고르십시오.`,
};
