import type { objectives as en } from '../../../../messages/english/objectives';

export const objectives: typeof en = {
  lossTypesEmpty: ({ names }) => `\`loss_type\` 목록이 비어 있습니다. 다음 중 하나 이상을 쓰십시오: ${names}.`,
  lossTypeUnknown: ({ name, names }) => `\`loss_type\` "${name}"을(를) 지원하지 않습니다. 지원하는 것: ${names}.`,
  lossTypesUndefined: ({ name, other, rule }) =>
    `\`loss_type\`에 "${name}"과 "${other}"가 함께 있는데 둘의 합은 정의된 바가 없습니다. "${name}"은 ${rule} 쓰십시오.`,
  onlyWith: ({ names }) => `${names}와만 함께`,
  onlyAlone: '단독으로만',
  lossOptionUnread: ({ key, value, names, others }) =>
    `\`${key}\` 값이 ${value}이지만 ${names}은(는) 이 값을 쓰지 않습니다. 지우거나 이 값을 쓰는 \`loss_type\`을 고르십시오: ${others}.`,
  exoNeedsSmoothing: '`label_smoothing`이 0인데 "exo_pair"에는 0보다 큰 값이 필요합니다. 논문의 권장값은 0.001입니다.',
  smoothingOfTwo: ({ value, name }) =>
    `\`label_smoothing\` ${value}이(가) "sigmoid"와 "${name}"에 함께 쓰입니다. TRL은 "${name}"에만, DPO 저자들은 "sigmoid"에도 적용하므로 둘 중 하나를 빼십시오.`,
  alphaOfNoDivergence: ({ value, type }) =>
    `\`f_alpha_divergence_coef\` 값이 ${value}이지만 \`f_divergence_type\`이 "${type}"입니다. 이 값을 지우거나 \`f_divergence_type\`을 "alpha_divergence"로 하십시오.`,
  divergenceWithoutReference: ({ type }) =>
    `\`f_divergence_type\` "${type}"은(는) 정책을 참조에 붙드는 방식인데 \`reference_free\`로 참조가 없습니다. 둘 중 하나를 되돌리십시오.`,
  divergenceOfOther: ({ type, name }) =>
    `\`f_divergence_type\`이 "${type}"이지만 "${name}"에는 그런 형태가 없습니다. 그 손실을 빼거나 "reverse_kl"을 쓰십시오.`,
  temperatureOfHardLabels: ({ value }) =>
    `\`soft_label_temperature\` 값이 ${value}이지만 \`soft_labels\`가 false입니다. 이 값을 지우거나 \`soft_labels\`를 true로 하십시오.`,
  softAndSmoothed: ({ value }) =>
    `\`soft_labels\`가 이미 라벨마다 확실한 정도를 정하는데 \`label_smoothing\` 값이 ${value}입니다. 둘 중 하나를 되돌리십시오.`,
  pairUnscored: '점수가 없는 쌍이 있는데 이 손실은 점수로 계산합니다. `chosen_score`와 `rejected_score`를 넣으십시오.',
  scoresAbsent: ({ count, total, row }) =>
    `${total}쌍 가운데 ${count}쌍에 점수가 없습니다(처음은 ${row}번째). 이 손실은 점수로 계산하므로 각 쌍에 \`chosen_score\`와 \`rejected_score\`를 넣거나 다른 손실을 고르십시오.`,
  marginsPartial: ({ count, total, row }) =>
    `쌍 ${total}개 가운데 ${count}개에 \`margin\`이 없고(처음은 ${row}번째) 나머지에는 있습니다. 없으면 0을 써서 모두 채우거나 그 열을 빼십시오.`,
  lossNeedsReference: ({ name }) =>
    `\`reference_free\`가 true인데 "${name}"은(는) 참조 없이는 뜻이 없습니다. false로 바꾸거나 그 손실을 빼십시오.`,
  singleLossUnknown: ({ name, names }) =>
    `\`loss_type\`이 "${name}"이지만 kto 방식의 손실은 다음 가운데 하나입니다: ${names}.`,
  singleLossWeighed: '`loss_weights`는 손실의 합에 쓰는데 kto 방식의 손실은 하나입니다. 지우십시오.',
  methodHasOneLoss: ({ method, key }) =>
    `\`${key}\`은(는) 여러 손실 가운데서 고르는 값인데 ${method} 방식의 손실은 하나입니다. 지우십시오.`,
  weightingOfOther: ({ name }) =>
    `\`use_weighting\`이 true이지만 "${name}"에서는 쌍마다 가중치를 줄 수 없습니다. false로 바꾸거나 그 손실을 빼십시오.`,
  onlineLossUnknown: ({ name, names }) =>
    `\`loss_type\`이 "${name}"이지만 online_dpo 방식의 손실은 \`loss_weights\` 없이 다음 가운데 하나입니다: ${names}.`,
  samplingFixed: ({ method, key, value, taken }) =>
    `\`${key}\` 값이 ${value}입니다. ${method} 방식은 모델이 답변을 낼 확률로 답변을 저울질하는데, 그 확률은 ${taken}일 때만 답변을 뽑은 확률과 같습니다. 지우거나 online_dpo 방식을 고르십시오.`,
  rewardUnread: ({ where, method }) =>
    `${where}: \`reward\`는 학습 중에 뽑은 답변을 채점하는데 ${method} 방식은 답변을 뽑지 않습니다. 지우거나 rloo나 online_dpo, ppo 방식을 고르십시오.`,
  miniBatchesUneven: ({ where, answers, parts }) =>
    `${where}: 한 스텝의 답변이 ${answers}개(\`per_device_train_batch_size\` × \`gradient_accumulation_steps\`)인데 \`num_mini_batches\`가 ${parts}입니다. 앞의 수를 뒤의 수의 배수로 맞추십시오.`,
  groupsPartial: ({ where, answers, generations }) =>
    `${where}: 한 스텝의 답변이 ${answers}개(\`per_device_train_batch_size\` × \`gradient_accumulation_steps\`)인데 \`num_generations\`가 ${generations}입니다. 앞의 수를 뒤의 수의 배수로 맞추십시오.`,
  lossWeightsCount: ({ count, wanted }) =>
    `\`loss_weights\`가 ${count}개인데 손실은 ${wanted}개입니다. 하나씩 쓰십시오.`,
};
