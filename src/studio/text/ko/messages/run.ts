import type { run as en } from '../../../../messages/english/run';

export const run: typeof en = {
  theRunConfiguration: '실행 설정',
  theseSettings: '이 설정',
  settingsNotMapping: ({ where, value }) =>
    `${where}의 내용이 ${value}입니다. \`method\`, \`learning_rate\` 같은 키와 값이 있어야 합니다.`,
  settingsEmpty: '비어 있음',
  settingsNoMapping: '키와 값이 아님',
  keyUnknown: ({ where, key, known }) =>
    `${where}에 알 수 없는 키 \`${key}\`가 있습니다. 가장 비슷한 키는 \`${known}\`입니다.`,
  settingWithoutEffect: ({ where, keys }) => `${where}: ${keys}은(는) 여기서 효과가 없습니다.`,
  settingsWithoutEffect: ({ where, keys }) => `${where}: ${keys}은(는) 여기서 효과가 없습니다.`,
  settingFixed: ({ where, key, value, taken }) =>
    `${where}: \`${key}\` 값이 ${value}입니다. Airlock은 ${taken}(으)로만 학습합니다. 그렇게 고치거나 이 키를 빼십시오.`,
  settingTwice: ({ where, key, name }) =>
    `${where}: \`${key}\`와 \`${name}\`은(는) 같은 설정의 두 이름입니다. 하나만 쓰십시오.`,
  settingNeeds: ({ where, key, needed }) => `${where}: \`${key}\`에는 \`${needed}\`도 있어야 합니다.`,
  settingBad: ({ where, key, value, reason }) => `${where}: \`${key}\` 값이 ${value}입니다. ${reason}.`,
  mustBeOneOf: ({ values }) => `다음 중 하나여야 합니다: ${values}`,
  mustBeAtLeast: ({ limit }) => `${limit} 이상이어야 합니다`,
  mustBeAtMost: ({ limit }) => `${limit} 이하여야 합니다`,
  mustBeAbove: ({ limit }) => `${limit}보다 커야 합니다`,
  mustBeBelow: ({ limit }) => `${limit}보다 작아야 합니다`,
  mustBeWhole: '정수여야 합니다',
  mustBeList: '목록이어야 합니다',
  mustBeKind: ({ kind }) => `${kind} 형식이어야 합니다`,
  mustBeNames: '이름 또는 이름의 목록이어야 합니다',
  isNotValid: '올바르지 않습니다',
  trlNoLoss: ({ name }) =>
    `TRL에는 "${name}" 손실이 없어 \`trl dpo\`로 이 실행을 재현할 수 없습니다. 어댑터 자체를 넘기거나, sigmoid, ipo, hinge처럼 양쪽에 있는 손실로 학습하십시오.`,
  trlOtherTrainer: ({ name, trainer }) =>
    `TRL에서 "${name}" 손실은 ${trainer}에만 있고 명령줄로는 시작할 수 없어 \`trl dpo\`로 이 실행을 재현할 수 없습니다. 어댑터 자체를 넘기거나 DPO의 손실로 학습하십시오.`,
  trlNoMethod: ({ method }) =>
    `번들은 DPO, SFT, KTO 실행만 재현합니다. 이 실행은 ${method}입니다. 어댑터 자체를 넘기십시오.`,
  trlKtoBatch:
    '이 실행의 per_device_train_batch_size는 1입니다. 모델이 얼마나 움직였는지를 묶음 안의 답변들로 추정하므로 TRL은 KTO를 2부터 학습합니다. 어댑터 자체를 넘기거나 2 이상으로 학습하십시오.',
  trlWholeAlpha: ({ alpha }) =>
    `TRL의 명령줄은 정수인 lora_alpha만 받습니다. 이 실행의 값은 ${alpha}입니다. 어댑터 자체를 넘기거나 정수로 학습하십시오.`,
  trlNoSoftLabels: ({ value }) =>
    `이 실행은 label_smoothing ${value}인 "sigmoid", 곧 보수적 DPO(소프트 라벨)입니다. TRL 1.13은 이를 아무 말 없이 일반 DPO로 학습합니다. 어댑터 자체를 넘기거나 "robust"로 학습하십시오.`,
  trlNeedsReference:
    '이 학습에는 TRL에서 사라진 reference_free가 있습니다. 어댑터 자체를 넘기거나 참조 모델을 두고 학습하십시오.',
  trlOneForm: ({ chats, texts }) =>
    `쌍 가운데 ${chats}개는 대화이고 ${texts}개는 일반 텍스트인데, TRL은 모두를 첫 번째 쌍의 형식으로 봅니다. 한 가지 형식으로 학습한 실행을 넘기십시오.`,
  trlFromItsStart: ({ step }) =>
    `이 실행에서 알려진 첫 단계는 ${step}입니다. 다른 실행의 체크포인트에서 이어졌으며 TRL은 거기서 시작할 수 없습니다. 어댑터 자체를 넘기십시오.`,
  trlNoScoreLabels:
    '이 학습에는 TRL에 없는 soft_labels가 있습니다. 어댑터 자체를 넘기거나 라벨을 그대로 쓰는 설정으로 학습하십시오.',
};
