/** @file What opening a model and putting an adapter on it says. */
export const engine = {
  modelAltered: ({ name, fingerprint, wanted }: { name: string; fingerprint: string; wanted: string }) =>
    `The weights or the config.json of ${name} are not those that it had when it was opened last (fingerprint ${fingerprint} and not ${wanted}): the disk or another program changed them. It was not opened; delete it from this browser and choose its directory again.`,
  adapterOfOtherBase: ({ fingerprint, name, other }: { fingerprint: string; name: string; other: string }) =>
    `The adapter was trained on the base model with the fingerprint ${fingerprint}; ${name} has ${other}. Open the model that it was trained on.`,
  adapterScores:
    'The adapter is a reward model: it gives answers scores and writes none. Choose an adapter that answers, or use this one as a reward.',
  adapterScoresNot:
    'The adapter has no score head, so it gives answers no scores; choose one that was trained with `method: reward`.',
  scoreHeadOther: ({ width, wanted }: { width: number; wanted: number }) =>
    `The score head of the adapter has ${width} weights, and the hidden states of this model have ${wanted}; open the model that it was trained on.`,
  adapterReplacesWeight: ({ tensor, name }: { tensor: string; name: string }) =>
    `The adapter's file holds ${tensor} beside LoRA, and not with the values of ${name}: it was trained too, or tokens were added to it. Airlock reads LoRA on linear layers alone; merge the adapter into its base model with PEFT and open the result.`,
  weightNotNumber: ({ tensor, place, file, value }: { tensor: string; place: string; file: string; value: string }) =>
    `Element ${place} of the weight '${tensor}' in ${file} is ${value}. What the model computes with it would be no number; take a fresh copy of the checkpoint, or an earlier one.`,
  shapeUnknown: ({ name, names }: { name: string; names: string }) => `There is no shape ${name}; known are ${names}.`,
  weightsLack: ({ name, tensor, more }: { name: string; tensor: string; more: string }) =>
    `${name}: the weights lack '${tensor}'${more}, which config.json calls for; use the config.json that belongs to these weights.`,
  headNotTied: ({ tensor }: { tensor: string }) =>
    `config.json ties the output projection to the embedding (tie_word_embeddings), but the weights hold another one, ${tensor}; it is used, as transformers does. Set tie_word_embeddings to false.`,
  andMoreTensors: ({ count }: { count: number }) => ` and ${count} more`,
  weightShapeOther: ({
    name,
    tensor,
    shape,
    wanted,
  }: {
    name: string;
    tensor: string;
    shape: string;
    wanted: string;
  }) =>
    `${name}: '${tensor}' is ${shape} in the weights and ${wanted} by config.json; use the config.json that belongs to these weights.`,
  noFloat16:
    'The graphics device offers no 16-bit arithmetic (its `shader-f16` feature is missing), which weights in float16 need; choose float32 or int4.',
  tensorsUnused: ({ count, names }: { count: number; names: string }) =>
    `${count} tensors of the checkpoint are not used by this architecture, as in transformers: ${names}.`,
  noChatTemplate:
    'The checkpoint has no chat template: pairs must be strings, and prompts go to the model as they are. Choose a template to use chat messages.',
  noEosToken:
    'The tokenizer names no end-of-sequence token: completions will not end with one, and answers stop only at their length limit.',
  moreTokensThanModel: ({ tokens, vocabulary }: { tokens: number; vocabulary: number }) =>
    `The tokenizer has ${tokens} tokens and the model ${vocabulary}; text that needs the others is refused.`,
};
