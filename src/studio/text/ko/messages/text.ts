import type { text as en } from '../../../../messages/english/text';

export const text: typeof en = {
  charsmapNotBase64: 'tokenizer.json의 precompiled_charsmap이 base64가 아닙니다. 파일을 새로 받으십시오.',
  charsmapBroken: ({ bytes }) =>
    `tokenizer.json의 precompiled_charsmap(${bytes}바이트)에 적힌 표가 들어 있지 않습니다. 파일을 새로 받으십시오.`,
  templateTooLong: ({ characters, limit }) =>
    `모델의 채팅 템플릿이 ${characters}자입니다. ${limit}자까지 됩니다. 템플릿이 다른 모델을 쓰십시오.`,
  templateUnreadable: ({ reason }) =>
    `모델의 채팅 템플릿을 읽을 수 없습니다(${reason}). chat_template.jinja를 고치거나 모델을 새로 받으십시오.`,
  templateStopped: ({ count, seconds }) =>
    `모델의 채팅 템플릿이 메시지 ${count}개를 처리하다가 ${seconds}초 만에 중단되었습니다. 끝없이 반복하는 것일 수 있습니다. 제대로 된 chat_template.jinja를 모델 폴더에 넣거나 prompt, chosen, rejected를 텍스트로 쓰십시오.`,
  templateMadeTooMuch: ({ count, characters, limit }) =>
    `모델의 채팅 템플릿이 메시지 ${count}개로 ${characters}자를 만들었습니다. ${limit}자까지 됩니다. 대화를 줄이십시오.`,
  templateRefuses: ({ roles, reason }) =>
    `모델의 채팅 템플릿이 이 메시지를 받지 않습니다(역할: ${roles}): ${reason}. 모델이 기대하는 역할과 순서로 고치십시오.`,
  templateUnsupported: ({ what }) =>
    `이 모델의 대화 템플릿이 쓰는 기능(${what})을 Airlock은 transformers와 같게 처리하지 못합니다. 이 모델에 쓸 다른 템플릿을 고르십시오.`,
  noRoles: '없음',
  templateUnknown: ({ name, names }) =>
    `"${name}"이라는 내장 채팅 템플릿이 없습니다. ${names}, none 또는 Jinja 파일을 지정하십시오.`,
  postProcessorUnsupported: ({ what }) =>
    `tokenizer.json의 post_processor에 Airlock이 따를 수 없는 ${what}이(가) 있습니다. 토크나이저가 다른 모델을 쓰십시오.`,
  tokenizerClassMissing: ({ name }) =>
    `tokenizer_config.json의 토크나이저 클래스 ${name}이(가) Airlock에 없습니다. 토크나이저가 다른 모델을 쓰십시오.`,
  tokenizerClassWrong: ({ name, kind }) =>
    `tokenizer_config.json의 토크나이저 클래스는 ${name}인데 tokenizer.json에는 ${kind} 모델이 있습니다. transformers 5가 모든 글을 잘못 자르게 됩니다. \`tokenizer_class\`를 tokenizer.json을 따르는 "PreTrainedTokenizerFast"로 바꾸십시오.`,
  tokenizerPartUnsupported: ({ what }) =>
    `tokenizer.json에 쓰인 ${what} 때문에 Airlock의 토큰이 transformers의 토큰과 달라집니다. 토크나이저가 다른 모델을 쓰십시오.`,
  tokenIdBad: ({ token, id, limit }) =>
    `tokenizer.json의 토큰 ${token}에 번호 ${id}이(가) 적혀 있습니다. 번호는 0부터 ${limit}까지의 정수입니다. 파일을 새로 받으십시오.`,
  tokenizerModelMissing: 'tokenizer.json에 `model`이 없어 Hugging Face 토크나이저가 아닙니다. 파일을 새로 받으십시오.',
  tokenizerUnsupported: ({ reason }) =>
    `Airlock이 실행할 수 없는 토크나이저입니다(tokenizer.json: ${reason}). 토크나이저가 다른 모델을 쓰십시오.`,
  tokenizerTooMuch: ({ what, count, limit }) =>
    `tokenizer.json의 ${what} 수가 ${count}입니다. 공개된 토크나이저가 닿지 않는 ${limit}까지만 받습니다. 파일을 다시 받으십시오.`,
  normalizedTooLong: ({ from, to, limit }) =>
    `토크나이저의 정규화가 ${from}자를 ${to}자로 늘립니다. ${limit}배까지만 받습니다. 다른 토크나이저를 쓰는 모델을 사용하십시오.`,
  tokenizerTooSlow: ({ characters, seconds }) =>
    `토크나이저가 같은 글자 ${characters}개를 처리하는 데 ${seconds}초가 걸립니다. tokenizer.json의 패턴이 모든 경우를 다 시도합니다. 다른 토크나이저를 쓰는 모델을 사용하십시오.`,
  eosTokenUnknown: ({ token }) =>
    `토크나이저의 eos_token이 ${token}인데 tokenizer.json에 없습니다. tokenizer_config.json이 다른 모델의 것일 수 있으니 둘 다 새로 받으십시오.`,
  chatWithoutTemplate:
    '데이터는 채팅 메시지인데 모델에 채팅 템플릿이 없습니다. prompt, chosen, rejected를 텍스트로 쓰거나, 템플릿을 고르거나(명령줄에서는 --chat-template), 지시 학습된 모델을 쓰십시오.',
  boundaryMerges: ({ alone, side, together, from }) =>
    `경계가 합쳐집니다. 프롬프트만으로는 ${alone} 토큰으로 끝나지만 \`${side}\`와 이으면 그 자리에 ${together}이(가) 옵니다. TRL처럼 ${from}번째 토큰부터 학습하는데, 이는 \`${side}\`가 시작하는 곳이 아닙니다. 프롬프트 끝의 공백을 없애고 답변을 공백으로 시작하십시오.`,
  endTokenMissing: ({ side, reason }) =>
    `\`${side}\`가 끝 토큰으로 끝나지 않아(${reason}) 모델이 어디서 멈출지 배우지 못합니다.`,
  noEndTokenNamed: '토크나이저에 끝 토큰이 없음',
  templateWritesNoEnd: ({ token }) => `채팅 템플릿이 답변 뒤에 ${token}을(를) 쓰지 않음`,
  endNotOneToken: ({ token }) => `${token}이(가) 토큰 하나로 인코딩되지 않음`,
  completionCut: ({ side, all, cut, limit, loss }) =>
    `\`${side}\`가 잘립니다. 토큰 ${all}개 중 마지막 ${cut}개가 max_length ${limit}에 들어가지 않습니다${loss}. max_length를 늘리거나 글을 줄이십시오.`,
  endTokenLost: ({ token }) => `(끝 토큰 ${token}도 잘림)`,
  promptEmptyInPair:
    '프롬프트가 비어 있고 토크나이저가 시작 토큰을 붙이지 않아 답변의 첫 토큰 앞에 아무것도 없습니다. 프롬프트를 쓰십시오.',
  promptFillsLength: ({ tokens, limit }) =>
    `프롬프트가 ${tokens}토큰인데 max_length가 ${limit}이라 학습할 답변 토큰이 남지 않습니다. max_length를 늘리거나 프롬프트를 줄이십시오.`,
  scoredTooLong: ({ tokens, limit }) =>
    `프롬프트와 답변이 ${tokens}토큰인데 max_length가 ${limit}입니다. 보상 모델은 답변을 통째로 읽으므로 max_length를 늘리거나 글을 줄이십시오.`,
  startTokenTwice: ({ token }) =>
    `프롬프트가 ${token} 두 개로 시작합니다. 하나는 토크나이저가 붙이므로 글에서 지우십시오.`,
  rejectedAbsent:
    '비교할 비선호 답변(rejected)이 없습니다. SFT(`method: sft`)로 학습하거나 비선호 답변을 추가하십시오.',
  completionEmpty: ({ side }) => `\`${side}\`가 비어 있습니다. 답변을 쓰십시오.`,
  completionWithoutTokens: ({ tokens, side }) =>
    `프롬프트의 토큰 ${tokens}개 뒤에 \`${side}\` 자신의 토큰이 없습니다. 둘 사이의 경계를 확인하십시오.`,
};
