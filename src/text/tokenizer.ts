/**
 * @file Text <-> token ids, over `@huggingface/tokenizers`, with the ids of transformers 5.18's AutoTokenizer.
 * tokenizer-class.ts and tokenizer-json.ts settle the differences in encoding; here are the special tokens and decoding.
 * Decoding differs from Python in one way, on purpose: of an unfinished run of byte tokens Python makes one U+FFFD per
 * byte of the whole run, this keeps the characters that are complete, so that streamed Korean text does not vanish.
 */
import { ByteFallbackDecoder, SequenceDecoder, Tokenizer as HuggingFaceTokenizer } from '@huggingface/tokenizers';
import { UserError } from '../core/errors';
import type { JsonObject } from './tokenizer-class';
import { adaptTokenizer, specialTokensOf, tokenContent } from './tokenizer-json';
import type { AdaptedTokenizer } from './tokenizer-json';

export interface Tokenizer {
  /** `addSpecialTokens` adds what the tokenizer itself adds around a text, usually a start token. */
  encode(text: string, options: { addSpecialTokens: boolean }): number[];
  /** Ids without a token (the padding of a vocabulary) are left out. */
  decode(ids: readonly number[], options: { skipSpecialTokens: boolean }): string;
  /** The highest id and one; a model may have more rows than that. */
  readonly vocabularySize: number;
  readonly bosToken: string | null;
  readonly bosTokenId: number | null;
  readonly eosToken: string | null;
  readonly eosTokenId: number | null;
  readonly padTokenId: number | null;
  isSpecial(id: number): boolean;
  /** The token as the vocabulary spells it (` the` may be `Ġthe` or `▁the`); empty for an id without a token. */
  tokenText(id: number): string;
}

/** TextDecoder drops a byte order mark at the start of what it decodes; in the middle of a text that is a character. */
function keepByteOrderMarks(tokenizer: HuggingFaceTokenizer): void {
  const { decoder } = tokenizer;
  const parts = decoder instanceof SequenceDecoder ? decoder.decoders : [decoder];
  for (const part of parts) {
    if (part instanceof ByteFallbackDecoder) part.text_decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  }
}

function build({ json, config }: AdaptedTokenizer): HuggingFaceTokenizer {
  try {
    const tokenizer = new HuggingFaceTokenizer(json, config);
    keepByteOrderMarks(tokenizer);
    return tokenizer;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`tokenizer.json describes a tokenizer that Airlock cannot run (${reason}). Use a model with another tokenizer.`);
  }
}

/** The first id of a config's eos_token_id, which may be a list. */
function firstId(value: unknown): number | null {
  const id: unknown = Array.isArray(value) ? value[0] : value;
  return typeof id === 'number' ? id : null;
}

/** A special token by name: tokenizer_config.json's `<name>_token`; for `eos` else the model config's `eos_token_id`. */
function namedToken(
  name: 'bos' | 'eos' | 'pad',
  tokenizer: HuggingFaceTokenizer,
  config: JsonObject,
  modelConfig: JsonObject,
): { text: string; id: number } | null {
  const configured = tokenContent(config[`${name}_token`]);
  if (configured !== null) {
    const id = tokenizer.token_to_id(configured);
    if (id !== undefined) return { text: configured, id };
    throw new UserError(
      `tokenizer_config.json names ${JSON.stringify(configured)} as ${name}_token, which tokenizer.json does not know. ` +
        'The files may come from different models; take a fresh copy of both.',
    );
  }
  // Only the end-of-sequence token may come from the model's config, since training needs one; AutoTokenizer takes none
  // from there, and null in tokenizer_config.json means that there is none.
  const id = name !== 'eos' || Object.hasOwn(config, 'eos_token') ? null : firstId(modelConfig['eos_token_id']);
  const text = id === null ? undefined : tokenizer.id_to_token(id);
  return id === null || text === undefined ? null : { text, id };
}

/**
 * @param tokenizerJson tokenizer.json
 * @param tokenizerConfig tokenizer_config.json, or {}
 * @param modelConfig config.json: its `model_type` decides the tokenizer's class; its `eos_token_id` is taken where
 *   tokenizer_config.json says nothing of an end-of-sequence token.
 * @throws UserError when the files do not describe a tokenizer that can be run.
 */
export function loadTokenizer(tokenizerJson: JsonObject, tokenizerConfig: JsonObject, modelConfig: JsonObject = {}): Tokenizer {
  const adapted = adaptTokenizer(tokenizerJson, tokenizerConfig, modelConfig['model_type']);
  const { config } = adapted;
  const tokenizer = build(adapted);
  const vocabulary = tokenizer.model?.vocab ?? [];
  const named = (name: 'bos' | 'eos' | 'pad') => namedToken(name, tokenizer, config, modelConfig);
  const [bos, eos, pad] = [named('bos'), named('eos'), named('pad')];
  const special = new Set<number | undefined>([bos?.id, eos?.id, pad?.id]);
  for (const token of tokenizer.get_added_tokens_decoder().values()) if (token.special) special.add(token.id);
  for (const text of specialTokensOf(config)) special.add(tokenizer.token_to_id(text));
  special.delete(undefined);

  return {
    encode: (text, { addSpecialTokens }) => tokenizer.encode(text, { add_special_tokens: addSpecialTokens }).ids,
    decode(ids, { skipSpecialTokens }) {
      const kept = ids.filter((id) => vocabulary[id] !== undefined && !(skipSpecialTokens && special.has(id)));
      // The library refuses an empty list, and cleans up spaces unless told not to; transformers 5 does not.
      return kept.length === 0 ? '' : tokenizer.decode(kept, { clean_up_tokenization_spaces: false });
    },
    vocabularySize: vocabulary.length,
    bosToken: bos?.text ?? null,
    bosTokenId: bos?.id ?? null,
    eosToken: eos?.text ?? null,
    eosTokenId: eos?.id ?? null,
    padTokenId: pad?.id ?? null,
    isSpecial: (id) => special.has(id),
    tokenText: (id) => vocabulary[id] ?? '',
  };
}
