/**
 * @file What encoding says of pairs, counted by kind, with the fixes that the text allows. Pure; what is a fault is
 * encode-pair's to say. What is wrong with the texts themselves is check-rows's.
 */
import type { Sayable } from '../../messages/message';
import { isChatPair, type PreferencePair } from '../preference-pair';

/** What encoding found doubtful in a pair that can be trained on. */
export type EncodingFault = 'startTwice' | 'boundaryMerges' | 'noEnd' | 'cutOff' | 'unwritable';

/**
 * The checks in the order of the screen. A start token written twice is a special token in the text, which is a check
 * of its own.
 */
export const tokenCheckIds = ['leftOut', 'unwritable', 'boundaryMerges', 'noEnd', 'cutOff'] as const;

export type TokenCheckId = (typeof tokenCheckIds)[number];

/** Indices of the pairs that each check found. */
export type TokenCheckReport = Readonly<Record<TokenCheckId, readonly number[]>>;

interface Encoded {
  readonly faults: readonly EncodingFault[];
  /** Why the pair is not trained on, or null. */
  readonly problem: Sayable | null;
}

/** Lists for each check the pairs in which encoding found it. */
export function checkTokens(encoded: readonly Encoded[]): TokenCheckReport {
  const indices = (test: (pair: Encoded) => boolean) => encoded.flatMap((pair, index) => (test(pair) ? [index] : []));
  return {
    leftOut: indices(({ problem }) => problem !== null),
    unwritable: indices(({ faults }) => faults.includes('unwritable')),
    boundaryMerges: indices(({ faults }) => faults.includes('boundaryMerges')),
    noEnd: indices(({ faults }) => faults.includes('noEnd')),
    cutOff: indices(({ faults }) => faults.includes('cutOff')),
  };
}

/** Tokens of a pair's answers, and how many of them are parts of a character. */
interface Pieces {
  readonly chosenTokens: number;
  readonly rejectedTokens: number;
  readonly pieceTokens: number;
}

/** The share of the tokens of these pairs' answers that are parts of a character; 0 for no pairs. */
export function pieceShare(encoded: readonly Pieces[], indices: readonly number[]): number {
  let [pieces, tokens] = [0, 0];
  for (const { chosenTokens, rejectedTokens, pieceTokens } of indices.flatMap((index) => encoded[index] ?? [])) {
    pieces += pieceTokens;
    tokens += chosenTokens + rejectedTokens;
  }
  return tokens === 0 ? 0 : pieces / tokens;
}

/** Moves white space at the prompt's end to the beginning of both answers; the whole text stays as it is. */
export function withSpaceMoved(pair: PreferencePair): PreferencePair {
  if (isChatPair(pair)) return pair;
  const prompt = pair.prompt.trimEnd();
  const space = pair.prompt.slice(prompt.length);
  return space === '' || prompt === ''
    ? pair
    : { prompt, chosen: space + pair.chosen, rejected: space + pair.rejected };
}

/** Returns the rows after the fix; the very rows given where the text allows none. */
export function fixTokens<T extends { readonly pair: PreferencePair }>(
  rows: readonly T[],
  check: TokenCheckId,
  report: TokenCheckReport,
): readonly T[] {
  const found = new Set(report[check]);
  if (check === 'leftOut' || check === 'cutOff') return rows.filter((_, index) => !found.has(index));
  if (check === 'noEnd' || check === 'unwritable') return rows;
  const fixed = rows.map((row, index) => {
    const pair = found.has(index) ? withSpaceMoved(row.pair) : row.pair;
    return pair === row.pair ? row : { ...row, pair };
  });
  return fixed.some((row, index) => row !== rows[index]) ? fixed : rows;
}
