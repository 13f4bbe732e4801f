/**
 * @file What preparing a demonstration and showing it have in common: how its prompts are asked, and how the tokens of
 * its answers are scored.
 */
import type { ScoredToken } from '../../run/reports';
import type { Demonstration, DemonstrationColumn, DemonstrationScoring } from '../../storage/demonstration-record';
import type { AskedPrompt, Generation } from '../../worker/protocol';
import type { EngineSignal } from '../browser/engine-client';
import { policyOrder } from '../plain/compare/policies';
import type { DemonstrationForm } from '../plain/demonstration/demonstration-form';
import type { Storage } from '../plain/records';
import type { Run } from '../plain/runs/run';
import type { PromptSetDependencies, PromptSetStore } from './prompt-set';
import type { RoundOfStore } from './round';
import { meaningOf, scoreAnswers, type ScoringPolicy } from './score-answers';

/** A demonstration is answered by the columns that a prompt set is, and may take its prompts. */
export interface DemonstrationDependencies extends Omit<PromptSetDependencies, 'storage' | 'model'> {
  readonly promptSet: PromptSetStore;
  readonly storage: Pick<Storage, 'readDemonstration' | 'writeDemonstration'>;
}

export type DemonstrationRound = RoundOfStore<DemonstrationForm, Demonstration, never>;

/** The column whose adapter scores all answers: the first whose log-ratios are rewards, or else the first adapter. */
export function scoringOf(columns: readonly DemonstrationColumn[], runs: readonly Run[]): DemonstrationScoring | null {
  const adapted = columns.flatMap(({ runId }, column) => {
    const run = runs.find(({ id }) => id === runId);
    return run === undefined ? [] : [{ column, run }];
  });
  const [policy] = policyOrder(adapted);
  return policy === undefined ? null : { column: policy.column, ...meaningOf(policy, runs) };
}

/** The adapter that scores; null where none does, or it is gone. */
function scoringPolicyOf({ scoring, columns }: Demonstration, runs: readonly Run[]): ScoringPolicy | null {
  const column = scoring === null ? undefined : columns[scoring.column];
  const run = runs.find(({ id }) => id === column?.runId);
  return column === undefined || run === undefined ? null : { run, strength: column.strength };
}

/** How a prompt of the script is asked, of every column alike. */
export function askedAt({ script, sampling }: Demonstration, at: number): AskedPrompt {
  const { prompt = '', seed = 0 } = script[at] ?? {};
  return { prompt, options: { ...sampling, seed } };
}

/** Scores the tokens of answers to one prompt; an answer without tokens has none to score. */
export async function scoreGenerations(
  demonstration: Demonstration,
  at: number,
  generations: readonly Pick<Generation, 'ids'>[],
  dependencies: Pick<DemonstrationDependencies, 'engine' | 'library'>,
  signal: EngineSignal,
): Promise<readonly (readonly ScoredToken[] | null)[]> {
  const policy = scoringPolicyOf(demonstration, dependencies.library.getState().runs);
  const answers = generations.flatMap(({ ids }) => (ids.length > 0 ? [ids] : []));
  if (policy === null) return generations.map(() => null);
  const { prompt } = askedAt(demonstration, at);
  const scored =
    answers.length === 0 ? [] : [...(await scoreAnswers(policy, { prompt, answers }, dependencies, signal))];
  return generations.map(({ ids }) => (ids.length > 0 ? (scored.shift() ?? null) : []));
}
