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
  settingTwice: ({ where, key, name }: { where: string; key: string; name: string }) =>
    `${where}: \`${key}\` and \`${name}\` are two names of one setting; leave one out.`,
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
  trlNoLoss: ({ name }: { name: string }) =>
    `TRL has no loss "${name}", so \`trl dpo\` cannot repeat this run. Hand over the adapter itself, or train with a loss that both have: sigmoid, ipo or hinge, say.`,
  trlOtherTrainer: ({ name, trainer }: { name: string; trainer: string }) =>
    `TRL has "${name}" in its ${trainer} only, which its command line does not start, so \`trl dpo\` cannot repeat this run. Hand over the adapter itself, or train with a loss of DPO.`,
  trlNoMethod: ({ method }: { method: string }) =>
    `A bundle repeats runs of DPO, SFT and KTO; this one is ${method}. Hand over the adapter itself.`,
  trlKtoBatch:
    'This run has a per_device_train_batch_size of 1; TRL trains KTO from 2 on, since the answers of a batch estimate how far the model has moved. Hand over the adapter itself, or train with 2 or more.',
  trlWholeAlpha: ({ alpha }: { alpha: number }) =>
    `TRL's command line takes a whole lora_alpha; this run has ${alpha}. Hand over the adapter itself, or train with a whole one.`,
  trlNoSoftLabels: ({ value }: { value: number }) =>
    `This run is conservative DPO, "sigmoid" with label_smoothing ${value} (soft labels), which TRL 1.13 trains as plain DPO without a word. Hand over the adapter itself, or train with "robust".`,
  trlNeedsReference:
    'This run has reference_free, which TRL no longer has. Hand over the adapter itself, or train with a reference.',
  trlOneForm: ({ chats, texts }: { chats: number; texts: number }) =>
    `${chats} of the pairs are chats and ${texts} are plain text; TRL takes all for what the first one is. Hand over a run of one form.`,
  trlFromItsStart: ({ step }: { step: number }) =>
    `The run's first known step is ${step}: it went on from a checkpoint of another run, from which TRL cannot start. Hand over the adapter itself.`,
  trlNoScoreLabels:
    'This run has soft_labels, which TRL does not have. Hand over the adapter itself, or train with the labels as they are.',
};
