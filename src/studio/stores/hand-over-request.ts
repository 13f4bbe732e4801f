/** @file What the worker is asked to hand over: the adapter, what lies beside it, and what is said of its origin. */
import { UserError } from '../../core/errors';
import type { PreferencePair } from '../../data/preference-pair';
import type { HandOverOrigin, MeasuredResult } from '../../run/hand-over';
import { runFactsOf } from '../../run/run-facts';
import type { HandOverRequest, RepeatedRun } from '../../worker/protocol';
import { airlockVersion } from '../browser/version';
import { commandOf } from '../plain/hand-over/command';
import { serverOf, type HandOverForm } from '../plain/hand-over/form';
import { baseReference, precisionOfRun, trainedConfigOf, type Run } from '../plain/runs/run';
import { currentText } from '../text/text';
import type { AuditStore } from './audit';
import type { LibraryStore } from './library';

interface Sources {
  readonly library: LibraryStore;
  readonly audit: AuditStore;
}

interface Measured {
  readonly library: LibraryStore;
  /** Win rates of a run's adapter, as a person has judged them. */
  readonly winRatesOf: (runId: string) => readonly MeasuredResult[];
}

/** What an administrator reads beside the files, in the language of whoever wrote them. */
function textsFor(form: HandOverForm, run: Run, label: string | null): HandOverRequest['texts'] {
  const { serve } = currentText().handOver;
  const command = commandOf(form, run.modelName, run.method);
  const text = serve({ name: form.name, base: run.modelName, command, isBundle: form.format === 'bundle' });
  return [{ path: 'SERVE.txt', text }, ...(label === null ? [] : [{ path: 'GRADE.txt', text: `${label}\n` }])];
}

/** The pairs that the run was trained on; null where they are kept no more. */
async function trainedPairs(run: Run, library: LibraryStore): Promise<readonly PreferencePair[] | null> {
  return (await library.getState().pairsOf(run.id))?.train ?? null;
}

/** @throws UserError where they are kept no more */
export async function requireTrainedPairs(run: Run, library: LibraryStore): Promise<readonly PreferencePair[]> {
  const pairs = await trainedPairs(run, library);
  if (pairs === null) throw new UserError('pairsNotKept', { run: run.name });
  return pairs;
}

/** The run as a bundle repeats it; undefined where its settings or pairs are not known. */
async function repeatedRun(run: Run, library: LibraryStore): Promise<RepeatedRun | undefined> {
  const [config, pairs] = [trainedConfigOf(run), await trainedPairs(run, library)];
  if (config === null || pairs === null) return undefined;
  const adapterOf = async (id: string | null | undefined) => (id == null ? null : library.getState().adapterOf(id));
  await library.getState().loadMetrics(run.id);
  return {
    ...{ config, pairs, precision: precisionOfRun(run) },
    metrics: library.getState().metrics[run.id] ?? [],
    initAdapter: await adapterOf(run.startedFrom),
    refAdapter: run.reference === baseReference ? baseReference : await adapterOf(run.reference),
  };
}

function resultsOf({ finalEvalLoss, finalEvalAccuracy, evaluation }: Run): readonly MeasuredResult[] {
  const on = `${evaluation?.pairs ?? 0} held-out pairs`;
  const result = (metric: string, value: number | undefined) =>
    value === undefined ? [] : [{ metric, value, on, interval: null }];
  return [...result('eval_loss', finalEvalLoss), ...result('eval_rewards/accuracies', finalEvalAccuracy)];
}

/** What the bill of materials says: hashes and figures, and no text of any pair. */
export async function originOf(run: Run, { library, winRatesOf }: Measured): Promise<HandOverOrigin> {
  const [config, pairs] = [trainedConfigOf(run), await trainedPairs(run, library)];
  return {
    airlockVersion,
    run: config === null || pairs === null ? null : await runFactsOf(config, pairs, run.pairs),
    results: [...resultsOf(run), ...winRatesOf(run.id)],
  };
}

export async function requestOf(form: HandOverForm, run: Run, { library, audit }: Sources): Promise<HandOverRequest> {
  const { maxLoraRank, format, dtype, isFolded } = form;
  const repeated = format === 'bundle' ? await repeatedRun(run, library) : undefined;
  return {
    adapter: await library.getState().adapterOf(run.id),
    ...{ server: serverOf(form.server), maxLoraRank, format, dtype, isFolded },
    texts: textsFor(form, run, audit.getState().office.label),
    ...(repeated && { repeated }),
  };
}
