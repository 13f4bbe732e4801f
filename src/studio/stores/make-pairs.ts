/**
 * @file Pairs of a model's own answers: each prompt is answered several times, a reward scores the answers, and the
 * pairs that follow become a data set with scores. The answers are kept until they are put away, and what is stopped
 * keeps the prompts whose answers are all there. Of two tabs, what was made last is kept.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetLabel } from '../../storage/dataset-record';
import type { ModelSummary, SamplingOptions } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { bestFirst, judgeAnswer, referencesOf, type Candidate } from '../plain/compare/best-of';
import {
  answeredOf,
  answersOfKept,
  initialPairsForm,
  keepAnswers,
  pairsOfAnswers,
  readPairsForm,
  type AnsweredPrompt,
  type MadePairs,
  type PairingKind,
  type PairsForm,
  type PairsPlan,
} from '../plain/compare/pairs-of-answers';
import { readSampling } from '../plain/compare/sampling';
import type { Storage } from '../plain/records';
import { readRuleForms } from '../plain/data/rule-form';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import { answerAll } from './answer-all';
import type { ChooseReward, ChosenReward } from './choose-reward';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import type { JudgesStore } from './judges';
import type { LibraryStore } from './library';
import type { NoticeStore } from './notices';
import { progressFrom, withComparing, type AnswerProgress } from './round';
import type { RulesStore } from './rules';
import { variantOf } from './variants';

export interface MakePairsState {
  readonly form: PairsForm;
  /** Null while nothing is being answered. */
  readonly answering: AnswerProgress | null;
  readonly stopping: boolean;
  readonly failure: Failure | null;
  /** The prompts whose answers are all there; null before any were asked for. */
  readonly answered: readonly AnsweredPrompt[] | null;
  readonly kind: PairingKind;
  /** What the answers come to; null before any were asked for. */
  readonly made: MadePairs | null;

  setForm(change: Partial<PairsForm>): void;
  setKind(kind: PairingKind): void;
  /** Shows the answers that an earlier visit kept. */
  restore(): Promise<void>;
  /** Writes the answers into a storage that was cleared. */
  writeAnew(): Promise<void>;
  /**
   * Answers the prompts as the form says; what was answered before is given up, which a notice says and takes back.
   * @param sampling in place of that of the Compare screen
   * @param goesOn keeps the answers that are there where they are to the first of these prompts
   */
  start(sampling?: SamplingOptions, goesOn?: boolean): Promise<void>;
  stop(): void;
  /** Makes a data set of the pairs and opens it; the notice that says so can take it back. */
  makeSet(name: string, label?: Pick<DatasetLabel, 'round'>): Promise<boolean>;
  /** Gives the answers up; the notice that says so can bring them back. */
  putAway(): void;
}

export type MakePairsStore = StoreApi<MakePairsState>;

