/** @file What training, scoring and the probe say. */
export const training = {
  tokenUnknown: ({ token, count }: { token: number; count: number }) =>
    `Its text needs token ${token}, and the model knows ${count} tokens only.`,
  pairHas: ({ number, problem }: { number: number; problem: string }) => `Pair ${number}: ${problem}`,
  morePairsLeftOut: ({ count }: { count: number }) => `${count} more pairs are left out.`,
  morePairsWarned: ({ count }: { count: number }) => `${count} more pairs have warnings.`,
  crossFitNoReward: ({ name }: { name: string }) =>
    `The loss ${name} gives pairs no reward to judge labels by; take a DPO loss with a reference, as sigmoid, or method reward.`,
  crossFitTooFew: ({ count, wanted }: { count: number; wanted: number }) =>
    `${count} pairs are too few for two halves that judge each other: each half needs at least ${wanted}, of prompts of its own.`,
  pairNotScored: ({ number, problem }: { number: number; problem: string }) =>
    `Pair ${number} has no log-probabilities: ${problem}`,
  noPairs: 'There are no pairs to train on; import some first.',
  noPairFits: 'There is no pair to train on; add at least one that fits `max_length`.',
  noneTrainable: ({ count, first }: { count: number; first: string }) =>
    `None of the ${count} pairs can be trained on. ${first}`,
  promptsTooFew: ({ count, wanted }: { count: number; wanted: number }) =>
    `A step answers ${wanted} different prompts, and there are ${count}; add prompts, or lower \`per_device_train_batch_size\` or \`gradient_accumulation_steps\`, or raise \`num_generations\`.`,
  rewardAbsent: ({ method }: { method: string }) =>
    `The method ${method} learns from a reward, and none was named; give \`reward\` in the configuration, or --reward.`,
  valueHeadBroken: ({ file }: { file: string }) =>
    `"${file}" holds no value head, which is \`weight\` and \`bias\` of one row; take the one that \`train\` wrote, or remove it to start from none.`,
  valueHeadOther: ({ width, wanted }: { width: number; wanted: number }) =>
    `The value head beside the adapter has ${width} weights, and the hidden states of this model have ${wanted}; open the model that it was trained on, or remove the file.`,
  continuedShape: ({ where, key, given, has }: { where: string; key: string; given: string; has: string }) =>
    `${where}: \`${key}\` is ${given}, and the adapter that training goes on from has ${has}, which it keeps: its own matrices are trained on. Leave \`${key}\` out, or begin with a fresh adapter, without --init-adapter.`,
  rewardIsFile: ({ name }: { name: string }) =>
    `The reward of these settings is at "${name}", and a page opens no path; choose a judge of the starter or the rules under Data.`,
  evaluationOfAnswers: ({ method }: { method: string }) =>
    `The method ${method} learns from answers of its own and has no loss on held-out pairs; train without evaluation.`,
  nothingToProbe: ({ count }: { count: number }) =>
    `None of the ${count} pairs can be trained on, so there is nothing to probe; see the findings under Data.`,
  probeEnded: 'The probe ended before its three steps; start it again.',
  formsMixed: ({ texts, count }: { texts: number; count: number }) =>
    `${texts} of ${count} pairs are plain text and the others chat messages: the model learns two forms. Make them all chat messages.`,
  noneScorable: ({ count }: { count: number }) =>
    `None of the ${count} evaluation pairs can be scored; hold out more of the data, or train without evaluation.`,
  someNotScored: ({ left, count }: { left: number; count: number }) =>
    `${left} of ${count} evaluation pairs cannot be scored and are left out.`,
  maxLengthAboveContext: ({ length, limit }: { length: number; limit: number }) =>
    `\`max_length\` ${length} is more than the model's context; ${limit} is used.`,
  scalesDiffer:
    'The adapter that was to be continued gives some modules a scale of their own (`alpha_pattern`, or `rank_pattern` without an alpha to match). It answers here as in PEFT, but a step of training would move those modules otherwise than PEFT does. Train a fresh adapter, or one with one scale.',
  scoresNotNumbers: ({ value }: { value: string }) =>
    `The model scores its text with ${value}, before any training: a weight of the checkpoint or of the adapter is not a number, or is too large. Take a fresh copy of it, or an earlier one.`,
  becameNonFinite: ({ what, value, step }: { what: 'loss' | 'gradient norm'; value: number; step: number }) =>
    `The ${what} became ${value} at step ${step}; training stopped before it could harm the adapter. Lower \`learning_rate\` or \`max_grad_norm\`, and look at the pairs of this step.`,
  forwardPassesDiffer: ({ training, scoring }: { training: string; scoring: string }) =>
    `The forward pass of training scores the first evaluation pairs with ${training} nats, the one of scoring with ${scoring}; they must agree. This device computes one of them wrongly, so training ended; update the graphics driver, or train on WASM.`,
  startDiffers: ({
    expected,
    loss,
    side,
    now,
    then,
  }: {
    expected: string;
    loss: string;
    side: string;
    now: string;
    then: string;
  }) =>
    `At step 0 the policy is its own reference, so rewards must be 0${expected}; here the loss is ${loss} and a ${side} answer has ${now} nats under the policy and ${then} under the reference. Training was not started, because its device does not compute the two alike: choose the other device.`,
  andLossLn2: ' and the loss ln 2 = 0.693147',
  checkpointOther: ({
    blocks,
    values,
    wanted,
    size,
  }: {
    blocks: number;
    values: number;
    wanted: number;
    size: number;
  }) =>
    `The checkpoint has ${blocks} blocks of ${values} LoRA values; these settings make ${wanted} of ${size}. Go on with the lora_r and lora_target_modules that it was trained with.`,
  promptEmptyForScores:
    'The prompt is empty and this tokenizer adds no start token, so the first token of an answer follows nothing; type a prompt.',
  answerTooLong: ({ tokens, limit }: { tokens: number; limit: number }) =>
    `Prompt and answer have ${tokens} tokens and this model's context holds ${limit}; shorten the prompt.`,
};
