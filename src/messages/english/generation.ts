/** @file What answering says. */
export const generation = {
  promptEmpty: 'The prompt is empty and this tokenizer adds no start token; type a prompt.',
  promptTooLong: ({ tokens, limit }: { tokens: number; limit: number }) =>
    `The prompt has ${tokens} tokens and this model's context holds ${limit}; shorten it.`,
  logitNotFinite: ({ number }: { number: number }) =>
    `The model gave a logit that is not a number at token ${number} of the answer; the adapter or the weights are damaged.`,
  judgeLetters: ({ a, b }: { a: string; b: string }) =>
    `This model cannot judge: A and B are not one token each, and different ones, where its reply begins (the text ends in the tokens ${a} with A and ${b} with B); choose another model.`,
};
