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
  lossNeedsReference: ({ name }: { name: string }) =>
    `\`reference_free\` is true, but "${name}" has no meaning without a reference; set it to false, or leave that loss out.`,
  lossWeightsCount: ({ count, wanted }: { count: number; wanted: number }) =>
    `\`loss_weights\` has ${count} entries for ${wanted} loss types; give one each.`,
};
