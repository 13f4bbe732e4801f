/**
 * @file Text <-> token ids with the ids and the text of transformers 5.18's AutoTokenizer. The stages are the Rust
 * crate's: added tokens are cut out (added-tokens.ts), the rest is normalized, cut into words, and each word is given
 * to the model; normalizers, pre-tokenizers, models and decoders are `@huggingface/tokenizers`', adapted
 * (tokenizer-json.ts) and corrected (library-corrections.ts).
 */
import { SequencePreTokenizer, Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import type { Model } from '@huggingface/tokenizers';
import { UserError } from '../core/errors';
import { AddedTokenSplitter } from './added-tokens';
import { correctDecoder, correctModel, correctNormalizer, correctPreTokenizer } from './library-corrections';
import type { JsonObject } from '../core/json';
import { isJsonObject } from '../core/json';
import { tokenContent } from './tokenizer-class';
import { adaptTokenizer, namedTokens } from './tokenizer-json';
import { checkGrowth, checkSpeed } from './tokenizer-limits';
import type { AdaptedTokenizer } from './tokenizer-json';

export interface Tokenizer {
  /** Encodes a text; `addSpecialTokens` adds what the tokenizer itself adds around one, usually a start token. */
  encode(text: string, options: { addSpecialTokens: boolean }): number[];
  /** Decodes ids to text; those without a token (the padding of a vocabulary) are left out. */
  decode(ids: readonly number[], options: { skipSpecialTokens: boolean }): string;
  /** One more than the highest id; a model may have more rows than that. */
  readonly vocabularySize: number;
  /** The texts of the tokens that a chat template may name, such as `bos_token`. */
  readonly specialTokens: Readonly<Record<string, string>>;
  readonly bosToken: string | null;
  readonly bosTokenId: number | null;
  readonly eosToken: string | null;
  readonly eosTokenId: number | null;
  readonly padTokenId: number | null;
  isSpecial(id: number): boolean;
  /** Spells a token as the vocabulary does (` the` may be `Ġthe` or `▁the`); empty for an id without a token. */
  tokenText(id: number): string;
}

/** The stages of the library, built and corrected. */
interface Stages {
  normalize(text: string): string;
  /** `atStart`: the text begins where the whole input began. */
  cutIntoWords(text: string, atStart: boolean): string[];
  /** Encodes one word. */
  encodeWord(word: string): number[];
  join(tokens: string[]): string;
}

const encoder = new TextEncoder();

/** Finds the byte tokens that spell a text, or null where the vocabulary lacks one. */
function byteTokens(model: Model, text: string): number[] | null {
  const ids = [...encoder.encode(text)].map((byte) =>
    model.tokens_to_ids.get(`<0x${byte.toString(16).toUpperCase().padStart(2, '0')}>`),
  );
  return ids.every((id) => id !== undefined) ? ids : null;
}

/**
 * One word's ids. What the vocabulary lacks becomes byte tokens where the model has them, else the unknown token, else
 * nothing.
 */
function encodeWord(model: Model, word: string): number[] {
  const usesBytes = (model.config as { byte_fallback?: boolean }).byte_fallback === true;
  const isKnown = (text: string) => model.tokens_to_ids.has(text) || (usesBytes && byteTokens(model, text) !== null);
  // Without an unknown token, a character is left out before its neighbours merge.
  const spelled = model.unk_token_id === undefined ? Array.from(word).filter(isKnown).join('') : word;
  return model([spelled]).flatMap(
    (token) =>
      model.tokens_to_ids.get(token) ?? (usesBytes ? byteTokens(model, token) : null) ?? model.unk_token_id ?? [],
  );
}

function buildStages({ json }: AdaptedTokenizer): Stages {
  const { normalizer, pre_tokenizer: words, model, decoder } = new HuggingFaceTokenizer(json, {});
  if (model === null || !(words instanceof SequencePreTokenizer)) throw new Error('it has no model');
  correctNormalizer(normalizer);
  correctDecoder(decoder);
  correctModel(model);
  words.tokenizers.forEach(correctPreTokenizer);
  return {
    normalize: (text) => checkGrowth(text, normalizer?.normalize(text) ?? text),
    cutIntoWords: (text, atStart) =>
      words.tokenizers.reduce<string[]>(
        (pieces, part) =>
          part === null
            ? pieces
            : pieces.flatMap((piece, i) =>
                part.pre_tokenize_text(piece, { section_index: atStart && i === 0 ? 0 : 1 }),
              ),
        text === '' ? [] : [text],
      ),
    encodeWord: (word) => encodeWord(model, word),
    join: (tokens) => decoder?.decode(tokens) ?? tokens.join(' '),
  };
}

function build(adapted: AdaptedTokenizer): Stages {
  try {
    const stages = buildStages(adapted);
    checkSpeed(adapted.json, (text) =>
      stages.cutIntoWords(stages.normalize(text), true).flatMap((word) => stages.encodeWord(word)),
    );
    return stages;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError('tokenizerUnsupported', { reason });
  }
}

/** Takes the first id of a config's eos_token_id, which may be a list. */
function firstId(value: unknown): number | null {
  const id: unknown = Array.isArray(value) ? value[0] : value;
  return typeof id === 'number' ? id : null;
}

/** Joins punctuation to the word before it as transformers' `clean_up_tokenization` does. */
function cleanUp(text: string): string {
  const rules = [' .', ' ?', ' !', ' ,', " ' ", " n't", " 'm", " 's", " 've", " 're"];
  return rules.reduce((out, rule) => out.replaceAll(rule, rule.trim()), text);
}

interface NamedToken {
  readonly text: string;
  readonly id: number;
}

/**
 * @param tokenizerJson tokenizer.json
 * @param tokenizerConfig tokenizer_config.json, or {}
 * @param modelConfig config.json: its `model_type` decides the tokenizer's class; its `eos_token_id` is taken where
 *    tokenizer_config.json says nothing of an end-of-sequence token, since training needs one (AutoTokenizer takes
 * none).
 * @throws UserError when the files do not describe a tokenizer that can be run.
 */
export function loadTokenizer(
  tokenizerJson: JsonObject,
  tokenizerConfig: JsonObject,
  modelConfig: JsonObject = {},
): Tokenizer {
  const adapted = adaptTokenizer(tokenizerJson, tokenizerConfig, modelConfig['model_type']);
  const { config, addedTokens, vocabulary, surroundings } = adapted;
  const { before, after } = surroundings;
  const stages = build(adapted);
  // As the option says, special tokens in a text are text; the library then looks for the other added tokens alone.
  const searched =
    config['split_special_tokens'] === true ? addedTokens.filter((token) => !token.special) : addedTokens;
  const splitter = new AddedTokenSplitter(searched, stages.normalize);
  const added = new Map(addedTokens.map(({ content, id }) => [content, id]));
  const tokens: string[] = [];
  for (const [token, id] of vocabulary) tokens[id] = token;
  // A token that is searched in the normalized text is spelled as normalized, too.
  for (const { content, id, normalized } of addedTokens) tokens[id] = normalized ? stages.normalize(content) : content;
  const special = new Set(addedTokens.filter((token) => token.special).map(({ id }) => id));
  // Rust leaves out by spelling: a special token that its normalizer changes is not left out.
  const spelledSpecial = new Set(addedTokens.filter((token) => token.special).map(({ content }) => content));

  // transformers ignores the option for BPE, whose text it would corrupt, unless a second option insists.
  const isBpe = (adapted.json['model'] as JsonObject)['type'] === 'BPE';
  const cleansUp =
    config['clean_up_tokenization_spaces'] === true &&
    (!isBpe || config['clean_up_tokenization_spaces_for_bpe_even_though_it_will_corrupt_output'] === true);

  const named = (name: 'bos' | 'eos' | 'pad'): NamedToken | null => {
    const text = tokenContent(config[`${name}_token`]);
    const id = text === null ? undefined : (added.get(text) ?? vocabulary.get(text));
    return text === null || id === undefined ? null : { text, id };
  };
  const eosOfModel = (): NamedToken | null => {
    const id = Object.hasOwn(config, 'eos_token') ? null : firstId(modelConfig['eos_token_id']);
    const text = id === null ? undefined : tokens[id];
    return id === null || text === undefined ? null : { text, id };
  };
  const [bos, pad] = [named('bos'), named('pad')];
  const eos = named('eos') ?? eosOfModel();
  checkEos(eos, tokenizerJson, vocabulary, modelConfig);
  if (eos !== null) {
    special.add(eos.id);
    spelledSpecial.add(eos.text);
  }

  return {
    encode(text, { addSpecialTokens }) {
      const ids = splitter
        .split(text)
        .flatMap((piece) =>
          'id' in piece ? [piece.id] : stages.cutIntoWords(piece.text, piece.atStart).flatMap(stages.encodeWord),
        );
      return addSpecialTokens ? [...before, ...ids, ...after] : ids;
    },
    decode(ids, { skipSpecialTokens }) {
      const kept = ids.filter(
        (id) => tokens[id] !== undefined && !(skipSpecialTokens && spelledSpecial.has(tokens[id])),
      );
      const text = kept.length === 0 ? '' : stages.join(kept.map((id) => tokens[id] ?? ''));
      return cleansUp ? cleanUp(text) : text;
    },
    vocabularySize: tokens.length,
    specialTokens: { ...namedTokens(config), ...(eos !== null && { eos_token: eos.text }) },
    bosToken: bos?.text ?? null,
    bosTokenId: bos?.id ?? null,
    eosToken: eos?.text ?? null,
    eosTokenId: eos?.id ?? null,
    padTokenId: pad?.id ?? null,
    isSpecial: (id) => special.has(id),
    tokenText: (id) => tokens[id] ?? '',
  };
}

/**
 * An end-of-sequence token that only a name stands for gets an id like any new token; the model must have a row for it.
 */
function checkEos(
  eos: NamedToken | null,
  json: JsonObject,
  vocabulary: ReadonlyMap<string, number>,
  modelConfig: JsonObject,
): void {
  if (eos === null || vocabulary.has(eos.text)) return;
  const listed =
    Array.isArray(json['added_tokens']) &&
    json['added_tokens'].some((token) => isJsonObject(token) && token['content'] === eos.text);
  const rows = modelConfig['vocab_size'];
  if (listed || (typeof rows === 'number' && eos.id < rows)) return;
  throw new UserError('eosTokenUnknown', { token: JSON.stringify(eos.text) });
}
