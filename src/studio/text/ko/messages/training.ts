import type { training as en } from '../../../../messages/english/training';

export const training: typeof en = {
  tokenUnknown: ({ token, count }) => `이 글에는 ${token}번 토큰이 필요한데 모델은 토큰 ${count}개만 압니다.`,
  pairHas: ({ number, problem }) => `${number}번 쌍: ${problem}`,
  morePairsLeftOut: ({ count }) => `그 밖에 ${count}쌍: 제외됨.`,
  morePairsWarned: ({ count }) => `그 밖에 ${count}쌍: 경고 있음.`,
  crossFitNoReward: ({ name }) =>
    `${name} 손실은 라벨을 판단할 보상을 주지 않습니다. sigmoid처럼 참조 모델이 있는 DPO 손실이나 reward 방법을 쓰십시오.`,
  crossFitTooFew: ({ count, wanted }) =>
    `쌍 ${count}개로는 서로를 판단할 두 절반을 만들 수 없습니다. 절반마다 서로 다른 프롬프트의 쌍이 ${wanted}개 이상 필요합니다.`,
  pairNotScored: ({ number, problem }) => `${number}번 쌍의 로그 확률을 구할 수 없습니다: ${problem}`,
  noPairs: '학습할 선호 쌍이 없습니다. 먼저 가져오십시오.',
  noPairFits: '학습할 선호 쌍이 없습니다. `max_length`에 들어가는 쌍을 하나 이상 추가하십시오.',
  noneTrainable: ({ count, first }) => `${count}쌍 중 학습할 수 있는 것이 없습니다. ${first}`,
  promptsTooFew: ({ count, wanted }) =>
    `한 스텝에서 서로 다른 프롬프트 ${wanted}개에 답하는데 프롬프트가 ${count}개뿐입니다. 프롬프트를 늘리거나 \`per_device_train_batch_size\`나 \`gradient_accumulation_steps\`를 줄이거나 \`num_generations\`를 늘리십시오.`,
  rewardAbsent: ({ method }) =>
    `${method} 방식은 보상으로 배우는데 보상이 정해지지 않았습니다. 설정에 \`reward\`를 쓰거나 --reward를 주십시오.`,
  valueHeadBroken: ({ file }) =>
    `"${file}"에 가치 헤드가 없습니다. 한 행의 \`weight\`와 \`bias\`여야 합니다. \`train\`이 쓴 파일을 두거나, 파일을 지우고 처음부터 시작하십시오.`,
  valueHeadOther: ({ width, wanted }) =>
    `어댑터 옆의 가치 헤드에는 가중치가 ${width}개인데 이 모델의 은닉 상태는 ${wanted}차원입니다. 학습에 쓴 모델을 열거나 파일을 지우십시오.`,
  continuedShape: ({ where, key, given, has }) =>
    `${where}: \`${key}\`이(가) ${given}인데, 이어서 학습할 어댑터의 값은 ${has}입니다. 있는 행렬을 그대로 학습하므로 이 값은 바뀌지 않습니다. \`${key}\`을(를) 빼거나 --init-adapter 없이 새 어댑터로 시작하십시오.`,
  rewardIsFile: ({ name }) =>
    `이 설정의 보상은 "${name}"에 있는데 페이지는 경로를 열 수 없습니다. 스타터의 채점기나 데이터 화면의 규칙을 고르십시오.`,
  evaluationOfAnswers: ({ method }) =>
    `${method} 방식은 스스로 낸 답변으로 배우므로 따로 떼어 둔 선호 쌍의 손실이 없습니다. 평가 없이 학습하십시오.`,
  nothingToProbe: ({ count }) =>
    `${count}쌍 중 학습할 수 있는 것이 없어 시험할 것이 없습니다. 데이터 화면의 검사 결과를 보십시오.`,
  probeEnded: '시험이 세 스텝을 마치지 못하고 끝났습니다. 다시 시작하십시오.',
  formsMixed: ({ texts, count }) =>
    `${count}쌍 중 ${texts}쌍은 일반 텍스트이고 나머지는 채팅 메시지라 모델이 두 가지 형식을 배웁니다. 모두 채팅 메시지로 바꾸십시오.`,
  noneScorable: ({ count }) =>
    `평가용 ${count}쌍 중 점수를 낼 수 있는 것이 없습니다. 평가용 비율을 늘리거나 평가 없이 학습하십시오.`,
  someNotScored: ({ count, left }) => `평가용 ${count}쌍 중 ${left}쌍은 점수를 낼 수 없어 제외했습니다.`,
  maxLengthAboveContext: ({ length, limit }) =>
    `\`max_length\` ${length}이(가) 모델의 컨텍스트보다 커서 ${limit}을(를) 씁니다.`,
  scalesDiffer:
    '이어서 학습하려는 어댑터는 일부 모듈의 배율이 다릅니다(`alpha_pattern`, 또는 alpha를 맞추지 않은 `rank_pattern`). 답변은 PEFT와 같지만, 학습하면 그 모듈들이 PEFT와 다르게 바뀝니다. 새 어댑터를 학습하거나 배율이 하나인 어댑터를 쓰십시오.',
  scoresNotNumbers: ({ value }) =>
    `학습하기도 전에 모델이 글의 점수를 ${value}(으)로 냅니다. 체크포인트나 어댑터의 가중치에 수가 아닌 값이나 너무 큰 값이 있습니다. 새로 받거나 더 이른 것을 쓰십시오.`,
  becameNonFinite: ({ step, what, value }) =>
    `${step}스텝에서 ${what} 값이 ${value}이(가) 되어 어댑터를 해치기 전에 학습을 멈췄습니다. \`learning_rate\`나 \`max_grad_norm\`을 낮추고 이 스텝의 선호 쌍을 살펴보십시오.`,
  forwardPassesDiffer: ({ training, scoring }) =>
    `첫 평가 쌍들의 점수가 학습용 순전파로는 ${training}nat, 채점용 순전파로는 ${scoring}nat입니다. 둘은 같아야 합니다. 이 장치가 둘 중 하나를 잘못 계산하므로 학습을 끝냈습니다. 그래픽 드라이버를 업데이트하거나 WASM으로 학습하십시오.`,
  startDiffers: ({ loss, side, now, then }) =>
    `0스텝에서는 정책이 곧 참조이므로 보상이 0이어야 합니다. 지금은 손실이 ${loss}이고 ${side} 답변이 정책으로는 ${now}nat, 참조로는 ${then}nat입니다. 이 장치가 둘을 똑같이 계산하지 않아 학습을 시작하지 않았습니다. 다른 장치를 고르십시오.`,
  andLossLn2: '이고 손실은 ln 2 = 0.693147',
  checkpointOther: ({ values, blocks, size, wanted }) =>
    `체크포인트에는 LoRA 값 ${values}개짜리 블록이 ${blocks}개 있는데 이 설정으로는 ${size}개짜리 ${wanted}개가 됩니다. 학습했던 lora_r와 lora_target_modules로 계속하십시오.`,
  promptEmptyForScores:
    '프롬프트가 비어 있고 이 토크나이저는 시작 토큰을 붙이지 않아 답변의 첫 토큰 앞에 아무것도 없습니다. 프롬프트를 입력하십시오.',
  answerTooLong: ({ tokens, limit }) =>
    `프롬프트와 답변이 ${tokens}토큰인데 이 모델의 컨텍스트는 ${limit}토큰입니다. 프롬프트를 줄이십시오.`,
};
