/** @file What a round came to, shown when the judging is over: only here is it told who wrote what. */
import { winRateOf, type Outcome, type WinRate } from '../../../evaluation/win-rate';
import type { JudgingRound, Verdict } from '../../../storage/judging-record';
import { comparisonsOf } from './comparisons';

export interface VoiceResult {
  readonly name: string;
  /**
   * Its wins against the other voices, where a tie and two bad answers both count as a tie; null where it met no other.
   */
  readonly rate: WinRate | null;
}

export interface RoundSummary {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  readonly edits: number;
  /** Comparisons that were left undecided; they count nowhere else. */
  readonly skipped: number;
  /** Number of judgements that made a pair. */
  readonly pairs: number;
  /**
   * Share of the choices between texts of different length in which the longer one was chosen; null where there were
   * none.
   */
  readonly longerChosen: number | null;
  readonly voices: readonly VoiceResult[];
}

export function summariseRound(round: JudgingRound): RoundSummary {
  const verdicts: Record<Verdict, number> = { a: 0, b: 0, tie: 0, bad: 0 };
  const outcomes = round.voices.map((): Outcome[] => []);
  let [edits, skips, longer, unequal] = [0, 0, 0, 0];
  const comparisons = comparisonsOf(round);
  for (const [index, { verdict, edited, skipped = false }] of round.judgements.entries()) {
    const comparison = comparisons[index];
    if (comparison === undefined) continue;
    if (skipped) {
      skips++;
      continue;
    }
    const { a, b } = comparison;
    verdicts[verdict]++;
    if (edited !== null) edits++;
    const isChoice = verdict === 'a' || verdict === 'b';
    if (isChoice && a.text.length !== b.text.length) {
      unequal++;
      if (a.text.length > b.text.length === (verdict === 'a')) longer++;
    }
    if (a.voice === b.voice) continue;
    outcomes[a.voice]?.push(!isChoice ? 'tie' : verdict === 'a' ? 'win' : 'loss');
    outcomes[b.voice]?.push(!isChoice ? 'tie' : verdict === 'b' ? 'win' : 'loss');
  }
  return {
    verdicts,
    edits,
    skipped: skips,
    pairs: verdicts.a + verdicts.b,
    longerChosen: unequal === 0 ? null : longer / unequal,
    voices: round.voices.map(({ name }, voice) => {
      const own = outcomes[voice] ?? [];
      return { name, rate: own.length === 0 ? null : winRateOf(own) };
    }),
  };
}
