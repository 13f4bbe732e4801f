/**
 * @file Where a run starts: the chain of adapters behind it, and the proof, before the first step, that a policy which
 * is its own reference scores as one: rewards 0 and, for logistic losses such as DPO's, a loss of ln 2.
 */
import type { StartingPoint } from '../run/reports';
import { UserError } from '../core/errors';
import { meanOf, sumOf } from '../core/statistics';
import { message } from '../messages/message';
import type { LoraAdapter } from '../formats/peft';
import type { PairOutcome, PairTokenLogps } from '../objectives/objective';
import { startsAtLn2 } from '../run/choose-objective';
import type { RunConfig } from '../run/config';

/** Lists the names of the adapters that a run from this one stands on, oldest first. */
export function ancestorsOf(initAdapter: LoraAdapter | null, name: string): readonly string[] {
  return initAdapter === null ? [] : [...(initAdapter.lineage?.ancestors ?? []), name];
}

/** Tells whether two adapters are the same numbers. */
export function sameAdapter(a: LoraAdapter, b: LoraAdapter): boolean {
  if (a.lora_alpha / a.r !== b.lora_alpha / b.r || a.modules.size !== b.modules.size) return false;
  return [...a.modules].every(([path, module]) => {
    const other = b.modules.get(path);
    if (other === undefined) return false;
    return (['A', 'B'] as const).every((half) => {
      const [mine, theirs] = [module[half].data, other[half].data];
      return mine.length === theirs.length && mine.every((value, i) => value === theirs[i]);
    });
  });
}

/** Policy and reference run through different stages and rows, whose float32 sums round differently. */
const tolerance = { nats: 1e-3, share: 1e-5 };

const areAlike = (now: number, then: number): boolean =>
  Math.abs(now - then) <= tolerance.nats + tolerance.share * Math.abs(then);

/**
 * Refuses a model whose scores are no numbers before any step was taken: no device and no setting is to blame for that.
 * @throws UserError that names the value
 */
export function requireNumbers(scores: ArrayLike<number>): void {
  const bad = Array.from(scores).find((score) => !Number.isFinite(score));
  if (bad !== undefined) throw new UserError('scoresNotNumbers', { value: String(bad) });
}

/**
 * Holds the forward pass that training takes against the one that scores: on some devices they are different programs.
 * @param scoring log-probabilities of a row's targets
 * @param training the same by the pass of training
 * @throws UserError where their sums are not equal within the rounding of float32 sums
 */
export function requireSameForward(scoring: Float64Array, training: Float64Array): void {
  requireNumbers(scoring);
  const [wanted, seen] = [sumOf(scoring), sumOf(training)];
  if (areAlike(seen, wanted)) return;
  throw new UserError('forwardPassesDiffer', { training: seen.toFixed(4), scoring: wanted.toFixed(4) });
}

/**
 * Checks that policy and reference, which are the same model at step 0, score a row alike.
 * @param pairs of one row, each under the policy and under the reference
 * @throws UserError where the scores are not equal within the rounding of float32 sums
 */
export function proveStart(
  config: RunConfig,
  pairs: readonly {
    readonly policy: PairTokenLogps;
    readonly reference: PairTokenLogps;
    readonly outcome: PairOutcome;
  }[],
): StartingPoint {
  const mean = (of: (outcome: PairOutcome) => number): number =>
    meanOf(Float64Array.from(pairs, ({ outcome }) => of(outcome)));
  const loss = mean((outcome) => outcome.loss);
  const hasRewards = pairs.every(({ outcome }) => outcome.rewards !== null);
  const rewards = hasRewards
    ? { chosen: mean(({ rewards: r }) => r?.chosen ?? 0), rejected: mean(({ rewards: r }) => r?.rejected ?? 0) }
    : null;
  const expectedLoss = startsAtLn2(config) ? Math.LN2 : null;
  for (const { policy, reference } of pairs) {
    requireNumbers(reference.chosen);
    requireNumbers(reference.rejected);
    for (const side of ['chosen', 'rejected'] as const) {
      const [now, then] = [sumOf(policy[side]), sumOf(reference[side])];
      if (areAlike(now, then)) continue;
      throw new UserError('startDiffers', {
        expected: expectedLoss === null ? '' : message('andLossLn2'),
        loss: loss.toPrecision(6),
        side,
        now: now.toFixed(4),
        then: then.toFixed(4),
      });
    }
  }
  return { loss, expectedLoss, rewards };
}
