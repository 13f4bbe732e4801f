/**
 * @file Training: the form, the probe, adapters from elsewhere, and what training-start.ts does: the run under way with
 * its progress, and what came of the last start.
 */
import { createStore } from 'zustand/vanilla';
import type { Sayable } from '../../messages/message';
import type { MemoryNeed } from '../../run/memory-plan';
import type { ModelSummary, Requests } from '../../worker/protocol';
import type { EngineSignal } from '../browser/engine-client';
import type { RewardId } from '../plain/compare/best-of';
import { rewardChoiceOf } from '../plain/compare/rewards';
import { sumBytes, type Run } from '../plain/runs/run';
import { initialForm, readForm, type Job } from '../plain/train/options';
import { describeFailure, isAbort } from '../text/failure';
import { systemClock } from './clock';
import { askNeed, withJudgeFiles } from './run-judge';
import { namedAdapter, referenceAdapter } from './train-run';
import { chosenRuns, formOfStart, isAtWork, jobsOfForm, requireParts, usableOrNull } from './training-jobs';
import { forking, resuming, starting } from './training-start';
import type { Probe, TrainingDependencies, TrainingParts, TrainingState, TrainingStore } from './training-state';

type ChangingSettings = Pick<TrainingState, 'setForm' | 'checkSettings' | 'setStartFrom' | 'setReference'>;

/** What is known of the adapter that is chosen to start from. */
function looking(
  { getState: get, setState: set }: TrainingStore,
  { engine, library, getModel }: TrainingParts,
): Pick<TrainingState, 'lookAtStart'> {
  return {
    async lookAtStart() {
      const { startFrom, startShape } = get();
      const model = getModel();
      const runId = model === null ? null : usableOrNull(startFrom, model, library);
      if (runId === (startShape?.runId ?? null)) return;
      set({ startShape: null });
      if (runId === null) return;
      try {
        const adapter = await library.getState().adapterOf(runId);
        const shape = await engine.call('adapterShape', { adapter });
        if (get().startFrom !== runId) return;
        set({ startShape: { runId, shape } });
        void get().checkSettings();
      } catch {
        // An adapter that cannot be read is told of where a run is to start from it.
      }
    },
  };
}

function changingSettings(
  { getState: get, setState: set }: TrainingStore,
  { engine, getModel, getRules, getJudges, library, storedModels }: TrainingParts,
): ChangingSettings {
  return {
    setForm: (change) => set({ form: { ...get().form, ...change }, refusal: null, probe: null, memory: null }),

    async checkSettings() {
      const { form } = get();
      // The layers are checked against the model when it is there; the losses need none.
      const judges = getJudges?.() ?? [];
      const choiceOf = (id: RewardId) => rewardChoiceOf(id, judges);
      const asked = formOfStart(get(), null);
      const { jobs } = readForm({ ...asked, targets: 'all-linear' }, [], null, getRules?.(), choiceOf);
      let refusal: Sayable | null = null;
      const needs: (MemoryNeed | null)[] = [];
      try {
        for (const { config } of jobs)
          needs.push(
            await withJudgeFiles({ config, model: getModel() }, { storedModels }, (judge) =>
              askNeed(config, judge, { engine, library }),
            ),
          );
      } catch (error) {
        refusal = describeFailure(error).sentence;
      }
      if (get().form === form) set({ refusal, memory: needs[0] ?? null });
    },

    setStartFrom(startFrom) {
      set({ startFrom, probe: null });
      void get().lookAtStart();
    },
    setReference: (reference) => set({ reference, probe: null }),
  };
}

/** The record of an adapter that was trained elsewhere. */
function importedRun(
  name: string,
  { report, files }: Requests['checkAdapter']['out'],
  model: ModelSummary,
  startedMs: number,
): Run {
  const { lora_r, lora_alpha, target_modules, ancestors, knowsBase, basePrecision, method } = report;
  return {
    id: crypto.randomUUID(),
    name,
    // PEFT does not say how an adapter was trained. It stands among those of SFT, which DPO can start from.
    method: method ?? 'sft',
    status: 'finished',
    modelName: model.name,
    modelFingerprint: model.fingerprint,
    ...(basePrecision !== null && { precision: basePrecision }),
    startedAt: new Date(startedMs).toISOString(),
    config: { lora_r, lora_alpha, lora_target_modules: target_modules },
    pairs: 0,
    startedFrom: null,
    imported: { ancestors, knowsBase, knowsMethod: method !== null },
    steps: 0,
    totalSteps: 0,
    seconds: 0,
    finalLoss: null,
    finalMargin: null,
    adapterBytes: sumBytes(files),
    warnings: [],
    error: null,
  };
}

function importing({ engine, library, getModel, clock }: TrainingParts): Pick<TrainingState, 'importAdapter'> {
  return {
    async importAdapter(name, chosen) {
      const model = getModel();
      if (model === null) return null;
      try {
        const checked = await engine.call('checkAdapter', { files: chosen });
        const run = importedRun(library.getState().freeName(name), checked, model, clock.now());
        await library.getState().save(run, { metrics: [], adapter: checked.files });
        return null;
      } catch (error) {
        return describeFailure(error);
      }
    },
  };
}

function probing(store: TrainingStore, parts: TrainingParts): Pick<TrainingState, 'startProbe' | 'stopProbe'> {
  const { engine, engineTime, library, getModel, getPairs, getSplit } = parts;

  async function probe(model: ModelSummary, jobs: readonly Job[], signal: EngineSignal): Promise<void> {
    const [pairs, split, chosen] = [getPairs(), getSplit(), chosenRuns(store.getState(), jobs, model, parts)];
    let probe: Probe = { isRunning: true, reports: [], failure: null };
    const show = (change: Partial<Probe>) => store.setState({ probe: (probe = { ...probe, ...change }) });
    show({});
    try {
      for (const job of jobs) {
        const { train, evaluation } = requireParts(pairs, job, split);
        const input = {
          config: job.config,
          pairs: train,
          initAdapter: await namedAdapter(chosen.startFrom, library),
          refAdapter: await referenceAdapter(chosen.reference, library),
          evaluation: job.evaluation ? { settings: job.evaluation.settings, pairs: evaluation } : null,
        };
        const report = await engine.call('probe', input, { signal });
        show({ reports: [...probe.reports, { method: job.method, report }] });
      }
    } catch (error) {
      show(isAbort(error) ? { reports: [] } : { failure: describeFailure(error) });
    } finally {
      show({ isRunning: false });
    }
  }

  return {
    async startProbe() {
      const model = getModel();
      if (model === null || getPairs().length === 0 || isAtWork(parts)) return;
      await store.getState().lookAtStart();
      const jobs = jobsOfForm(store.getState(), model, parts);
      await engineTime.run('probing', (signal) => probe(model, jobs, signal));
    },

    stopProbe: () => engineTime.stop('probing'),
  };
}

export function createTrainingStore(dependencies: TrainingDependencies): TrainingStore {
  const parts: TrainingParts = { clock: systemClock, ...dependencies };
  return createStore<TrainingState>()((_set, _get, store) => ({
    form: parts.form ?? initialForm,
    startFrom: parts.startFrom ?? null,
    startShape: null,
    ...looking(store, parts),
    reference: parts.reference ?? null,
    active: null,
    last: null,
    probe: null,
    refusal: null,
    memory: null,
    ...changingSettings(store, parts),
    ...importing(parts),
    ...probing(store, parts),
    ...starting(store, parts),
    ...resuming(store, parts),
    ...forking(store, parts),
  }));
}
