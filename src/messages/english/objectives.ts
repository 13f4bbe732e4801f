/** @file What the choice of a loss says. */
export const objectives = {
  lossTypesEmpty: ({ names }: { names: string }) => `\`loss_type\` is an empty list; name at least one of: ${names}.`,
  lossTypeUnknown: ({ name, names }: { name: string; names: string }) =>
    `\`loss_type\` "${name}" is not supported; supported: ${names}.`,
  lossTypesUndefined: ({ name, other, rule }: { name: string; other: string; rule: string }) =>
    `\`loss_type\` lists "${name}" with "${other}", and nobody has defined their sum; use "${name}" ${rule}.`,
  onlyWith: ({ names }: { names: string }) => `only with ${names}`,
  onlyAlone: 'only alone',
  lossOptionUnread: ({ key, value, names, others }: { key: string; value: string; names: string; others: string }) =>
    `\`${key}\` is ${value}, but ${names} does not use it; leave it out, or choose a \`loss_type\` that does: ${others}.`,
  exoNeedsSmoothing: '`label_smoothing` is 0, but "exo_pair" needs it above 0; its paper recommends 0.001.',
  smoothingOfTwo: ({ value, name }: { value: number; name: string }) =>
    `\`label_smoothing\` is ${value} for "sigmoid" and "${name}" together; TRL gives it to "${name}" alone, the DPO authors to "sigmoid" too, so leave one of the two losses out.`,
  alphaOfNoDivergence: ({ value, type }: { value: number; type: string }) =>
    `\`f_alpha_divergence_coef\` is ${value}, but \`f_divergence_type\` is "${type}"; leave it out, or set \`f_divergence_type\` to "alpha_divergence".`,
  divergenceWithoutReference: ({ type }: { type: string }) =>
    `\`f_divergence_type\` "${type}" says how the policy is held to its reference, and \`reference_free\` leaves none; set one of the two back.`,
  divergenceOfOther: ({ type, name }: { type: string; name: string }) =>
    `\`f_divergence_type\` is "${type}", and "${name}" has no form for it; leave that loss out, or take "reverse_kl".`,
  temperatureOfHardLabels: ({ value }: { value: number }) =>
    `\`soft_label_temperature\` is ${value}, but \`soft_labels\` is false; leave it out, or set \`soft_labels\` to true.`,
  softAndSmoothed: ({ value }: { value: number }) =>
    `\`label_smoothing\` is ${value} beside \`soft_labels\`, which already says how sure each label is; set one of the two back.`,
  pairUnscored: 'A pair has no scores, and this loss is one of scores; give `chosen_score` and `rejected_score`.',
  scoresAbsent: ({ count, total, row }: { count: number; total: number; row: number }) =>
    `${count} of ${total} pairs have no scores (the first is pair ${row}), and this loss is one of scores; give each \`chosen_score\` and \`rejected_score\`, or choose another loss.`,
  marginsPartial: ({ count, total, row }: { count: number; total: number; row: number }) =>
    `${count} of ${total} pairs have no \`margin\` (the first is pair ${row}), and the others do; give each one, 0 where there is none, or leave the column out.`,
  lossNeedsReference: ({ name }: { name: string }) =>
    `\`reference_free\` is true, but "${name}" has no meaning without a reference; set it to false, or leave that loss out.`,
  singleLossUnknown: ({ name, names }: { name: string; names: string }) =>
    `\`loss_type\` is "${name}", and the method kto has one of: ${names}.`,
  singleLossWeighed: '`loss_weights` sums losses, and the method kto has one; leave it out.',
  methodHasOneLoss: ({ method, key }: { method: string; key: string }) =>
    `\`${key}\` chooses among losses, and the method ${method} has one; leave it out.`,
  weightingOfOther: ({ name }: { name: string }) =>
    `\`use_weighting\` is true, and a pair has no weight of its own in "${name}"; set it to false, or leave that loss out.`,
  onlineLossUnknown: ({ name, names }: { name: string; names: string }) =>
    `\`loss_type\` is "${name}", and the method online_dpo has one of: ${names}, without \`loss_weights\`.`,
  samplingFixed: ({ method, key, value, taken }: { method: string; key: string; value: number; taken: number }) =>
    `\`${key}\` is ${value}, but ${method} weighs an answer by the probability that the policy gives it, which is the one that it was drawn with at ${taken} alone; leave it out, or take the method online_dpo.`,
  rewardUnread: ({ where, method }: { where: string; method: string }) =>
    `${where}: \`reward\` judges the answers that a method draws, and ${method} draws none; leave it out, or take the method rloo, online_dpo or ppo.`,
  miniBatchesUneven: ({ where, answers, parts }: { where: string; answers: number; parts: number }) =>
    `${where}: a step has ${answers} answers (\`per_device_train_batch_size\` times \`gradient_accumulation_steps\`), and \`num_mini_batches\` is ${parts}; make the first a multiple of the second.`,
  groupsPartial: ({ where, answers, generations }: { where: string; answers: number; generations: number }) =>
    `${where}: a step has ${answers} answers (\`per_device_train_batch_size\` times \`gradient_accumulation_steps\`), and \`num_generations\` is ${generations}; make the first a multiple of the second.`,
  lossWeightsCount: ({ count, wanted }: { count: number; wanted: number }) =>
    `\`loss_weights\` has ${count} entries for ${wanted} loss types; give one each.`,
};
