/** @file What a prompt set says in the end: who is better than whom, and on which prompts it shows best. Pure. */
import type { WinRate } from '../../../../evaluation/win-rate';
import type { PromptSet } from '../../../../storage/prompt-set-record';
import type { ScoreAnswer } from '../../starter/result';
import { cellsOf, outcomesOf, pairingsOf, scoresOf, type Cell, type Pairing, type Rate } from './prompt-set';

export type Leaning = 'better' | 'worse' | 'open';

/** Says whether the 95 % interval lies above one half, lies below it, or holds it. */
export function leaning({ low, high }: { readonly low: number; readonly high: number }): Leaning {
  return low > 0.5 ? 'better' : high < 0.5 ? 'worse' : 'open';
}

export interface RateAt {
  readonly temperature: number;
  readonly rate: WinRate;
  readonly leaning: Leaning;
}

export interface PairingVerdict extends Pairing {
  /** Where the temperatures do not agree it is `mixed`. */
  readonly verdict: Leaning | 'mixed';
  readonly at: readonly RateAt[];
}

/** One verdict for each pairing of which anything is judged; the first is the one to begin with. */
export function verdictsOf(promptSet: PromptSet, rates: readonly Rate[]): readonly PairingVerdict[] {
  const all = pairingsOf(promptSet).flatMap(({ column, against }): PairingVerdict[] => {
    const at = rates.flatMap((rate): RateAt[] =>
      rate.column !== column || rate.against !== against || rate.rate === null
        ? []
        : [{ temperature: rate.temperature, rate: rate.rate, leaning: leaning(rate.rate.interval) }],
    );
    const [first] = at;
    if (first === undefined) return [];
    const isOne = at.every((each) => each.leaning === first.leaning);
    return [{ column, against, at, verdict: isOne ? first.leaning : 'mixed' }];
  });
  const isOfDpo = ({ column }: Pairing) => promptSet.columns[column]?.role === 'dpo';
  return [...all.filter(isOfDpo), ...all.filter((one) => !isOfDpo(one))];
}

export interface PairingExample extends Cell, Pairing {
  /** Above 0 where the column won: its score above the other's, or 1 where a person chose it. */
  readonly gain: number;
}

/** The prompts on which a column won most clearly, and those on which it lost so, each prompt once. */
export function examplesOf(
  promptSet: PromptSet,
  { column, against }: Pairing,
  score: ScoreAnswer,
  count: number,
): { readonly best: readonly PairingExample[]; readonly worst: readonly PairingExample[] } {
  const cells = cellsOf(promptSet);
  const scores = scoresOf(promptSet, score);
  const judged = outcomesOf(promptSet, score).flatMap((each): PairingExample[] => {
    const cell = cells[each.cell];
    if (cell === undefined || each.column !== column || each.against !== against || each.outcome === 'tie') return [];
    const given = scores[each.cell];
    const sign = each.outcome === 'win' ? 1 : -1;
    return [{ ...cell, column, against, gain: given ? (given[column] ?? 0) - (given[against] ?? 0) : sign }];
  });
  const isFirstOfPrompt = (one: PairingExample, index: number, all: readonly PairingExample[]) =>
    all.findIndex(({ prompt }) => JSON.stringify(prompt) === JSON.stringify(one.prompt)) === index;
  const most = (sign: 1 | -1) =>
    judged
      .filter(({ gain }) => sign * gain > 0)
      .toSorted((a, b) => sign * (b.gain - a.gain))
      .filter(isFirstOfPrompt)
      .slice(0, count);
  return { best: most(1), worst: most(-1) };
}
