/** @file The scores of a pair's two answers as they are typed, both or neither, and its margin. Pure. */
import type { PairScores, PreferencePair } from '../../../data/preference-pair';
import { parseNumber, type NumberProblem } from '../numbers';

/** What stands in the two fields; empty where there is no score. */
export interface TypedScores {
  readonly chosen: string;
  readonly rejected: string;
}

/** Whatever a reward gives; beyond it a number was mistyped. */
const rule = { min: -1e9, max: 1e9 };

export const noScores: TypedScores = { chosen: '', rejected: '' };

export const typedScores = (scores: PairScores | null | undefined): TypedScores =>
  scores ? { chosen: String(scores.chosen), rejected: String(scores.rejected) } : noScores;

export interface ReadScores {
  /** Null where both fields are empty, or something is wrong. */
  readonly scores: PairScores | null;
  readonly problems: Readonly<Partial<Record<keyof TypedScores, NumberProblem>>>;
}

/** What stands in the field of a margin; empty where there is none. */
export const typedMargin = ({ margin }: Pick<PreferencePair, 'margin'>): string =>
  margin === undefined ? '' : String(margin);

/** Reads a margin, which may stay empty. */
export function readMargin(typed: string): { readonly margin?: number; readonly problem?: NumberProblem } {
  if (typed.trim() === '') return {};
  const { value, problem } = parseNumber(typed, rule);
  return problem === null ? { margin: value } : { problem };
}

/** The pair with another margin, or without one. */
export function withMargin(pair: PreferencePair, margin: number | undefined): PreferencePair {
  const { margin: before, ...rest } = pair;
  if (margin === before) return pair;
  return margin === undefined ? (rest as PreferencePair) : { ...(rest as PreferencePair), margin };
}

/** Reads both; where one is empty and the other is not, the empty one is wrong. */
export function readScores(typed: TypedScores): ReadScores {
  if (typed.chosen.trim() === '' && typed.rejected.trim() === '') return { scores: null, problems: {} };
  const [chosen, rejected] = [parseNumber(typed.chosen, rule), parseNumber(typed.rejected, rule)];
  if (chosen.problem === null && rejected.problem === null)
    return { scores: { chosen: chosen.value, rejected: rejected.value }, problems: {} };
  return {
    scores: null,
    problems: {
      ...(chosen.problem && { chosen: chosen.problem }),
      ...(rejected.problem && { rejected: rejected.problem }),
    },
  };
}
