/**
 * @file The tokens of answers scored under a run's adapter and what it was trained against: what a reward is made of,
 * and what it means.
 */
import type { ScoredToken } from '../../run/reports';
import type { Requests } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { rewardReferenceOf, strengthRange } from '../plain/compare/columns';
import { isLossKnown, knownSettingsOf, rewardBetaOf } from '../plain/compare/policies';
import type { Run } from '../plain/runs/run';
import type { LibraryStore } from './library';
import { adapterOf } from './variants';

/** A run's adapter at a strength, in per cent. */
export interface ScoringPolicy {
  readonly run: Run;
  readonly strength: number;
}

/** What log-ratios under a policy mean. */
export interface ScoringMeaning {
  /** Name of the run whose adapter is the reference; null is the base. */
  readonly reference: string | null;
  /** The run was trained against an adapter that is gone, and the base stands in for it. */
  readonly isStandIn: boolean;
  /** The beta of the run's loss; null where the log-ratio is no reward of that loss, or nobody knows. */
  readonly beta: number | null;
  /** False for an adapter from elsewhere that does not tell by which loss it was trained. */
  readonly isLossKnown: boolean;
}

export function meaningOf({ run }: Pick<ScoringPolicy, 'run'>, runs: readonly Run[]): ScoringMeaning {
  const reference = rewardReferenceOf(run, runs);
  const settings = knownSettingsOf(run);
  return {
    reference: reference.run?.name ?? null,
    isStandIn: reference.isStandIn,
    beta: rewardBetaOf(settings),
    isLossKnown: isLossKnown(settings),
  };
}

/** @returns the tokens of each answer, in the order of the answers */
export async function scoreAnswers(
  { run, strength }: ScoringPolicy,
  asked: Pick<Requests['scoreTokens']['in'], 'prompt' | 'answers'>,
  { engine, library }: { readonly engine: Engine; readonly library: LibraryStore },
  signal: EngineSignal,
): Promise<readonly (readonly ScoredToken[])[]> {
  const reference = rewardReferenceOf(run, library.getState().runs);
  const input = {
    ...asked,
    policy: { adapter: await adapterOf(run, library), strength: strength / strengthRange.whole },
    reference: { adapter: await adapterOf(reference.run, library), strength: 1 },
  };
  return engine.call('scoreTokens', input, { signal });
}
