/**
 * @file Several objectives as one: the weighted sum of their losses, as TRL combines a list of loss_types.
 */
import type { Objective, PairOutcome } from './objective';

export interface WeightedObjective<Options extends object> {
  readonly objective: Objective<Options>;
  readonly weight: number;
}

/** sum_k weight_k values_k, element by element. */
function weightedSum(
  parts: readonly { readonly weight: number; readonly values: Float64Array }[],
  length: number,
): Float64Array {
  const total = new Float64Array(length);
  for (const { weight, values } of parts)
    for (let i = 0; i < length; i++) total[i] = (total[i] as number) + weight * (values[i] as number);
  return total;
}

/**
 * loss = sum_k weight_k loss_k over terms that are all means over pairs. The rewards are those of the first term that
 * has any: within the DPO family all terms agree on them.
 */
export function combine<Options extends object>(terms: readonly WeightedObjective<Options>[]): Objective<Options> {
  const objectives = terms.map(({ objective }) => objective);
  return {
    reads: [...new Set(objectives.flatMap(({ reads }) => reads))],
    usesRejected: objectives.some(({ usesRejected }) => usesRejected),
    usesReference: objectives.some(({ usesReference }) => usesReference),
    meanOver: 'pairs',
    rewards: objectives.find(({ rewards }) => rewards !== null)?.rewards ?? null,
    isPerToken: objectives.every(({ isPerToken }) => isPerToken),
    readsSurvey: objectives.some(({ readsSurvey }) => readsSurvey === true),
    readsScores: objectives.some(({ readsScores }) => readsScores === true),
    evaluate: (policy, reference, options, batch) => {
      const outcomes = terms.map(({ objective, weight }) => ({
        weight,
        ...objective.evaluate(policy, reference, options, batch),
      }));
      const slopes = (side: 'chosen' | 'rejected'): Float64Array =>
        weightedSum(
          outcomes.map((outcome) => ({ weight: outcome.weight, values: outcome[side] })),
          policy[side].length,
        );
      return {
        loss: outcomes.reduce((sum, { weight, loss }) => sum + weight * loss, 0),
        chosen: slopes('chosen'),
        rejected: slopes('rejected'),
        rewards: outcomes.find(({ rewards }) => rewards !== null)?.rewards ?? null,
      } satisfies PairOutcome;
    },
  };
}
