/**
 * @file Online DPO (Guo et al. 2024, arXiv 2402.04792) as TRL 1.13's OnlineDPOTrainer computes it: of two answers that
 * the policy gives to a prompt the better one is the chosen one, and from there on it is DPO on the sums of their
 * log-ratios. Not here: who draws and judges the answers (training/rollouts.ts).
 */
import { ipoLoss } from './ipo';
import { marginObjective, type MarginOptions } from './log-ratio';
import { smoothedLogisticLoss, type Sloped } from './logistic';
import type { Objective } from './objective';

interface OnlineOptions {
  readonly beta: number;
  readonly max_completion_length: number;
  readonly temperature: number;
  readonly top_p: number;
  readonly top_k: number;
  readonly missing_eos_penalty: number | null;
}

export interface JudgedAnswer {
  /** Null where it could not be judged. */
  readonly reward: number | null;
  /** Whether it ended by itself and was not cut off. */
  readonly isEnded: boolean;
}

/** Which of the two answers to a prompt is the better one, and by how much. */
export interface Verdict {
  readonly better: 0 | 1;
  readonly lead: number;
}

/**
 * Compares two answers by their rewards, less the penalty of one that does not end; the first where they are worth the
 * same. Null where one of them could not be judged.
 */
export function compareAnswers(
  [first, second]: readonly JudgedAnswer[],
  { missing_eos_penalty }: Pick<OnlineOptions, 'missing_eos_penalty'>,
): Verdict | null {
  if (first?.reward == null || second?.reward == null) return null;
  const [ofFirst, ofSecond] = [first, second].map(
    ({ reward, isEnded }) => (reward as number) - (isEnded ? 0 : (missing_eos_penalty ?? 0)),
  ) as [number, number];
  return { better: ofFirst >= ofSecond ? 0 : 1, lead: Math.abs(ofFirst - ofSecond) };
}

const online = (
  lossOf: (x: number, options: { readonly beta: number }) => Sloped,
): Objective<MarginOptions & OnlineOptions> => ({
  ...marginObjective<OnlineOptions>({}, lossOf),
  reads: ['beta', 'max_completion_length', 'temperature', 'top_p', 'top_k', 'missing_eos_penalty'],
  isOnPolicy: true,
});

/** loss = -log sigmoid(x), x = beta (chosen log-ratio - rejected log-ratio). */
export const onlineDpo = online((x) => smoothedLogisticLoss(x, 0));

/** loss = (h - 1 / (2 beta))^2, h = x / beta: IPO on sums, where DPOTrainer's divides each by its answer's length. */
export const onlineIpo = online(ipoLoss);
