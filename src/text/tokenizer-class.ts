/**
 * @file What transformers 5.18 makes of a tokenizer by its class. AutoTokenizer does not always follow tokenizer.json:
 * for the classes here it keeps vocabulary, merges, added tokens and post-processor, and builds the rest anew in the
 * class's `__init__`. That may differ from the file (LlamaTokenizer puts no space after a special token; GPT2Tokenizer,
 * which SmolLM2 names, does not cut numbers into digits), and TRL and servers on transformers 5 follow it, so we do.
 * Sources: transformers 5.18 `models/auto/tokenization_auto.py` and `models/<family>/tokenization_<family>.py`.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The class that follows tokenizer.json as it is. */
const backend = 'TokenizersBackend';

/** TOKENIZER_MAPPING_NAMES for the model types that Airlock may meet; `llama` is not in it. */
const registeredClasses: Readonly<Record<string, string>> = {
  gemma: 'GemmaTokenizer',
  gemma2: 'GemmaTokenizer',
  gemma3: 'GemmaTokenizer',
  gemma3_text: 'GemmaTokenizer',
  gpt2: 'GPT2Tokenizer',
  gpt_neox: 'GPTNeoXTokenizer',
  granite: backend,
  mistral: backend,
  mixtral: backend,
  olmo2: backend,
  opt: 'GPT2Tokenizer',
  phi: 'GPT2Tokenizer',
  phi3: backend,
  qwen2: 'Qwen2Tokenizer',
  qwen3: 'Qwen2Tokenizer',
  stablelm: backend,
};

/** MODELS_WITH_INCORRECT_HUB_TOKENIZER_CLASS: the registered class wins over the one that the files name. */
const forcedModelTypes: readonly unknown[] = ['qwen2', 'phi3'];

/** The class that AutoTokenizer takes, without the "Fast" that transformers 5 no longer tells apart. */
export function resolveTokenizerClass(config: JsonObject, modelType: unknown): string {
  const named = typeof config['tokenizer_class'] === 'string' ? config['tokenizer_class'].replace(/Fast$/, '') : null;
  const isKnown = typeof modelType === 'string' && Object.hasOwn(registeredClasses, modelType);
  const registered = isKnown ? (registeredClasses[modelType] ?? null) : null;
  if (named === null) return registered ?? backend;
  if (registered === backend || (registered !== null && forcedModelTypes.includes(modelType))) return registered;
  return named;
}

const qwenPattern =
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";

/** SentencePiece's marker for a space. */
const marker = '\u2581';

function byteLevel(config: JsonObject, useRegex: boolean): JsonObject {
  return { type: 'ByteLevel', add_prefix_space: config['add_prefix_space'] === true, use_regex: useRegex };
}

function sentencePieceDecoder(stripsFirstSpace: boolean): JsonObject {
  const decoders: JsonObject[] = [
    { type: 'Replace', pattern: { String: marker }, content: ' ' },
    { type: 'ByteFallback' },
    { type: 'Fuse' },
  ];
  if (stripsFirstSpace) decoders.push({ type: 'Strip', content: ' ', start: 1, stop: 0 });
  return { type: 'Sequence', decoders };
}

function rebuildLlama(config: JsonObject): JsonObject {
  const addPrefixSpace = config['add_prefix_space'] !== false;
  // `legacy` null in the file means null, which counts as false.
  const scheme = !addPrefixSpace ? 'never' : config['legacy'] ? 'always' : 'first';
  return {
    normalizer: null,
    pre_tokenizer: { type: 'Metaspace', replacement: marker, prepend_scheme: scheme, split: false },
    decoder: sentencePieceDecoder(addPrefixSpace),
  };
}

/** class -> the parts that its `__init__` builds. */
const rebuilders: Readonly<Record<string, (config: JsonObject) => JsonObject>> = {
  LlamaTokenizer: rebuildLlama,
  GPT2Tokenizer: (config) => ({ normalizer: null, pre_tokenizer: byteLevel(config, true), decoder: { type: 'ByteLevel' } }),
  GPTNeoXTokenizer: (config) => ({
    normalizer: { type: 'NFC' },
    pre_tokenizer: byteLevel(config, true),
    decoder: { type: 'ByteLevel' },
    // It sets the post-processor anew, too, from options that are gone by then.
    post_processor: null,
  }),
  Qwen2Tokenizer: (config) => ({
    normalizer: { type: 'NFC' },
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: qwenPattern }, behavior: 'Isolated', invert: false },
        byteLevel(config, false),
      ],
    },
    decoder: { type: 'ByteLevel' },
  }),
  GemmaTokenizer: () => ({
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: marker },
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    decoder: sentencePieceDecoder(false),
  }),
};

/** The tokenizer.json that the class stands for; `json` itself for a class that follows the file. */
export function rebuildForClass(json: JsonObject, config: JsonObject, className: string): JsonObject {
  const rebuild = Object.hasOwn(rebuilders, className) ? rebuilders[className] : undefined;
  const model = json['model'] as JsonObject;
  if (rebuild === undefined || model['type'] !== 'BPE') return json;
  const usesBytes = className === 'LlamaTokenizer' || className === 'GemmaTokenizer';
  return { ...json, ...rebuild(config), model: { ...model, byte_fallback: usesBytes, ignore_merges: false } };
}

const endOfText = '<|endoftext|>';

/** Special tokens that a class has where tokenizer_config.json does not name one. */
const defaultTokens: Readonly<Record<string, JsonObject>> = {
  LlamaTokenizer: { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' },
  GPT2Tokenizer: { unk_token: endOfText, bos_token: endOfText, eos_token: endOfText },
  GPTNeoXTokenizer: { unk_token: endOfText, bos_token: endOfText, eos_token: endOfText, pad_token: '<|padding|>' },
  Qwen2Tokenizer: { unk_token: endOfText, eos_token: endOfText, pad_token: endOfText },
  GemmaTokenizer: { unk_token: '<unk>', bos_token: '<bos>', eos_token: '<eos>', pad_token: '<pad>' },
};

/** tokenizer_config.json with the class's own special tokens, of those that `isToken` knows. */
export function withDefaultTokens(config: JsonObject, className: string, isToken: (text: string) => boolean): JsonObject {
  const defaults = Object.hasOwn(defaultTokens, className) ? (defaultTokens[className] ?? {}) : {};
  return { ...Object.fromEntries(Object.entries(defaults).filter(([, text]) => isToken(String(text)))), ...config };
}
