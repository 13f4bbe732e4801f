/**
 * @file A pair as a row of TRL's formats: preference, prompt and completion where there is one answer, or prompt alone.
 */
import { hasAnswer, type PairScores, type PreferencePair } from './preference-pair';

/**
 * The row to be written: both answers, with their scores where they are known, or the one that there is, or none.
 * @param isThumb whether `label` says if the one answer is good, as in TRL's unpaired format
 */
export function trlRow(pair: PreferencePair, scores: PairScores | null, isThumb: boolean): object {
  const { prompt, chosen, rejected } = pair;
  const isGood = hasAnswer(pair, 'chosen');
  if (isGood && hasAnswer(pair, 'rejected'))
    return {
      prompt,
      chosen,
      rejected,
      ...(pair.margin !== undefined && { margin: pair.margin }),
      ...(scores && { chosen_score: scores.chosen, rejected_score: scores.rejected }),
    };
  if (!isGood && !hasAnswer(pair, 'rejected')) return { prompt };
  return { prompt, completion: isGood ? chosen : rejected, ...(isThumb && { label: isGood }) };
}
