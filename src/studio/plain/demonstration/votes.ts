/**
 * @file What the audience did, read from its events: votes of each prompt, which names are revealed, and how often one
 * column won against another. A contest is a prompt, not a vote: votes on one prompt are not independent. Pure.
 */
import { winRateOf, type Outcome, type WinRate } from '../../../evaluation/win-rate';
import type { Demonstration } from '../../../storage/demonstration-record';

type Voted = Pick<Demonstration, 'columns' | 'judgements'>;

/** How many votes each column got, by its index: on one prompt, or on all whose names are revealed. */
export function votesOf({ columns, judgements }: Voted, prompt?: number): readonly number[] {
  const counts = columns.map(() => 0);
  for (const { prompt: at, column } of judgements) {
    if (column === null || column >= counts.length) continue;
    const isCounted = prompt === undefined ? isRevealed({ judgements }, at) : at === prompt;
    if (isCounted) counts[column] = (counts[column] ?? 0) + 1;
  }
  return counts;
}

/** Whether the audience knows who answered a prompt. */
export function isRevealed({ judgements }: Pick<Demonstration, 'judgements'>, prompt: number): boolean {
  return judgements.some(({ prompt: at, column }) => at === prompt && column === null);
}

/** The prompts with votes whose names are revealed, in the script's order. */
export function decidedPrompts(demonstration: Pick<Demonstration, 'columns' | 'judgements' | 'script'>): number[] {
  return [...demonstration.script.keys()].filter(
    (prompt) => isRevealed(demonstration, prompt) && votesOf(demonstration, prompt).some((votes) => votes > 0),
  );
}

/** How often a column won against another, counted in prompts; null while none is decided. */
export interface PairRate {
  readonly column: number;
  readonly against: number;
  readonly rate: WinRate | null;
}

/** The column with more votes wins the prompt. Answers that say the same are a tie, whoever of them got the votes. */
function outcomeOf(demonstration: Demonstration, prompt: number, column: number, against: number): Outcome {
  const textOf = (index: number) => demonstration.answered[prompt]?.[index]?.text.trim();
  const votes = votesOf(demonstration, prompt);
  const lead = (votes[column] ?? 0) - (votes[against] ?? 0);
  if (lead === 0 || textOf(column) === textOf(against)) return 'tie';
  return lead > 0 ? 'win' : 'loss';
}

/** The last column against those before it first: DPO against the base and SFT, then SFT against the base. */
export function pairRatesOf(demonstration: Demonstration): readonly PairRate[] {
  const decided = decidedPrompts(demonstration);
  const indices = [...demonstration.columns.keys()];
  return indices.toReversed().flatMap((column) =>
    indices.slice(0, column).map((against): PairRate => {
      const outcomes = decided.map((prompt) => outcomeOf(demonstration, prompt, column, against));
      return { column, against, rate: outcomes.length === 0 ? null : winRateOf(outcomes) };
    }),
  );
}
