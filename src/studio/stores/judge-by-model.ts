/**
 * @file A model judges the comparisons of a prompt set, beside the analyst. It is the open one, or a kept one that is
 * loaded for as long as it judges. Each verdict is written as it comes, so a stop or a reload loses none.
 */
import type { StoreApi } from 'zustand/vanilla';
import { UserError } from '../../core/errors';
import type { PairVerdict } from '../../evaluation/judge';
import type { PromptSet, PromptSetModelJudge } from '../../storage/prompt-set-record';
import type { Engine, EngineSignal } from '../browser/engine-client';
import {
  boundRule,
  judgeCandidates,
  readJudgeForm,
  type JudgeCandidate,
  type JudgeSources,
} from '../plain/compare/prompt-set/model-judge';
import { promptSetComparisons, type PromptSetComparison } from '../plain/compare/prompt-set/prompt-set';
import { textOfPrompt } from '../plain/data/prompt-text';
import type { PromptSetForm } from '../plain/compare/prompt-set/prompt-set-form';
import { parseNumber } from '../plain/numbers';
import { describeFailure, isAbort } from '../text/failure';
import { currentText } from '../text/text';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { ModelShelfStore } from './model-shelf';
import type { NoticeStore } from './notices';
import { openInstead } from './open-instead';
import type { OpenModelStore } from './open-model';
import { progressFrom, type AnswerProgress, type RoundState } from './round';
import { adapterOf } from './variants';

export interface ModelJudging {
  /** How many comparisons are judged; null while no model judges. */
  readonly modelJudging: AnswerProgress | null;
  readonly modelStopping: boolean;

  /** Asks the model that the form names about all comparisons that are there. */
  askModel(): Promise<void>;
  /** Asks it about those that it has not judged yet. */
  askModelOn(): Promise<void>;
  stopModel(): void;
  /** Takes the bound as typed, per cent; one that is no number waits in the form. */
  setBound(typed: string): Promise<void>;
  /** Puts the model's verdicts away, so that another can be asked; the notice that says so can bring them back. */
  dropModel(): Promise<void>;
}

/** The store of the prompt set, as far as a model that judges it needs. */
type JudgedSetStore = StoreApi<RoundState<PromptSetForm, PromptSet, PromptSetComparison> & ModelJudging>;

export interface JudgeByModelDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly library: LibraryStore;
  readonly model: OpenModelStore;
  readonly modelShelf: ModelShelfStore;
  readonly notices: NoticeStore;
  /** Milliseconds. */
  readonly now: () => number;
  readonly changeRound: (next: (now: PromptSet) => PromptSet | null) => Promise<boolean>;
}

/** What there is to choose a judge from. */
export function judgeSourcesOf({
  model,
  modelShelf,
  library,
}: Pick<JudgeByModelDependencies, 'model' | 'modelShelf' | 'library'>): JudgeSources {
  const { stored, opened } = modelShelf.getState();
  const { runs } = library.getState();
  return { model: model.getState().summary, runs, stored, openId: opened?.id ?? null };
}

/** The same judge of the same set, whatever it has judged since. */
const isSameJudge = (now: PromptSet | null, then: PromptSet, judge: PromptSetModelJudge): now is PromptSet =>
  now !== null && now.at === then.at && now.modelJudge?.at === judge.at;

/** Has the judge say which answer is better, comparison after comparison, from the first that it has not judged. */
async function judgeRest(
  { getState: get, setState: set }: JudgedSetStore,
  { engine, library, now, changeRound }: JudgeByModelDependencies,
  signal: EngineSignal,
): Promise<void> {
  const { round } = get();
  const judge = round?.modelJudge ?? null;
  if (round === null || judge === null) return;
  const comparisons = promptSetComparisons(round);
  const first = judge.verdicts.length;
  const progress = progressFrom(first, comparisons.length, now);
  set({ modelJudging: progress(first) });
  const overtaken = new AbortController();
  const keep = async (at: number, verdict: PairVerdict | null, secondsEach: number): Promise<void> => {
    const isKept = await changeRound((then) => {
      if (!isSameJudge(then, round, judge) || then.modelJudge?.verdicts.length !== at) return null;
      const verdicts = [...then.modelJudge.verdicts, verdict];
      return { ...then, modelJudge: { ...then.modelJudge, secondsEach, verdicts } };
    });
    // What could not be written is shown all the same, and written later.
    const isThere = isSameJudge(get().round, round, judge) && (get().round?.modelJudge?.verdicts.length ?? 0) > at;
    if (!isKept && !isThere) overtaken.abort();
  };
  let kept: Promise<void> = Promise.resolve();
  const pairs = comparisons
    .slice(first)
    .map(({ prompt, a, b }) => ({ prompt: textOfPrompt(prompt, {}), a: a.text, b: b.text }));
  const policy = { adapter: await adapterOf(judge.runId === null ? null : { id: judge.runId }, library) };
  const started = now();
  try {
    await engine.call(
      'judgePairs',
      { policy, asked: judge.asked, pairs },
      {
        signal: AbortSignal.any([signal, overtaken.signal]) as EngineSignal,
        onProgress(event) {
          if (event.kind !== 'verdict') return;
          set({ modelJudging: progress(first + event.pair + 1) });
          const secondsEach = (now() - started) / 1000 / (event.pair + 1);
          kept = kept.then(() => keep(first + event.pair, event.verdict, secondsEach));
        },
      },
    );
  } finally {
    await kept;
  }
}

