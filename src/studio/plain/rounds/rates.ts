/**
 * @file Win rates between runs that outlast the prompt set they come from: what was judged in full, as counts. A rate
 * of two runs is the newest one of each judge. Pure.
 */
import { z } from '../../../core/zod';
import { winRateOf, type Outcome, type WinRate } from '../../../evaluation/win-rate';
import type { JudgingRound } from '../../../storage/judging-record';
import { judges, type PromptSet, type PromptSetColumn } from '../../../storage/prompt-set-record';
import { count, mapping, type Kept } from '../../../storage/versioned';
import { strengthRange } from '../compare/columns';
import { comparisonsOf } from '../judge/comparisons';
import { countCells, isDecided, ratesOf } from '../compare/prompt-set/prompt-set';
import type { ScoreAnswer } from '../starter/result';

export const keptRateSchema = mapping({
  /** When the prompt set was begun, or the round of judging first judged, which tells it from others. */
  set: z.string(),
  /** Id of the run whose wins are counted; null: the base. */
  of: z.string().nullable(),
  against: z.string().nullable(),
  judge: z.string(),
  temperature: z.number(),
  wins: count,
  ties: count,
  losses: count,
});
export type KeptRate = Kept<typeof keptRateSchema>;

/** More are not kept: the oldest go. */
const mostKept = 500;

/** Whether a column answers as the run does: not weakened, and without a choice among several answers. */
const isRunItself = (column: PromptSetColumn | undefined): column is PromptSetColumn =>
  column?.strength === strengthRange.whole && column.best === undefined;

/** Who judges a prompt set, as its rates tell it: a reward by its own name. */
const judgeOfSet = ({ judge, rewardJudge }: PromptSet): string =>
  judge === 'reward' ? (rewardJudge?.reward ?? judge) : judge;

/** The rates of a prompt set whose answers are all there and judged; none before. */
export function ratesOfSet(promptSet: PromptSet, score: ScoreAnswer): readonly KeptRate[] {
  if (promptSet.answered.length < countCells(promptSet) || !isDecided(promptSet)) return [];
  const { columns, at: set } = promptSet;
  const judge = judgeOfSet(promptSet);
  return ratesOf(promptSet, score).flatMap(({ column, against, temperature, rate }): KeptRate[] => {
    const [ours, theirs] = [columns[column], columns[against]];
    if (rate === null || !isRunItself(ours) || !isRunItself(theirs)) return [];
    const { wins, ties, losses } = rate;
    return [{ set, of: ours.runId, against: theirs.runId, judge, temperature, wins, ties, losses }];
  });
}

/** The kept rates, with those of a prompt set by its judge as they are now: what is undone takes its rates along. */
export function withRatesOf(kept: readonly KeptRate[], promptSet: PromptSet, score: ScoreAnswer): readonly KeptRate[] {
  const { judge: by } = promptSet;
  // Scores that were put away no longer tell by which reward they were.
  const isBy = (judge: string) => (by === 'reward' ? !judges.some((name) => name === judge) : judge === by);
  const isOther = ({ set, judge }: KeptRate) => set !== promptSet.at || !isBy(judge);
  return [...kept.filter(isOther), ...ratesOfSet(promptSet, score)].slice(-mostKept);
}

/**
 * The rates of a round of judging that was answered and judged in full, of every two that answered it: none before, and
 * none where nobody knows which runs answered.
 */
export function ratesOfRound(round: JudgingRound): readonly KeptRate[] {
  const { voices, answered, prompts, judgements, fingerprint, sampling } = round;
  const comparisons = comparisonsOf(round);
  const [first] = judgements;
  const isDone = answered.length === prompts.length && judgements.length === comparisons.length;
  if (first === undefined || fingerprint === null || !isDone) return [];
  return voices.flatMap(({ runId: of }, our) =>
    voices.slice(our + 1).flatMap(({ runId: against }, place): KeptRate[] => {
      const their = our + 1 + place;
      const counts = { wins: 0, ties: 0, losses: 0 };
      for (const [at, { a, b }] of comparisons.entries()) {
        const { verdict, skipped = false } = judgements[at] as JudgingRound['judgements'][number];
        const isBetween = [a.voice, b.voice].includes(our) && [a.voice, b.voice].includes(their);
        if (skipped || !isBetween || a.voice === b.voice) continue;
        const winner = verdict === 'a' ? a.voice : verdict === 'b' ? b.voice : null;
        counts[winner === null ? 'ties' : winner === our ? 'wins' : 'losses']++;
      }
      const { wins, ties, losses } = counts;
      if (of === against || wins + ties + losses === 0) return [];
      return [{ set: first.at, of, against, judge: 'analyst', temperature: sampling.temperature, ...counts }];
    }),
  );
}

/** The kept rates, with those of a round of judging as they are now: what is undone takes its rates along. */
export function withRatesOfRound(kept: readonly KeptRate[], round: JudgingRound): readonly KeptRate[] {
  const began = round.judgements[0]?.at;
  return [...kept.filter(({ set }) => set !== began), ...ratesOfRound(round)].slice(-mostKept);
}

export interface RateBetween extends Pick<KeptRate, 'judge' | 'temperature'> {
  readonly rate: WinRate;
}

function seenFrom({ wins, ties, losses }: KeptRate, isTurned: boolean): WinRate {
  const many = (outcome: Outcome, times: number): Outcome[] => Array.from({ length: times }, () => outcome);
  const [won, lost] = isTurned ? [losses, wins] : [wins, losses];
  return winRateOf([...many('win', won), ...many('tie', ties), ...many('loss', lost)]);
}

/** How often one run won against another, by each judge in the newest prompt set that it decided; null: the base. */
export function ratesBetween(
  kept: readonly KeptRate[],
  of: string | null,
  against: string | null,
): readonly RateBetween[] {
  const own = kept.filter(
    (rate) => (rate.of === of && rate.against === against) || (rate.of === against && rate.against === of),
  );
  const newest = new Map<string, string>();
  for (const { judge, set } of own) if (set > (newest.get(judge) ?? '')) newest.set(judge, set);
  return own
    .filter(({ judge, set }) => newest.get(judge) === set)
    .map((rate) => ({ judge: rate.judge, temperature: rate.temperature, rate: seenFrom(rate, rate.of !== of) }));
}
