/** @file What tokenizers, chat templates and the encoder of pairs say. */
export const text = {
  charsmapNotBase64: 'tokenizer.json has a precompiled_charsmap that is not base64; take a fresh copy of the file.',
  charsmapBroken: ({ bytes }: { bytes: number }) =>
    `tokenizer.json has a precompiled_charsmap of ${bytes} bytes that does not hold the table it announces; take a fresh copy of the file.`,
  templateTooLong: ({ characters, limit }: { characters: number; limit: number }) =>
    `The model's chat template has ${characters} characters; at most ${limit} are allowed. Use a model with another template.`,
  templateUnreadable: ({ reason }: { reason: string }) =>
    `The model's chat template could not be read (${reason}). Correct chat_template.jinja, or take a fresh copy of the model.`,
  templateStopped: ({ seconds, count }: { seconds: number; count: number }) =>
    `The model's chat template was stopped after ${seconds} seconds on ${count} messages; it may loop without end. Put a working chat_template.jinja into the model folder, or write prompt, chosen and rejected as plain text.`,
  templateMadeTooMuch: ({ characters, count, limit }: { characters: number; count: number; limit: number }) =>
    `The model's chat template made ${characters} characters of ${count} messages; at most ${limit} are allowed. Shorten the conversation.`,
  templateRefuses: ({ roles, reason }: { roles: string; reason: string }) =>
    `The model's chat template does not take these messages (roles: ${roles}): ${reason}. Change the roles or their order to what the model expects.`,
  templateUnsupported: ({ what }: { what: string }) =>
    `The model's chat template uses ${what}, which Airlock cannot render as transformers does. Choose another template for this model.`,
  noRoles: 'none',
  templateUnknown: ({ name, names }: { name: string; names: string }) =>
    `There is no built-in chat template "${name}"; name one of ${names}, none, or a file of Jinja.`,
  postProcessorUnsupported: ({ what }: { what: string }) =>
    `tokenizer.json has a post_processor with ${what}, which Airlock cannot follow. Use a model with another tokenizer.`,
  tokenizerClassMissing: ({ name }: { name: string }) =>
    `tokenizer_config.json names the tokenizer class ${name}, which Airlock does not have. Use a model with another tokenizer.`,
  tokenizerClassWrong: ({ name, kind }: { name: string; kind: string }) =>
    `tokenizer_config.json names the tokenizer class ${name}, but tokenizer.json holds a ${kind} model; transformers 5 would cut every text wrongly. Set \`tokenizer_class\` to "PreTrainedTokenizerFast", which follows tokenizer.json.`,
  tokenizerPartUnsupported: ({ what }: { what: string }) =>
    `tokenizer.json uses ${what}, with which Airlock would not give the tokens that transformers gives. Use a model with another tokenizer.`,
  tokenIdBad: ({ token, id, limit }: { token: string; id: string; limit: number }) =>
    `tokenizer.json gives the token ${token} the id ${id}; ids are whole numbers from 0 to ${limit}. Take a fresh copy of the file.`,
  tokenizerModelMissing:
    'tokenizer.json has no `model`; it is not a tokenizer of the Hugging Face kind. Take a fresh copy of the file.',
  tokenizerUnsupported: ({ reason }: { reason: string }) =>
    `tokenizer.json describes a tokenizer that Airlock cannot run (${reason}). Use a model with another tokenizer.`,
  tokenizerTooMuch: ({ what, count, limit }: { what: string; count: number; limit: number }) =>
    `tokenizer.json has ${count} ${what}; at most ${limit} are taken, which no published tokenizer comes near. Take a fresh copy of the file.`,
  normalizedTooLong: ({ from, to, limit }: { from: number; to: number; limit: number }) =>
    `The tokenizer's normalizer makes ${to} characters of ${from}; more than ${limit} times as many are not taken. Use a model with another tokenizer.`,
  tokenizerTooSlow: ({ characters, seconds }: { characters: number; seconds: number }) =>
    `The tokenizer takes ${seconds} seconds for ${characters} equal characters: a pattern of tokenizer.json tries every way to match them. Use a model with another tokenizer.`,
  eosTokenUnknown: ({ token }: { token: string }) =>
    `The tokenizer has ${token} as eos_token, which tokenizer.json does not know. tokenizer_config.json may come from a different model; take a fresh copy of both.`,
  chatWithoutTemplate:
    'The data holds chat messages, but the model has no chat template. Write prompt, chosen and rejected as plain text, choose a template (--chat-template on the command line), or use an instruction-tuned model.',
  boundaryMerges: ({ alone, side, together, from }: { alone: string; side: string; together: string; from: number }) =>
    `The boundary merges: the prompt alone ends in the tokens ${alone}, but together with \`${side}\` there is ${together} in their place. The model is trained from token ${from} on, as TRL does it, which is not where \`${side}\` begins. End the prompt without a space and begin the completions with one.`,
  endTokenMissing: ({ side, reason }: { side: string; reason: string }) =>
    `\`${side}\` does not end in an end-of-sequence token (${reason}), so the model does not learn from it where to stop.`,
  noEndTokenNamed: 'the tokenizer names no end-of-sequence token',
  templateWritesNoEnd: ({ token }: { token: string }) => `the chat template does not write ${token} after an answer`,
  endNotOneToken: ({ token }: { token: string }) => `${token} is not encoded as one token`,
  completionCut: ({
    side,
    cut,
    all,
    limit,
    loss,
  }: {
    side: string;
    cut: number;
    all: number;
    limit: number;
    loss: string;
  }) =>
    `\`${side}\` is cut: its last ${cut} of ${all} tokens do not fit into max_length ${limit}${loss}. Raise max_length or shorten the text.`,
  endTokenLost: ({ token }: { token: string }) => `, so its end-of-sequence token ${token} is lost`,
  promptEmptyInPair:
    'The prompt is empty and the tokenizer adds no start token, so the first token of the answer follows nothing. Write a prompt.',
  promptFillsLength: ({ tokens, limit }: { tokens: number; limit: number }) =>
    `The prompt has ${tokens} tokens and max_length is ${limit}, so no token of an answer is left to train on. Raise max_length or shorten the prompt.`,
  scoredTooLong: ({ tokens, limit }: { tokens: number; limit: number }) =>
    `Prompt and answer have ${tokens} tokens and max_length is ${limit}; a reward model reads an answer whole. Raise max_length or shorten the text.`,
  startTokenTwice: ({ token }: { token: string }) =>
    `The prompt begins with ${token} twice: the tokenizer adds one. Remove it from the text.`,
  rejectedAbsent:
    'There is no rejected answer to compare the chosen one with; train it by SFT (`method: sft`), or add one.',
  completionEmpty: ({ side }: { side: string }) => `\`${side}\` is empty; write the answer.`,
  completionWithoutTokens: ({ side, tokens }: { side: string; tokens: number }) =>
    `\`${side}\` has no token of its own after the prompt's ${tokens}; check the boundary between the two.`,
};
