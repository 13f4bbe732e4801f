/**
 * @file Tokens that are parts of a character. A model whose vocabulary lacks a script writes it byte by byte, two to
 * four tokens a letter, which it has hardly learned: so the share of such tokens tells whether it can write a text.
 */
import type { Tokenizer } from './tokenizer';

/** Counts tokens that are parts of a character, or stand for one that the vocabulary has no token for. */
export function pieceCounter(tokenizer: Tokenizer): (ids: readonly number[]) => number {
  const unknown = tokenizer.specialTokens['unk_token'];
  const known = new Map<number, boolean>();
  const isPiece = (id: number): boolean => {
    const text = tokenizer.tokenText(id);
    if (tokenizer.isSpecial(id)) return text === unknown;
    return tokenizer.decode([id], { skipSpecialTokens: false }).includes('\ufffd');
  };
  return (ids) =>
    ids.reduce((count, id) => {
      let piece = known.get(id);
      if (piece === undefined) known.set(id, (piece = isPiece(id)));
      return count + (piece ? 1 : 0);
    }, 0);
}
