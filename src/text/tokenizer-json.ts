/**
 * @file Rewrites a tokenizer.json so that `@huggingface/tokenizers` 0.2 (JavaScript) gives the ids that transformers 5.18
 * (Rust `tokenizers`) gives. What AutoTokenizer itself changes is in tokenizer-class.ts. Parts whose JavaScript twin differs are spelled in parts whose twin does not: mostly as a
 * Split by a regular expression, which the library translates from Oniguruma with care.
 * Known differences that remain: `single_word` of added tokens, `fuse_unk`, BPE dropout, exact SentencePiece charsmaps.
 */
import { UserError } from '../core/errors';
import { rebuildForClass, resolveTokenizerClass, withDefaultTokens } from './tokenizer-class';
import type { JsonObject } from './tokenizer-class';

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** GPT-2's pattern, as `ByteLevel` of the Rust crate has it built in. */
const byteLevelPattern = "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

/** \w of Rust's regex crate, inside a class; Oniguruma's, which the library writes for \w, has ² and ½ too. */
const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d';

function isolate(regex: string): JsonObject {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/**
 * A Split whose matches join a neighbour, as an isolating Split over the joined pieces; JavaScript's knows
 * `Isolated` and `Removed` alone.
 */
function joinMatches(node: JsonObject): JsonObject {
  const pattern = isJsonObject(node['pattern']) ? node['pattern'] : {};
  const { Regex: regex, String: literal } = pattern;
  const match = typeof regex === 'string' ? `(?:${regex})` : typeof literal === 'string' ? `(?:${escapeRegex(literal)})` : null;
  if (match === null || node['invert'] === true) return node;
  const rest = `(?:(?!${match})[\\s\\S])`;
  switch (String(node['behavior']).toLowerCase().replaceAll('_', '')) {
    case 'mergedwithprevious':
      return isolate(`${rest}*${match}|${rest}+`);
    case 'mergedwithnext':
      return isolate(`${match}${rest}*|${rest}+`);
    case 'contiguous':
      return isolate(`${match}+`);
    default:
      return node;
  }
}

/** SentencePiece's space marker; `split` (the default) cuts before every one, which JavaScript's Metaspace does not. */
function rewriteMetaspace(node: JsonObject): JsonObject[] {
  const scheme = node['prepend_scheme'] ?? (node['add_prefix_space'] === false ? 'never' : 'always');
  const metaspace = { ...node, prepend_scheme: scheme };
  if (node['split'] === false) return [metaspace];
  const marker = typeof node['replacement'] === 'string' ? node['replacement'] : '\u2581';
  return [metaspace, joinMatches({ type: 'Split', pattern: { String: marker }, behavior: 'MergedWithNext', invert: false })];
}

/** One pre-tokenizer as the list of those that stand for it. */
function rewritePreTokenizer(node: JsonObject): JsonObject[] {
  switch (node['type']) {
    case 'Sequence':
      return objectsIn(node['pretokenizers']).flatMap(rewritePreTokenizer);
    case 'Digits':
      // Rust's is_numeric: every script's digits, and numbers such as Ⅳ and ½. JavaScript's is ASCII alone.
      return [isolate(node['individual_digits'] === true ? '\\p{N}' : '\\p{N}+')];
    case 'ByteLevel':
      // The built-in pattern's \s is JavaScript's, which takes U+FEFF for a space and U+0085 for none.
      if (node['use_regex'] === false || node['add_prefix_space'] === true) return [node];
      return [isolate(byteLevelPattern), { ...node, use_regex: false }];
    case 'Metaspace':
      return rewriteMetaspace(node);
    case 'Whitespace':
      return [{ type: 'Split', pattern: { Regex: `[${word}]+|[^${word}\\s]+` }, behavior: 'Removed', invert: true }];
    case 'Punctuation': {
      const pattern = { Regex: '[\\p{P}!-\\/:-@\\[-`\\{-~]' };
      return [joinMatches({ type: 'Split', pattern, behavior: node['behavior'] ?? 'Isolated', invert: false })];
    }
    case 'Split':
      return [joinMatches(node)];
    default:
      return [node];
  }
}

/** The text of a token that a config gives as a string or as { content }. */
export function tokenContent(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return isJsonObject(value) && typeof value['content'] === 'string' ? value['content'] : null;
}

/** All tokens that tokenizer_config.json calls special: the named ones and the further ones. */
export function specialTokensOf(config: JsonObject): string[] {
  const named = ['bos_token', 'eos_token', 'unk_token', 'pad_token', 'sep_token', 'cls_token', 'mask_token'];
  const further = ['additional_special_tokens', 'extra_special_tokens'].flatMap((key) => Object.values(config[key] ?? {}));
  const tokens = [...named.map((key) => config[key]), ...further].map(tokenContent);
  return [...new Set(tokens.filter((token) => token !== null && token !== ''))] as string[];
}

/** Id of a token in the model's own vocabulary (a map, or a list of [token, score]). */
function vocabularyId(model: unknown, token: string): number | null {
  if (!isJsonObject(model)) return null;
  const vocabulary = model['vocab'];
  if (Array.isArray(vocabulary)) {
    const index = vocabulary.findIndex((entry) => Array.isArray(entry) && entry[0] === token);
    return index < 0 ? null : index;
  }
  if (!isJsonObject(vocabulary) || !Object.hasOwn(vocabulary, token)) return null;
  const id = vocabulary[token];
  return typeof id === 'number' ? id : null;
}

/** transformers registers the config's special tokens with the tokenizer: from then on they are found whole in a text. */
function addSpecialTokens(json: JsonObject, config: JsonObject): JsonObject[] {
  const added = objectsIn(json['added_tokens']);
  const known = new Set(added.map((token) => token['content']));
  for (const [id, token] of Object.entries(config['added_tokens_decoder'] ?? {})) {
    if (!isJsonObject(token) || known.has(token['content'])) continue;
    added.push({ ...token, id: Number(id) });
    known.add(token['content']);
  }
  for (const content of specialTokensOf(config)) {
    const id = known.has(content) ? null : vocabularyId(json['model'], content);
    if (id !== null) added.push({ id, content, single_word: false, lstrip: false, rstrip: false, normalized: false, special: true });
  }
  return added;
}

export interface AdaptedTokenizer {
  /** tokenizer.json for the JavaScript library. */
  readonly json: JsonObject;
  /** tokenizer_config.json with the special tokens that its class has by default. */
  readonly config: JsonObject;
}

/**
 * The files to hand to the JavaScript library.
 * @param modelType `model_type` of config.json, where known.
 * @throws UserError when tokenizer.json is no tokenizer.
 */
export function adaptTokenizer(json: JsonObject, config: JsonObject, modelType: unknown): AdaptedTokenizer {
  const { model } = json;
  if (!isJsonObject(model)) {
    throw new UserError('tokenizer.json has no `model`; it is not a tokenizer of the Hugging Face kind. Take a fresh copy of the file.');
  }
  const className = resolveTokenizerClass(config, modelType);
  const rebuilt = rebuildForClass(json, config, className);
  const added = new Set(objectsIn(json['added_tokens']).map((token) => token['content']));
  const isToken = (text: string) => added.has(text) || vocabularyId(model, text) !== null;
  const fullConfig = withDefaultTokens(config, className, isToken);
  const preTokenizer = rebuilt['pre_tokenizer'];
  return {
    config: fullConfig,
    json: {
      normalizer: null,
      post_processor: null,
      decoder: null,
      ...rebuilt,
      added_tokens: addSpecialTokens(rebuilt, fullConfig),
      pre_tokenizer: isJsonObject(preTokenizer)
        ? { type: 'Sequence', pretokenizers: rewritePreTokenizer(preTokenizer) }
        : null,
    },
  };
}
