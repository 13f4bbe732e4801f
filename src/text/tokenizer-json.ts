/**
 * @file Rewrites a tokenizer.json so that `@huggingface/tokenizers` 0.2 (JavaScript) gives the ids that transformers
 * 5.18 (Rust `tokenizers`) gives. What AutoTokenizer itself changes is in tokenizer-class.ts. Parts whose JavaScript
 * twin differs are spelled in parts whose twin does not, mostly as a Split by a regular expression, which the library
 * translates from Oniguruma with care; those that cannot be are corrected in library-corrections.ts. A part for which
 * neither is true is refused by name.
 */
import { UserError } from '../core/errors';
import { AddedVocabulary, parseTokenFlags } from './added-tokens';
import type { AddedToken, TokenFlags } from './added-tokens';
import { parsePostProcessor } from './post-processor';
import type { Surroundings } from './post-processor';
import { rebuildForClass, resolveTokenizerClass, tokenContent, withDefaultTokens } from './tokenizer-class';
import { checkCount, checkParts, maxMerges, maxTokens } from './tokenizer-limits';
import type { JsonObject } from '../core/json';
import { isJsonObject } from '../core/json';

function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** A part of a tokenizer that Airlock has no twin of, or not with this setting. */
function unsupported(what: string): UserError {
  return new UserError('tokenizerPartUnsupported', { what });
}

/** Checks the `type` of a part and of the parts inside it. */
function checkTypes(kind: string, node: unknown, known: readonly string[], inner: string): void {
  if (node === null || node === undefined) return;
  if (!isJsonObject(node)) throw unsupported(`a ${kind} that is no JSON object`);
  if (typeof node['type'] !== 'string' || !known.includes(node['type']))
    throw unsupported(`the ${kind} ${JSON.stringify(node['type'] ?? null)}`);
  if (node['type'] === 'Sequence') for (const part of objectsIn(node[inner])) checkTypes(kind, part, known, inner);
}

/** \w of Rust's regex crate, inside a class; Oniguruma's, which the library writes for \w, has ² and ½ too. */
const word = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\u200c\\u200d';

function isolate(regex: string): JsonObject {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false };
}

/** A pre-tokenizer whose words are the matches and nothing else. */
function keepMatches(regex: string): JsonObject {
  return { type: 'Split', pattern: { Regex: regex }, behavior: 'Removed', invert: true };
}

