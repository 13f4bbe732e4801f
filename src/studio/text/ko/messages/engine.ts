import type { engine as en } from '../../../../messages/english/engine';

export const engine: typeof en = {
  modelAltered: ({ name, fingerprint, wanted }) =>
    `${name}의 가중치나 config.json이 마지막으로 열었을 때와 다릅니다(지문이 ${wanted}이(가) 아니라 ${fingerprint}). 디스크나 다른 프로그램이 바꾼 것이라 열지 않았습니다. 이 브라우저에서 삭제하고 디렉터리를 다시 고르십시오.`,
  adapterOfOtherBase: ({ fingerprint, name, other }) =>
    `이 어댑터는 지문이 ${fingerprint}인 베이스 모델로 학습되었는데 ${name}의 지문은 ${other}입니다. 학습에 쓴 모델을 여십시오.`,
  adapterScores:
    '이 어댑터는 보상 모델이라 답변에 점수를 매길 뿐 답변을 쓰지 않습니다. 답변하는 어댑터를 고르거나 이것을 보상으로 쓰십시오.',
  adapterScoresNot:
    '이 어댑터에는 점수 헤드가 없어 답변에 점수를 매기지 못합니다. `method: reward`로 학습한 것을 고르십시오.',
  scoreHeadOther: ({ width, wanted }) =>
    `어댑터의 점수 헤드에는 가중치가 ${width}개인데 이 모델의 은닉 상태는 ${wanted}차원입니다. 학습에 쓴 모델을 여십시오.`,
  adapterReplacesWeight: ({ tensor, name }) =>
    `어댑터 파일에 LoRA 말고도 ${tensor}이(가) 들어 있는데 값이 ${name}의 것과 다릅니다. 함께 학습했거나 토큰을 추가한 것입니다. Airlock은 선형층의 LoRA만 읽습니다. PEFT로 기본 모델에 합쳐 그 결과를 여십시오.`,
  weightNotNumber: ({ tensor, place, file, value }) =>
    `${file}에 있는 가중치 '${tensor}'의 ${place} 원소가 ${value}입니다. 이 값을 쓰는 계산은 수가 되지 않습니다. 체크포인트를 새로 받거나 더 이른 것을 쓰십시오.`,
  shapeUnknown: ({ name, names }) => `${name}이라는 모양이 없습니다. 쓸 수 있는 것: ${names}.`,
  weightsLack: ({ name, tensor, more }) =>
    `${name}: config.json에 따르면 있어야 할 '${tensor}'${more} 텐서가 가중치에 없습니다. 이 가중치에 맞는 config.json을 쓰십시오.`,
  headNotTied: ({ tensor }) =>
    `config.json은 출력층이 임베딩과 같다고 하지만(tie_word_embeddings) 가중치에 다른 출력층 ${tensor}이(가) 있습니다. transformers와 같이 이것을 씁니다. tie_word_embeddings를 false로 고치십시오.`,
  andMoreTensors: ({ count }) => ` 외 ${count}개의`,
  weightShapeOther: ({ name, tensor, shape, wanted }) =>
    `${name}: '${tensor}'의 모양이 가중치에서는 ${shape}, config.json으로는 ${wanted}입니다. 이 가중치에 맞는 config.json을 쓰십시오.`,
  noFloat16: '그래픽 장치에 float16 가중치에 필요한 16비트 연산(`shader-f16`)이 없습니다. float32나 int4를 고르십시오.',
  tensorsUnused: ({ count, names }) =>
    `체크포인트의 텐서 ${count}개는 transformers에서처럼 이 아키텍처에서 쓰지 않습니다: ${names}.`,
  noChatTemplate:
    '체크포인트에 채팅 템플릿이 없습니다. 선호 쌍은 텍스트여야 하고 프롬프트는 그대로 모델에 들어갑니다. 채팅 메시지를 쓰려면 템플릿을 고르십시오.',
  noEosToken: '토크나이저에 끝 토큰이 없습니다. 답변이 끝 토큰으로 끝나지 않고 길이 제한에서만 멈춥니다.',
  moreTokensThanModel: ({ tokens, vocabulary }) =>
    `토크나이저의 토큰은 ${tokens}개, 모델의 토큰은 ${vocabulary}개입니다. 나머지 토큰이 필요한 글은 거절됩니다.`,
};
