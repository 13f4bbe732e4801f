/**
 * @file What preparing a demonstration and showing it have in common: how its prompts are asked, and how the tokens of
 * its answers are scored.
 */
import type { ScoredToken } from '../../run/reports';
import type { Demonstration, DemonstrationColumn, DemonstrationScoring } from '../../storage/demonstration-record';
import type { AskedPrompt, Generation, ModelSummary, Variant } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { strengthRange } from '../plain/compare/columns';
import { policyOrder } from '../plain/compare/policies';
import type { DemonstrationForm } from '../plain/demonstration/demonstration-form';
import type { Storage } from '../plain/records';
import type { Run } from '../plain/runs/run';
import type { FetchStarterFile } from '../plain/starter/manifest';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import type { PromptSetStore } from './prompt-set';
import type { RoundOfStore } from './round';
import { adapterOf, meaningOf, scoreAnswers, type ScoringPolicy } from './score-answers';
import type { StarterStore } from './starter';

export interface DemonstrationDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly compare: CompareStore;
  readonly promptSet: PromptSetStore;
  readonly starter: StarterStore;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'readDemonstration' | 'writeDemonstration'>;
  readonly fetchStarterFile: FetchStarterFile;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  readonly onStored: () => void;
  /** Milliseconds. */
  readonly now?: () => number;
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

/** A column as the engine takes it. */
export async function variantOf(
  { runId, strength }: DemonstrationColumn,
  label: string,
  library: LibraryStore,
): Promise<Variant> {
  return {
    label,
    adapter: await adapterOf(runId === null ? null : { id: runId }, library),
    strength: strength / strengthRange.whole,
  };
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
