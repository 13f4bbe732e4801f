/**
 * @file How much a tokenizer may be, and why; and whether it is done with a text in time. A file is hostile: a
 * normalizer that doubles, a pattern that tries every way or a piece as long as a book take for ever on one sentence.
 */
import { findSlowText } from '../core/slow-text';
import { UserError } from '../core/errors';
import type { JsonObject } from '../core/json';
import { isJsonObject } from '../core/json';

/** Tokens of the model's own vocabulary: 262,144 is the most published. */
export const maxTokens = 1_000_000;
/** Merges of a BPE model: the most published is 514,906. */
export const maxMerges = 2_000_000;
/** Added tokens: the most published is 6,415; each is searched for in every text. */
export const maxAddedTokens = 20_000;
/** Characters of an added token; special tokens have a few dozen. */
export const maxAddedCharacters = 1000;
/** Characters of a Unigram piece, all of which are tried at each place of a text; SentencePiece makes 16 by default. */
export const maxPieceCharacters = 256;
/** Normalizers, pre-tokenizers or decoders one after another; published tokenizers have four. */
export const maxParts = 32;
/** Characters that a normalizer or decoder puts in place of a match; published ones put one or two. */
export const maxReplacement = 64;
/** By how much a text may grow when it is normalized: NFKD makes 18 characters of one. */
export const maxGrowth = 20;

/** @throws UserError where a list is longer than its limit */
export function checkCount(what: string, count: number, limit: number): void {
  if (count > limit) throw new UserError('tokenizerTooMuch', { what, count, limit });
}

/** Checks the parts of a sequence, those of sequences inside it too. */
export function checkParts(kind: string, node: unknown, inner: string): void {
  const count = (part: unknown): number => {
    if (!isJsonObject(part)) return 0;
    const content: unknown = part['content'];
    if (typeof content === 'string')
      checkCount(`characters in the content of a ${kind}`, content.length, maxReplacement);
    const parts = part[inner];
    return Array.isArray(parts) ? parts.reduce<number>((sum, each) => sum + count(each), 0) : 1;
  };
  checkCount(`${kind}s`, count(node), maxParts);
}

/** @throws UserError where a text has grown by more than any normalizer has reason to */
export function checkGrowth(given: string, normalized: string): string {
  if (normalized.length > maxGrowth * (given.length + 50))
    throw new UserError('normalizedTooLong', { from: given.length, to: normalized.length, limit: maxGrowth });
  return normalized;
}

/**
 * Refuses a tokenizer that takes for ever on some text.
 * @throws UserError with the length and the seconds
 */
export function checkSpeed(json: JsonObject, encode: (text: string) => unknown): void {
  const spelled = JSON.stringify([json['normalizer'] ?? null, json['pre_tokenizer'] ?? null]);
  const slow = findSlowText(encode, spelled);
  if (slow !== null) throw new UserError('tokenizerTooSlow', { ...slow });
}