function escapeRegex(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** A pattern as a regular expression that can stand beside another. */
function regexOf(pattern: unknown): string {
  const { Regex: regex, String: literal } = isJsonObject(pattern) ? pattern : {};
  if (typeof regex === 'string') {
    // Without escapes and classes, which may hold such signs as characters.
    const signs = regex.replace(/\\.|\[(?:\\.|[^\]\\])*\]/gs, 'x');
    if (/[+*?]\+|\(\?>/.test(signs)) throw unsupported(`possessive quantifiers or atomic groups (${regex})`);
    return `(?:${regex})`;
  }
  if (typeof literal === 'string') return `(?:${escapeRegex(literal)})`;
  throw unsupported(`the pattern ${JSON.stringify(pattern ?? null)}`);
}

/**
 * A Split as one that JavaScript's knows: `Isolated`, or `Removed` and inverted. Matches that join a neighbour are
 * matched with it.
 */
function rewriteSplit(node: JsonObject): JsonObject {
  const match = regexOf(node['pattern']);
  const rest = `(?:(?!${match})[\\s\\S])`;
  const behavior = String(node['behavior']).toLowerCase().replaceAll('_', '');
  const inverted = node['invert'] === true;
  // Inverted, the gaps are the matches; isolated, it makes no difference.
  if (behavior === 'isolated') return isolate(match);
  if (behavior === 'removed')
    return inverted
      ? keepMatches(match)
      : { type: 'Split', pattern: { Regex: match }, behavior: 'Removed', invert: false };
  if (!inverted && behavior === 'mergedwithprevious') return isolate(`${rest}*${match}|${rest}+`);
  if (!inverted && behavior === 'mergedwithnext') return isolate(`${match}${rest}*|${rest}+`);
  if (!inverted && behavior === 'contiguous') return isolate(`${match}+`);
  throw unsupported(
    `the pre-tokenizer Split with the behavior ${JSON.stringify(node['behavior'] ?? null)}${inverted ? ', inverted' : ''}`,
  );
}

/** SentencePiece's space marker; `split` (the default) cuts before every one, which JavaScript's Metaspace does not. */
function rewriteMetaspace(node: JsonObject): JsonObject[] {
  const scheme = node['prepend_scheme'] ?? (node['add_prefix_space'] === false ? 'never' : 'always');
  const metaspace = { type: 'Metaspace', replacement: node['replacement'], prepend_scheme: scheme };
  if (node['split'] === false) return [metaspace];
  const marker = typeof node['replacement'] === 'string' ? node['replacement'] : '\u2581';
  return [metaspace, rewriteSplit({ pattern: { String: marker }, behavior: 'MergedWithNext' })];
}

const preTokenizers = [
  'Sequence',
  'ByteLevel',
  'Split',
  'Digits',
  'Metaspace',
  'Whitespace',
  'WhitespaceSplit',
  'Punctuation',
];

/** One pre-tokenizer as the list of those that stand for it. */
function rewritePreTokenizer(node: JsonObject): JsonObject[] {
  switch (node['type']) {
    case 'Sequence':
      return objectsIn(node['pretokenizers']).flatMap(rewritePreTokenizer);
    case 'Digits':
      // Rust's is_numeric: every script's digits, and numbers such as Ⅳ and ½. JavaScript's is ASCII alone.
      return [isolate(node['individual_digits'] === true ? '\\p{N}' : '\\p{N}+')];
    case 'ByteLevel':
      return [node];
    case 'Metaspace':
      return rewriteMetaspace(node);
    case 'Whitespace':
      return [keepMatches(`[${word}]+|[^${word}\\s]+`)];
    case 'WhitespaceSplit':
      return [keepMatches('\\S+')];
    case 'Punctuation':
      return [
        rewriteSplit({ pattern: { Regex: '[\\p{P}!-\\/:-@\\[-`\\{-~]' }, behavior: node['behavior'] ?? 'Isolated' }),
      ];
    default:
      return [rewriteSplit(node)];
  }
}

const normalizers = [
  'Sequence',
  'NFC',
  'NFD',
  'NFKC',
  'NFKD',
  'Replace',
  'Prepend',
  'Strip',
  'StripAccents',
  'Lowercase',
  'Precompiled',
];

function replaceAll(regex: string, content: unknown): JsonObject {
  // JavaScript's replacement reads `$` as a sign of its own.
  return { type: 'Replace', pattern: { Regex: regex }, content: String(content ?? '').replaceAll('$', '$$$$') };
}

function rewriteNormalizer(node: JsonObject): JsonObject {
  switch (node['type']) {
    case 'Sequence':
      return { type: 'Sequence', normalizers: objectsIn(node['normalizers']).map(rewriteNormalizer) };
    case 'Replace':
      return replaceAll(regexOf(node['pattern']), node['content']);
    case 'Strip':
      // Rust's white space, not JavaScript's.
      return replaceAll(
        [
          ...(node['strip_left'] === false ? [] : ['\\A\\s+']),
          ...(node['strip_right'] === false ? [] : ['\\s+\\z']),
          '(?!)',
        ].join('|'),
        '',
      );
    default:
      return node;
  }
}

const decoders = ['Sequence', 'ByteLevel', 'ByteFallback', 'Metaspace', 'Replace', 'Fuse', 'Strip'];

function rewriteDecoder(node: JsonObject): JsonObject {
  if (node['type'] === 'Sequence')
    return { type: 'Sequence', decoders: objectsIn(node['decoders']).map(rewriteDecoder) };
  return node['type'] === 'Replace' ? replaceAll(regexOf(node['pattern']), node['content']) : node;
}

/** More ids than any model has rows; it bounds the tables that a hostile file can ask for. */
const maxTokenId = 10_000_000;

/** The model's own vocabulary, token -> id, from a map or a list of [token, score]. */
function readVocabulary(model: JsonObject): Map<string, number> {
  const { vocab } = model;
  if (!Array.isArray(vocab) && !isJsonObject(vocab)) throw unsupported('a model without `vocab`');
  checkCount('tokens', Array.isArray(vocab) ? vocab.length : Object.keys(vocab).length, maxTokens);
  if (Array.isArray(model['merges'])) checkCount('merges', model['merges'].length, maxMerges);
  const entries = Array.isArray(vocab)
    ? vocab.map((entry: unknown, id) => [Array.isArray(entry) ? (entry[0] as unknown) : null, id] as const)
    : Object.entries(vocab);
  for (const [token, id] of entries) {
    if (typeof token === 'string' && typeof id === 'number' && Number.isInteger(id) && id >= 0 && id < maxTokenId)
      continue;
    throw new UserError('tokenIdBad', {
      token: JSON.stringify(token),
      id: JSON.stringify(id),
      limit: maxTokenId - 1,
    });
  }
  return new Map(entries as (readonly [string, number])[]);
}

/** Refuses models, and settings of them, that JavaScript's have no twin of. */
function checkModel(model: JsonObject, className: string): void {
  if (model['type'] !== 'BPE' && model['type'] !== 'Unigram')
    throw unsupported(`a model of the type ${JSON.stringify(model['type'] ?? null)}`);
  for (const key of ['continuing_subword_prefix', 'end_of_word_suffix'] as const) {
    if (typeof model[key] === 'string' && model[key] !== '')
      throw unsupported(`\`${key}\` ${JSON.stringify(model[key])}`);
  }
  if (typeof model['dropout'] === 'number' && model['dropout'] > 0)
    throw unsupported(`BPE dropout ${model['dropout']}`);
  if (model['type'] === 'Unigram') {
    const scores = (model['vocab'] as unknown[]).every((entry) => Array.isArray(entry) && typeof entry[1] === 'number');
    if (!scores || typeof model['unk_id'] !== 'number') throw unsupported('a Unigram model without scores or `unk_id`');
    return;
  }
  const isMerge = (merge: unknown) =>
    typeof merge === 'string'
      ? merge.includes(' ')
      : Array.isArray(merge) && merge.length === 2 && merge.every((part) => typeof part === 'string');
  if (!Array.isArray(model['merges']) || !model['merges'].every(isMerge))
    throw unsupported(`a BPE model (${className}) whose \`merges\` are no list of pairs`);
}

const namedKeys = ['bos_token', 'eos_token', 'unk_token', 'sep_token', 'pad_token', 'cls_token', 'mask_token'];

function isOwnName(config: JsonObject, key: string): boolean {
  return key.endsWith('_token') && !namedKeys.includes(key) && tokenContent(config[key]) !== null;
}

/** Name -> text of the tokens that a config names, as transformers' `special_tokens_map`. */
export function namedTokens(config: JsonObject): Record<string, string> {
  const keys = [...namedKeys, ...Object.keys(config).filter((key) => isOwnName(config, key))];
  return Object.fromEntries(
    keys.flatMap((key) => (tokenContent(config[key]) === null ? [] : [[key, tokenContent(config[key]) as string]])),
  );
}

/**
 * The tokens that tokenizer_config.json names: the standard ones, then a model's own (`boi_token`), then the further
 * ones.
 */
function namedTokensOf(config: JsonObject): {
  readonly named: readonly unknown[];
  readonly further: readonly unknown[];
} {
  const own = Object.keys(config).filter((key) => isOwnName(config, key));
  const listed = config['extra_special_tokens'] ?? config['additional_special_tokens'];
  const extra: readonly unknown[] = isJsonObject(listed) || Array.isArray(listed) ? Object.values(listed) : [];
  const named = [...namedKeys, ...own].map((key) => config[key]);
  return isJsonObject(listed) ? { named: [...named, ...extra], further: [] } : { named, further: extra };
}

/** A token that a config names: as the files describe it elsewhere, else with the flags it is given here. */
function flagsOfNamed(value: unknown, described: ReadonlyMap<string, TokenFlags>): TokenFlags | null {
  const content = tokenContent(value);
  if (content === null) return null;
  const plain = { content, lstrip: false, rstrip: false, singleWord: false, normalized: false, special: true };
  return described.get(content) ?? (isJsonObject(value) ? parseTokenFlags(value) : plain);
}

/**
 * What transformers registers, in its order: the file's tokens, those of `added_tokens_decoder` that differ, the named
 * and further ones.
 */
function collectAddedTokens(
  json: JsonObject,
  config: JsonObject,
  isRebuilt: boolean,
  vocabulary: AddedVocabulary,
): void {
  const fromFile = objectsIn(json['added_tokens']).flatMap((token) => parseTokenFlags(token) ?? []);
  if (!isRebuilt) fromFile.forEach((token) => vocabulary.add(token));
  const decoder = config['added_tokens_decoder'];
  const described = isJsonObject(decoder)
    ? Object.entries(decoder)
        .sort(([a], [b]) => Number(a) - Number(b))
        .flatMap(([, token]) => parseTokenFlags(token) ?? [])
    : fromFile;
  const byContent = new Map(described.map((token) => [token.content, token]));
  const { named, further } = namedTokensOf(config);
  const names = new Set(named.map(tokenContent));
  const toAdd = described.filter((token) => !vocabulary.has(token));
  const known = new Set([...vocabulary.tokens, ...toAdd].map(({ content }) => content));
  for (const value of [...named, ...further]) {
    const token = flagsOfNamed(value, byContent);
    if (token === null || known.has(token.content)) continue;
    known.add(token.content);
    toAdd.push(token);
  }
  for (const token of toAdd) vocabulary.add({ ...token, special: token.special || names.has(token.content) });
}

export interface AdaptedTokenizer {
  /** tokenizer.json for the JavaScript library, without added tokens and post-processor. */
  readonly json: JsonObject;
  /** tokenizer_config.json with the special tokens that its class has by default. */
  readonly config: JsonObject;
  readonly addedTokens: readonly AddedToken[];
  /** What the tokenizer itself adds around a text. */
  readonly surroundings: Surroundings;
  /** Token -> id, without the added ones. */
  readonly vocabulary: ReadonlyMap<string, number>;
}

/** tokenizer.json with the type of its model, which older files leave out. */
function withModelType(json: JsonObject, model: JsonObject): JsonObject {
  const type =
    model['type'] ?? (Array.isArray(model['merges']) ? 'BPE' : Array.isArray(model['vocab']) ? 'Unigram' : undefined);
  return { ...json, model: { ...model, type } };
}

/**
 * The files to hand to the JavaScript library, and the added tokens, which are not for it.
 * @param modelType `model_type` of config.json, where known.
 * @throws UserError when tokenizer.json is no tokenizer, or one with a part that Airlock cannot run as transformers
 * does.
 */
export function adaptTokenizer(file: JsonObject, fileConfig: JsonObject, modelType: unknown): AdaptedTokenizer {
  if (!isJsonObject(file['model'])) {
    throw new UserError('tokenizerModelMissing');
  }
  const className = resolveTokenizerClass(fileConfig, modelType);
  const config = withDefaultTokens(fileConfig, className);
  const original = withModelType(file, file['model']);
  const json = rebuildForClass(original, config, className);
  const model = json['model'] as JsonObject;
  const vocabulary = readVocabulary(model);
  checkModel(model, className);
  const { normalizer, pre_tokenizer: preTokenizer, decoder } = json;
  checkParts('normalizer', normalizer, 'normalizers');
  checkParts('pre-tokenizer', preTokenizer, 'pretokenizers');
  checkParts('decoder', decoder, 'decoders');
  checkTypes('normalizer', normalizer, normalizers, 'normalizers');
  checkTypes('pre-tokenizer', preTokenizer, preTokenizers, 'pretokenizers');
  checkTypes('decoder', decoder, decoders, 'decoders');
  // Rust tells the first word by its place in the text as it was, which a Strip may move.
  if (
    JSON.stringify(normalizer ?? null).includes('"Strip"') &&
    JSON.stringify(preTokenizer ?? null).includes('"first"')
  ) {
    throw unsupported('the normalizer "Strip" with a Metaspace that marks the first word only');
  }
  const added = new AddedVocabulary((content) => vocabulary.get(content) ?? null, vocabulary.size);
  collectAddedTokens(json, config, json !== original, added);
  return {
    config,
    vocabulary,
    addedTokens: added.tokens,
    surroundings: parsePostProcessor(json['post_processor']),
    json: {
      model,
      normalizer: isJsonObject(normalizer) ? rewriteNormalizer(normalizer) : null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: isJsonObject(preTokenizer) ? rewritePreTokenizer(preTokenizer) : [],
      },
      decoder: isJsonObject(decoder) ? rewriteDecoder(decoder) : null,
      post_processor: null,
      added_tokens: [],
    },
  };
}
