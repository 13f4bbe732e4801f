/**
 * @file Alignment by optimal transport (Melnyk et al. 2024, arXiv 2406.05882): TRL's loss_types "aot" and
 * "aot_unpaired". Not the pairs are compared but the sorted numbers of a micro-batch, so these objectives read their
 * batch's survey; a pair on its own is DPO.
 */
import { smoothedLogisticLoss } from './logistic';
import { familyReads, spreadSlope, weighTokens, weightedSum, type FamilyOptions } from './log-ratio';
import type { MicroBatch, Objective, PairTokenLogps, PairValues, Survey } from './objective';

interface AotOptions extends FamilyOptions {
  readonly label_smoothing: number;
}

interface Sums {
  readonly policy: PairValues;
  readonly reference: PairValues;
}

function sumsOf(policy: PairTokenLogps, reference: PairTokenLogps, options: FamilyOptions): Sums {
  const weights = weighTokens(policy, options);
  const sum = ({ chosen, rejected }: PairTokenLogps): PairValues => ({
    chosen: weightedSum(chosen, weights),
    rejected: weightedSum(rejected, weights),
  });
  return { policy: sum(policy), reference: sum(reference) };
}

/** The sums of each pair of a survey, made once for all that are evaluated in it. */
function surveyedSums(): (pairs: Survey['pairs'], options: FamilyOptions) => readonly Sums[] {
  const made = new WeakMap<Survey['pairs'], { readonly options: FamilyOptions; readonly sums: readonly Sums[] }>();
  return (pairs, options) => {
    const known = made.get(pairs);
    if (known?.options === options) return known.sums;
    const sums = pairs.map(({ policy, reference }) => sumsOf(policy, reference, options));
    made.set(pairs, { options, sums });
    return sums;
  };
}

/** How many of the values come before the one at `place` when they are sorted, equal ones in their order. */
function rankOf(values: readonly number[], place: number): number {
  const own = values[place] as number;
  return values.filter((value, i) => value < own || (value === own && i < place)).length;
}

/** What stands at the rank that `values[place]` has among `values`, once `others` are sorted. */
function partnerOf(values: readonly number[], place: number, others: readonly number[]): number {
  return [...others].sort((a, b) => a - b)[rankOf(values, place)] as number;
}

/** Loss of a pair by its own number and the one of equal rank: chosen and rejected may have partners of their own. */
interface Transport {
  readonly loss: number;
  readonly chosen: number;
  readonly rejected: number;
}

function aotObjective(
  transport: (own: Sums, batch: readonly Sums[], place: number, options: AotOptions) => Transport,
): Objective<AotOptions> {
  const sumsIn = surveyedSums();
  return {
    reads: familyReads(['label_smoothing']),
    usesRejected: true,
    usesReference: true,
    meanOver: 'pairs',
    rewards: 'log-ratio',
    isPerToken: false,
    readsSurvey: true,
    evaluate: (policy, reference, options, { survey }: MicroBatch) => {
      const own = sumsOf(policy, reference, options);
      const others = survey == null ? [own] : sumsIn(survey.pairs, options);
      const { loss, chosen, rejected } = transport(own, others, survey?.place ?? 0, options);
      const weights = weighTokens(policy, options);
      return {
        loss,
        chosen: spreadSlope(chosen, policy.chosen.length, weights),
        rejected: spreadSlope(rejected, policy.rejected.length, weights),
        rewards: {
          chosen: options.beta * (own.policy.chosen - own.reference.chosen),
          rejected: options.beta * (own.policy.rejected - own.reference.rejected),
        },
      };
    },
  };
}

/**
 * loss = the mean of -log sigmoid(beta (a_i - b_i)), a the sorted differences log pi(y_w) - log pi(y_l) of the policy,
 * b those of the reference (section 3, paired); with label_smoothing as in conservative DPO.
 */
export const aot = aotObjective((own, batch, place, { beta, label_smoothing }) => {
  const difference = ({ chosen, rejected }: PairValues): number => chosen - rejected;
  const policy = batch.map((sums) => difference(sums.policy));
  const reference = batch.map((sums) => difference(sums.reference));
  const delta = difference(own.policy) - partnerOf(policy, place, reference);
  const { loss, slope } = smoothedLogisticLoss(beta * delta, label_smoothing);
  return { loss, chosen: beta * slope, rejected: -beta * slope };
});

/**
 * loss = the mean of -log sigmoid(beta (c_i - r_i)), c the sorted log-ratios of the chosen answers, r those of the
 * rejected ones (section 3, unpaired). An answer's slope is that of the term which it stands in by its rank.
 */
export const aotUnpaired = aotObjective((own, batch, place, { beta, label_smoothing }) => {
  const ratio = ({ policy, reference }: Sums, side: keyof PairValues): number => policy[side] - reference[side];
  const chosen = batch.map((sums) => ratio(sums, 'chosen'));
  const rejected = batch.map((sums) => ratio(sums, 'rejected'));
  const ofChosen = smoothedLogisticLoss(
    beta * (ratio(own, 'chosen') - partnerOf(chosen, place, rejected)),
    label_smoothing,
  );
  const ofRejected = smoothedLogisticLoss(
    beta * (partnerOf(rejected, place, chosen) - ratio(own, 'rejected')),
    label_smoothing,
  );
  return { loss: ofChosen.loss, chosen: beta * ofChosen.slope, rejected: -beta * ofRejected.slope };
});
