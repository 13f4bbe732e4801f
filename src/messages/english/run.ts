/** @file What the run configuration says. */
export const run = {
  theRunConfiguration: 'The run configuration',
  theseSettings: 'These settings',
  settingsNotMapping: ({ where, value }: { where: string; value: string }) =>
    `${where} is ${value}; it must map keys such as \`method\` and \`learning_rate\` to values.`,
  settingsEmpty: 'empty',
  settingsNoMapping: 'no mapping',
  keyUnknown: ({ where, key, known }: { where: string; key: string; known: string }) =>
    `${where} has the unknown key \`${key}\`; the nearest known one is \`${known}\`.`,
  settingWithoutEffect: ({ where, keys }: { where: string; keys: string }) => `${where}: ${keys} has no effect here.`,
  settingsWithoutEffect: ({ where, keys }: { where: string; keys: string }) => `${where}: ${keys} have no effect here.`,
  settingFixed: ({ where, key, value, taken }: { where: string; key: string; value: string; taken: string }) =>
    `${where}: \`${key}\` is ${value}; Airlock trains with ${taken} alone. Set it so, or leave the key out.`,
  settingNeeds: ({ where, key, needed }: { where: string; key: string; needed: string }) =>
    `${where}: \`${key}\` needs \`${needed}\` beside it.`,
  settingBad: ({ where, key, value, reason }: { where: string; key: string; value: string; reason: string }) =>
    `${where}: \`${key}\` is ${value}; ${reason}.`,
  mustBeOneOf: ({ values }: { values: string }) => `it must be one of ${values}`,
  mustBeAtLeast: ({ limit }: { limit: number }) => `it must be at least ${limit}`,
  mustBeAtMost: ({ limit }: { limit: number }) => `it must be at most ${limit}`,
  mustBeAbove: ({ limit }: { limit: number }) => `it must be above ${limit}`,
  mustBeBelow: ({ limit }: { limit: number }) => `it must be below ${limit}`,
  mustBeWhole: 'it must be a whole number',
  mustBeList: 'it must be a list',
  mustBeKind: ({ kind }: { kind: string }) => `it must be a ${kind}`,
  mustBeNames: 'it must be a name or a list of names',
  isNotValid: 'it is not valid',
};
