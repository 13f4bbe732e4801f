/** @file What the form asks for, as jobs over the pairs and the adapters that are there. */
import { UserError } from '../../core/errors';
import type { ScoredPair } from '../../data/preference-pair';
import type { Split } from '../../data/split';
import type { RunPairs } from '../../storage/records';
import type { ModelSummary } from '../../worker/protocol';
import type { RewardId } from '../plain/compare/best-of';
import { usableChoiceOf } from '../plain/compare/rewards';
import { heldForm } from '../plain/train/held-shape';
import { readForm, type Job, type TrainForm } from '../plain/train/options';
import { partsOf, planRuns } from '../plain/train/plan';
import { baseReference } from '../plain/runs/run';
import type { LibraryStore } from './library';
import type { TrainingParts, TrainingState } from './training-state';

/** The form with the shape of the adapter that it starts from, where the open model has that. */
export function formOfStart(
  { form, startFrom, startShape }: Pick<TrainingState, 'form' | 'startFrom' | 'startShape'>,
  model: Pick<ModelSummary, 'linears'> | null,
): TrainForm {
  const isItsOwn = startShape !== null && startShape.runId === startFrom;
  return heldForm(form, isItsOwn ? startShape.shape : null, model?.linears ?? []);
}

/** What the form asks for, planned over the pairs as they stand. */
export function jobsOfForm(
  state: Pick<TrainingState, 'form' | 'startFrom' | 'startShape'>,
  model: ModelSummary,
  { getPairs, getReports, getSplit, getRules, getJudges, getStored, library }: TrainingParts,
): readonly Job[] {
  const stored = getStored?.() ?? [];
  const sources = { runs: library.getState().runs, judges: getJudges?.() ?? [], stored, model };
  const choiceOf = (id: RewardId) => usableChoiceOf(id, sources);
  const form = formOfStart(state, model);
  const { jobs } = readForm(form, model.linears, model.layers, getRules?.(), choiceOf);
  return planRuns(jobs, getPairs(), getReports(), getSplit()).map(({ job }) => job);
}

/**
 * What is trained on and what is held out.
 * @throws where one of them is needed and empty
 */
export function requireParts(pairs: readonly ScoredPair[], job: Job, own: Split | null): RunPairs {
  const parts = partsOf(pairs, job, own);
  if (parts.train.length === 0 || (job.evaluation && parts.evaluation.length === 0))
    throw new UserError('nothingHeldOut');
  return parts;
}

/** The run, if the open model can take its adapter; null otherwise. */
export function usableOrNull(id: string | null, { fingerprint }: ModelSummary, library: LibraryStore): string | null {
  const { runs } = library.getState();
  return runs.some((run) => run.id === id && run.modelFingerprint === fingerprint && run.adapterBytes > 0) ? id : null;
}

/** Ids of the runs whose adapters a run begins from and is held against. */
export interface ChosenRuns {
  /** Null takes the base. */
  readonly startFrom: string | null;
  /** Null takes the start as it was. */
  readonly reference: string | null;
}

/** The runs that the form's runs begin from and are held against: those chosen, where one run is trained. */
export function chosenRuns(
  { startFrom, reference }: Pick<TrainingState, 'startFrom' | 'reference'>,
  jobs: readonly Job[],
  model: ModelSummary,
  { library }: Pick<TrainingParts, 'library'>,
): ChosenRuns {
  const [job] = jobs;
  if (job === undefined || jobs.length > 1) return { startFrom: null, reference: null };
  const start = usableOrNull(startFrom, model, library);
  const hasReference = job.method !== 'sft' && job.method !== 'reward';
  // Without a start the base is the reference anyway.
  if (reference === baseReference)
    return { startFrom: start, reference: hasReference && start !== null ? reference : null };
  return { startFrom: start, reference: hasReference ? usableOrNull(reference, model, library) : null };
}

/** Whether the engine trains or probes. */
export const isAtWork = ({ engineTime }: TrainingParts): boolean =>
  engineTime.isRunning('training') || engineTime.isRunning('probing');
