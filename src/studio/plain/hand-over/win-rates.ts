/**
 * @file The win rates of an adapter that leave with it, in its card and its bill of materials: of the prompt set, once
 * a person has judged all of it blind. Names and counts; no prompt and no answer.
 */
import type { MeasuredResult } from '../../../run/hand-over';
import type { PromptSet } from '../../../storage/prompt-set-record';
import { isDecided, ratesOf } from '../compare/prompt-set/prompt-set';

/** A scorer's rates are its own and do not leave. */
const noScore = (): number => 0;

/**
 * Tells how often a run's adapter, at its full strength, won against the other columns.
 * @param promptSet null where there is none
 */
export function winRateResults(runId: string, promptSet: PromptSet | null): readonly MeasuredResult[] {
  if (promptSet === null || promptSet.judge !== 'analyst' || !isDecided(promptSet)) return [];
  const { columns } = promptSet;
  return ratesOf(promptSet, noScore).flatMap(({ column, against, temperature, rate }): MeasuredResult[] => {
    const [ours, theirs] = [columns[column], columns[against]];
    if (rate === null || ours?.runId !== runId || theirs === undefined) return [];
    // The best of N answers is more than the adapter gives.
    if (ours.strength !== 100 || ours.best !== undefined) return [];
    const { wins, ties, losses, mean, interval } = rate;
    const counts = `${wins} won, ${ties} tied, ${losses} lost`;
    return [
      {
        metric: `win rate against ${theirs.name}`,
        value: mean,
        on: `${wins + ties + losses} prompts at temperature ${temperature}, judged blind: ${counts}`,
        interval: { low: interval.low, high: interval.high },
      },
    ];
  });
}
