/**
 * @file What transformers 5.18 makes of a tokenizer by its class. AutoTokenizer does not always follow tokenizer.json:
 * for the classes here it keeps vocabulary, merges, added tokens and post-processor, and builds the rest anew in the
 * class's `__init__`. That may differ from the file (LlamaTokenizer puts no space after a special token; GPT2Tokenizer,
 * which SmolLM2 names, does not cut numbers into digits), and TRL and servers on transformers 5 follow it, so we do.
 * Sources: transformers 5.18 `models/auto/tokenization_auto.py` and `models/<family>/tokenization_<family>.py`.
 */
import { UserError } from '../core/errors';
import { isJsonObject, type JsonObject } from '../core/json';

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

/** Marks (\\p{M}) stay with their letters. */
const qwen35Pattern = qwenPattern
  .replace('\\p{L}+|', '[\\p{L}\\p{M}]+|')
  .replace('[^\\s\\p{L}\\p{N}]', '[^\\s\\p{L}\\p{M}\\p{N}]');

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
    model: { byte_fallback: true, fuse_unk: true, unk_token: null },
  };
}

function rebuildByteLevel(config: JsonObject): JsonObject {
  return { normalizer: null, pre_tokenizer: byteLevel(config, true), decoder: { type: 'ByteLevel' }, model: byteModel };
}

/** Byte-level BPE knows every byte, so it has no unknown token. */
const byteModel: JsonObject = { byte_fallback: false, fuse_unk: false, unk_token: null };

function rebuildQwen(config: JsonObject, pattern: string): JsonObject {
  const split = { type: 'Split', pattern: { Regex: pattern }, behavior: 'Isolated', invert: false };
  return {
    normalizer: { type: 'NFC' },
    pre_tokenizer: { type: 'Sequence', pretokenizers: [split, byteLevel(config, false)] },
    decoder: { type: 'ByteLevel' },
    model: byteModel,
  };
}

/** class -> the parts that its `__init__` builds; of `model`, the settings. */
const rebuilders: Readonly<Record<string, (config: JsonObject) => JsonObject>> = {
  LlamaTokenizer: rebuildLlama,
  GPT2Tokenizer: rebuildByteLevel,
  CodeGenTokenizer: rebuildByteLevel,
  GPTNeoXTokenizer: (config) => ({
    ...rebuildByteLevel(config),
    normalizer: { type: 'NFC' },
    // It sets the post-processor anew, too, from options that are gone by then.
    post_processor: null,
  }),
  Qwen2Tokenizer: (config) => rebuildQwen(config, qwenPattern),
  Qwen3_5Tokenizer: (config) => rebuildQwen(config, qwen35Pattern),
  GemmaTokenizer: (config) => ({
    normalizer: { type: 'Replace', pattern: { String: ' ' }, content: marker },
    pre_tokenizer: { type: 'Split', pattern: { String: ' ' }, behavior: 'MergedWithPrevious', invert: false },
    decoder: sentencePieceDecoder(false),
    model: { byte_fallback: true, fuse_unk: true, unk_token: tokenContent(config['unk_token']) },
  }),
};

/** The text of a token that a config gives as a string or as { content }. */
export function tokenContent(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return isJsonObject(value) && typeof value['content'] === 'string' ? value['content'] : null;
}

/**
 * Classes of transformers 5.18 that build a tokenizer in a way of their own which Airlock does not follow; mostly of
 * encoders.
 */
const otherClasses = new Set(
  (
    'Albert Barthez Bert BigBird Blenderbot Camembert CLIP CodeLlama Cohere ConvBert Deberta DebertaV2 DistilBert DPRContextEncoder ' +
    'DPRQuestionEncoder DPRReader Esmc FNet Funnel Herbert Lasr LayoutLMv2 LayoutLMv3 LayoutXLM Luke MarkupLM MBart MBart50 MLuke MPNet ' +
    'Nllb Nougat OpenAIGPT Parakeet Pegasus Reformer RemBert Roberta RoFormer SeamlessM4T Siglip2 Splinter T5 Tipsv2 Udop VideoPrism ' +
    'Whisper XGLM XLMRoberta XLNet'
  )
    .split(' ')
    .map((name) => `${name}Tokenizer`),
);

/**
 * The tokenizer.json that the class stands for; `json` itself for a class that follows the file.
 * @throws UserError for a class that builds another kind of tokenizer than the file's.
 */
export function rebuildForClass(json: JsonObject, config: JsonObject, className: string): JsonObject {
  const rebuild = Object.hasOwn(rebuilders, className) ? rebuilders[className] : undefined;
  const model = json['model'] as JsonObject;
  if (otherClasses.has(className)) {
    throw new UserError('tokenizerClassMissing', { name: className });
  }
  if (rebuild === undefined) return json;
  const usesPieces = className === 'LlamaTokenizer' || className === 'GemmaTokenizer';
  const isByteLevel = JSON.stringify([json['pre_tokenizer'], json['decoder']]).includes('"ByteLevel"');
  if (model['type'] !== 'BPE' || (usesPieces && isByteLevel)) {
    throw new UserError('tokenizerClassWrong', {
      name: className,
      kind: isByteLevel ? 'byte-level' : JSON.stringify(model['type'] ?? null),
    });
  }
  const settings = { dropout: null, ignore_merges: false, continuing_subword_prefix: null, end_of_word_suffix: null };
  const { model: classSettings, ...parts } = rebuild(config);
  return { ...json, ...parts, model: { ...model, ...settings, ...(classSettings as JsonObject) } };
}

const endOfText = '<|endoftext|>';

/** Special tokens that a class has where tokenizer_config.json does not name one. */
const defaultTokens: Readonly<Record<string, JsonObject>> = {
  LlamaTokenizer: { unk_token: '<unk>', bos_token: '<s>', eos_token: '</s>' },
  GPT2Tokenizer: { unk_token: endOfText, bos_token: endOfText, eos_token: endOfText },
  CodeGenTokenizer: { unk_token: endOfText, bos_token: endOfText, eos_token: endOfText },
  GPTNeoXTokenizer: { unk_token: endOfText, bos_token: endOfText, eos_token: endOfText, pad_token: '<|padding|>' },
  Qwen2Tokenizer: { unk_token: endOfText, eos_token: endOfText, pad_token: endOfText },
  Qwen3_5Tokenizer: { unk_token: endOfText, eos_token: endOfText, pad_token: endOfText },
  GemmaTokenizer: {
    unk_token: '<unk>',
    bos_token: '<bos>',
    eos_token: '<eos>',
    pad_token: '<pad>',
    mask_token: '<mask>',
  },
};

/** tokenizer_config.json with the class's own special tokens where it names none. */
export function withDefaultTokens(config: JsonObject, className: string): JsonObject {
  return { ...(Object.hasOwn(defaultTokens, className) ? defaultTokens[className] : {}), ...config };
}