export interface MakePairsDependencies {
  readonly engine: Engine;
  readonly engineTime: EngineTime;
  readonly storage: Pick<Storage, 'readMadeAnswers' | 'writeMadeAnswers'>;
  readonly notices: NoticeStore;
  readonly onStored: () => void;
  readonly library: LibraryStore;
  readonly dataset: DatasetStore;
  readonly compare: CompareStore;
  readonly rules: RulesStore;
  readonly judges: JudgesStore;
  readonly getModel: () => ModelSummary | null;
  readonly chooseReward: ChooseReward;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** What a form is read against, as it stands. */
export function pairsSources(
  model: ModelSummary,
  {
    dataset,
    compare,
    rules,
    library,
    judges,
  }: Pick<MakePairsDependencies, 'dataset' | 'compare' | 'rules' | 'library' | 'judges'>,
) {
  const { rows, split } = dataset.getState();
  const { options: sampling } = readSampling(compare.getState().sampling);
  const hasRules = readRuleForms(rules.getState().rules).rules !== null;
  return { model, sampling, rows, split, hasRules, runs: library.getState().runs, judges: judges.getState().judges };
}

interface Asking {
  readonly plan: PairsPlan;
  readonly chosen: ChosenReward;
  readonly signal: EngineSignal;
}

/** Answers each prompt several times, with seeds that follow each other, and scores what comes. */
async function answerPrompts(
  { getState: get, setState: set }: MakePairsStore,
  dependencies: MakePairsDependencies,
  { plan, chosen: { reward, scoring }, signal }: Asking,
): Promise<void> {
  const { engine, library, dataset, now = Date.now } = dependencies;
  const { prompts, sampling } = plan;
  const { answers: each, runId } = get().form;
  const referenceOf = referencesOf(dataset.getState().rows);
  const variants = [{ ...(await variantOf({ runId }, '0', library)), ...scoring }];
  const first = get().answered?.length ?? 0;
  const before = first * each;
  const asked = prompts.slice(first).flatMap((prompt, at) =>
    Array.from({ length: each }, (_, index) => ({
      prompt,
      options: { ...sampling, seed: sampling.seed + before + at * each + index },
      group: at,
    })),
  );
  if (asked.length === 0) return;
  const progress = progressFrom(before, before + asked.length, now);
  set({ answering: progress(before) });
  let candidates: Candidate[] = [];
  await answerAll(
    engine,
    { asked, variants },
    {
      signal,
      showDone: (done, comparing) => set({ answering: withComparing(progress(before + done), comparing) }),
      onAnswers(number, [generation]) {
        const prompt = prompts[first + Math.floor(number / each)];
        if (prompt === undefined || generation === undefined) return;
        candidates.push(judgeAnswer(reward, prompt, referenceOf(prompt), generation, number % each));
        if (candidates.length < each) return;
        set({ answered: [...(get().answered ?? []), { prompt, candidates: bestFirst(candidates) }] });
        candidates = [];
      },
    },
  );
}

/** Says that answers are given up, and brings them back if it is asked to: what has taken their place is stopped. */
function tellGivenUp(
  { getState: get, setState: set, subscribe }: MakePairsStore,
  { notices }: Pick<MakePairsDependencies, 'notices'>,
  given: readonly AnsweredPrompt[],
  sentence: string,
  show: () => void,
): void {
  const bringBack = (): void => {
    set({ answered: given, failure: null });
    show();
  };
  notices.getState().tellDone(sentence, () => {
    if (get().answering === null) return bringBack();
    const stopWatching = subscribe(({ answering: under }) => {
      if (under !== null) return;
      stopWatching();
      bringBack();
    });
    get().stop();
  });
}

/** The answering: what the form asks for, one at a time. */
function answering(
  store: MakePairsStore,
  dependencies: MakePairsDependencies,
  show: () => void,
): Pick<MakePairsState, 'start' | 'stop'> {
  const { getState: get, setState: set } = store;
  const { engineTime, getModel, chooseReward } = dependencies;
  return {
    async start(sampling, goesOn = false) {
      const model = getModel();
      if (model === null || get().answering !== null) return;
      const { plan } = readPairsForm(get().form, {
        ...pairsSources(model, dependencies),
        ...(sampling && { sampling }),
      });
      if (plan === null) return;
      const before = get().answered ?? [];
      const kept = goesOn ? answeredOf(plan.prompts, get().form.answers, before) : [];
      const { givenUp, promptsChanged } = currentText().makePairs;
      const says = goesOn ? promptsChanged : givenUp;
      if (before.length > kept.length) tellGivenUp(store, dependencies, before, says(before.length), show);
      await engineTime.run('makingPairs', async (signal) => {
        const answering = { done: 0, total: 0, secondsLeft: null };
        set({ answering, stopping: false, failure: null, answered: kept });
        try {
          const chosen = await chooseReward(get().form.reward, get().form.answers);
          await answerPrompts(store, dependencies, { plan, chosen, signal });
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          set({ answering: null, stopping: false });
          show();
        }
      });
    },

    stop() {
      if (get().answering === null) return;
      set({ stopping: true });
      engineTime.stop('makingPairs');
    },
  };
}

/** Writes what there is, once at a time: what came while it was written is written after it. */
function keeping(
  { getState: get, setState: set, subscribe }: MakePairsStore,
  { storage, notices, onStored }: MakePairsDependencies,
  show: () => void,
): Pick<MakePairsState, 'restore' | 'writeAnew'> {
  let written: Pick<MakePairsState, 'answered' | 'kind'> | null = null;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    // So that `writing` stands before it can be cleared.
    await Promise.resolve();
    try {
      for (let now = get(); now.answered !== written?.answered || now.kind !== written.kind; now = get()) {
        const { answered, kind } = now;
        written = { answered, kind };
        await storage.writeMadeAnswers(answered && keepAnswers(answered, kind));
        onStored();
      }
    } catch (error) {
      notices.getState().tellFailure(error, get().answered === null ? '' : currentText().makePairs.notKept);
    } finally {
      writing = null;
    }
  }

  const keep = (): Promise<void> => (writing ??= write());
  subscribe((now, before) => {
    if (now.answered !== before.answered || now.kind !== before.kind) void keep();
  });

  return {
    async restore() {
      try {
        const kept = await storage.readMadeAnswers();
        if (kept === null || get().answered !== null) return;
        written = { answered: answersOfKept(kept), kind: kept.kind };
        set(written);
        show();
      } catch (error) {
        notices.getState().tellFailure(error);
      }
    },
    async writeAnew() {
      written = null;
      await keep();
    },
  };
}

export function createMakePairsStore(dependencies: MakePairsDependencies): MakePairsStore {
  return createStore<MakePairsState>()((set, get, store) => {
    function show(): void {
      const { answered, kind } = get();
      const made = answered && pairsOfAnswers(answered, kind, currentText().makePairs.file);
      set({ made });
    }

    return {
      form: initialPairsForm,
      answering: null,
      stopping: false,
      failure: null,
      answered: null,
      kind: 'extremes',
      made: null,
      ...answering(store, dependencies, show),
      ...keeping(store, dependencies, show),

      setForm: (change) => set({ form: { ...get().form, ...change } }),

      setKind(kind) {
        set({ kind });
        show();
      },

      async makeSet(name, label) {
        const { made } = get();
        if (made === null || made.rows.length === 0) return false;
        // The data set takes its rules along, what was typed last too.
        await dependencies.rules.getState().keep();
        return dependencies.dataset.getState().makeSet(name, made.rows, label);
      },

      putAway() {
        const { answered } = get();
        set({ answered: null, made: null, failure: null });
        if (answered !== null && answered.length > 0) {
          const says = currentText().makePairs.givenUp(answered.length);
          tellGivenUp(store, dependencies, answered, says, show);
        }
      },
    };
  });
}
