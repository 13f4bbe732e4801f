/** @file Merges what two tabs answered and judged in the same round, or the same prompt set. Pure. */

export interface Judged {
  readonly answered: readonly unknown[];
  readonly judgements: readonly unknown[];
}

/**
 * Answers and judgements are only ever added at the end, or judgements taken back there. What else was not changed here
 * is as the other tab has it.
 */
export function mergeJudged<T extends Judged>(
  base: T | null,
  mine: T | null,
  theirs: T | null,
  isSameRound: (a: T, b: T) => boolean,
): T | null {
  if (mine === base) return theirs;
  if (mine === null || theirs === null || !isSameRound(mine, theirs)) return mine;
  const longer = <L extends readonly unknown[]>(a: L, b: L): L => (b.length > a.length ? b : a);
  const touched = Object.entries(mine).filter(([key, value]) => base?.[key as keyof T] !== value);
  return {
    ...theirs,
    ...Object.fromEntries(touched),
    answered: longer(mine.answered, theirs.answered),
    judgements: mine.judgements === base?.judgements ? theirs.judgements : longer(mine.judgements, theirs.judgements),
  };
}