/** Who has to be loaded for a judge that was asked before; null where it is open. */
function keptJudge(judge: PromptSetModelJudge, sources: JudgeSources) {
  if (sources.model?.fingerprint === judge.fingerprint) return null;
  const kept = sources.stored.find(({ fingerprint }) => fingerprint === judge.fingerprint);
  if (kept === undefined) throw new UserError('judgeNotLoaded', { name: judge.modelName });
  return kept;
}

function asking(
  store: JudgedSetStore,
  dependencies: JudgeByModelDependencies,
): Pick<ModelJudging, 'askModel' | 'askModelOn' | 'stopModel'> {
  const { getState: get, setState: set } = store;
  const { engineTime, model, now, changeRound } = dependencies;

  /** Runs the judging with the model that `load` names open, and opens the one before again. */
  async function judgeWith(
    load: () => Extract<JudgeCandidate, { kind: 'stored' }>['stored'] | null,
    begin: () => Promise<unknown>,
  ): Promise<void> {
    if (get().round === null || get().modelJudging !== null) return;
    await engineTime.run('modelJudging', async (signal) => {
      set({ modelJudging: { done: 0, total: 0, secondsLeft: null }, modelStopping: false, failure: null });
      let loadBefore = async (): Promise<void> => {};
      try {
        const stored = load();
        if (stored !== null) loadBefore = await openInstead(stored, dependencies, signal);
        await begin();
        await judgeRest(store, dependencies, signal);
      } catch (error) {
        if (!isAbort(error)) set({ failure: describeFailure(error) });
      } finally {
        await loadBefore();
        set({ modelJudging: null, modelStopping: false });
      }
    });
  }

  return {
    async askModel() {
      const { plan } = readJudgeForm(get().form, judgeCandidates(judgeSourcesOf(dependencies)));
      if (plan === null) return;
      const { who, asked, bound } = plan;
      await judgeWith(
        () => (who.kind === 'stored' ? who.stored : null),
        () =>
          changeRound((round) => {
            const { summary } = model.getState();
            if (summary === null) return null;
            const [runId, runName] = who.kind === 'run' ? [who.run.id, who.run.name] : [null, null];
            const { name: modelName, fingerprint } = summary;
            const at = new Date(now()).toISOString();
            return { ...round, modelJudge: { at, modelName, fingerprint, runId, runName, asked, bound, verdicts: [] } };
          }),
      );
    },

    async askModelOn() {
      const judge = get().round?.modelJudge ?? null;
      if (judge === null) return;
      await judgeWith(
        () => keptJudge(judge, judgeSourcesOf(dependencies)),
        async () => {},
      );
    },

    stopModel() {
      if (get().modelJudging === null) return;
      set({ modelStopping: true });
      engineTime.stop('modelJudging');
    },
  };
}

export function judgingByModel(store: JudgedSetStore, dependencies: JudgeByModelDependencies): ModelJudging {
  const { getState: get } = store;
  const { changeRound, notices } = dependencies;
  return {
    modelJudging: null,
    modelStopping: false,
    ...asking(store, dependencies),

    async setBound(judgeBound) {
      get().setForm({ judgeBound });
      const { value } = parseNumber(judgeBound, boundRule);
      if (value === null) return;
      await changeRound(
        (round) => round.modelJudge && { ...round, modelJudge: { ...round.modelJudge, bound: value / 100 } },
      );
    },

    async dropModel() {
      const { round } = get();
      if (round === null || round.modelJudge === null) return;
      get().stopModel();
      const { modelJudge } = round;
      await changeRound((then) => ({ ...then, modelJudge: null }));
      notices.getState().tellDone(currentText().modelJudge.dropped, () => {
        void changeRound((then) => (then.at === round.at && then.modelJudge === null ? { ...then, modelJudge } : null));
      });
    },
  };
}
