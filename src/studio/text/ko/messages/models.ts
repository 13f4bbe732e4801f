import type { models as en } from '../../../../messages/english/models';

export const models: typeof en = {
  configValueBad: ({ key, value, wanted }) => `config.json의 \`${key}\` 값이 ${value}입니다. 필요한 값: ${wanted}.`,
  onlyValue: ({ values }) => `${values}(지원하는 유일한 값)`,
  valuesSupported: ({ values }) => `${values}(지원하는 값)`,
  valuesEither: ({ first, second }) => `${first} 또는 ${second}`,
  aText: '텍스트',
  aNumber: '숫자',
  trueOrFalse: 'true 또는 false',
  wholeNumber: '정수',
  withinLimits: ({ least, most }) => `${least} 이상 ${most} 이하(공개된 모델은 모두 이 범위 안에 있음)`,
  divisorOf: ({ whole }) => `${whole}의 약수`,
  listOfCount: ({ items, count }) => `${items} ${count}개의 목록`,
  listOf: ({ items }) => `${items}의 목록`,
  anObject: '객체',
  isAbsent: '없음',
  onlyValueHere: ({ values }) => `${values}(여기서 지원하는 유일한 값)`,
  numbersWithin: ({ least, most }) => `${least} 이상 ${most} 이하의 수`,
  modelTypeUnsupported: ({ problem, models }) => `config.json을 쓸 수 없습니다: ${problem}. 지원하는 모델: ${models}.`,
  modelTypeMissing: '`model_type` 항목이 없음',
  modelTypeOther: ({ type }) => `\`model_type\` 값 ${type}을(를) 지원하지 않음`,
  rotaryOdd: ({ all, count }) =>
    `config.json: 회전 위치가 헤드의 ${all}차원 중 ${count}차원에 적용됩니다. 짝수여야 합니다.`,
  ropeTypeOther: ({ type }) =>
    `config.json의 rope 종류 ${type}을(를) 지원하지 않습니다. 지원하는 종류: default, linear, dynamic, yarn, llama3, longrope.`,
  embeddingRowTooLarge: ({ bytes, limit }) =>
    `임베딩 한 행이 ${bytes}바이트인데 이 장치는 한 번에 ${limit}바이트까지 받습니다. WASM을 쓰십시오.`,
  beyondFloat16: ({ tensor, place, limit, value }) =>
    `'${tensor}' ${place}에 float16의 한계 ${limit}를 넘는 값 ${value}이(가) 있습니다. float32나 int4를 고르십시오.`,
  moduleOfOtherModel: ({ module, blocks }) =>
    `어댑터의 모듈 '${module}'이(가) 이 모델의 블록 ${blocks}개에 있는 선형 레이어가 아닙니다. 다른 모델의 어댑터입니다.`,
  moduleWithoutTensors: ({ module }) =>
    `어댑터 설정에는 '${module}'이(가) 있는데 텐서가 없습니다. 다른 모델의 어댑터이거나 파일이 온전하지 않습니다.`,
  layerUnknown: ({ layer, last }) =>
    `\`layers_to_transform\`에 층 ${layer}이(가) 있지만 이 모델의 층은 0부터 ${last}까지입니다.`,
  layersPatternOther: ({ given, list }) =>
    `\`layers_pattern\` 값이 ${given}입니다. 이 모델의 층은 ${list} 목록에 있습니다. 그렇게 쓰거나 이 키를 빼십시오.`,
  loraShapeOther: ({ module, half, shape, wanted }) =>
    `어댑터의 '${module}' lora_${half} 모양이 [${shape}]인데 이 모델에는 [${wanted}]이 필요합니다.`,
  targetUnknown: ({ name, names }) =>
    `\`lora_target_modules\`의 ${name}이(가) 이 모델에 없습니다. 이 모델의 블록에는 ${names}이(가) 있습니다("all-linear"도 됩니다).`,
  targetsEmpty: ({ names }) => `\`lora_target_modules\`가 비어 있습니다. ${names} 중 하나 이상을 쓰십시오.`,
};
