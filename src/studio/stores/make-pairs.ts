/**
 * @file Pairs of a model's own answers: each prompt is answered several times, a reward scores the answers, and the
 * pairs that follow become a data set with scores. A judge of another model than the open one compares them when all
 * are there (judge-made-answers.ts). The answers are kept until they are put away; what is stopped keeps the prompts
 * whose answers are all there. Of two tabs, what was made last is kept.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { DatasetLabel } from '../../storage/dataset-record';
import type { JudgedPrompt } from '../../storage/judging-record';
import type { ModelSummary, SamplingOptions } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { bestFirst, judgeAnswer, judgeIdOf, referencesOf, type Candidate } from '../plain/compare/best-of';
import {
  answersOfKept,
  countAnswered,
  initialPairsForm,
  keepAnswers,
  pairsOfAnswers,
  plannedOf,
  readPairsForm,
  type MadePairs,
  type PairingKind,
  type PairsForm,
  type PairsPlan,
} from '../plain/compare/pairs-of-answers';
import { readSampling } from '../plain/compare/sampling';
import {
  withDrawn,
  type AnsweredPrompt,
  type JudgedSoFar,
  type WaitingAnswers,
} from '../plain/compare/waiting-answers';
import type { Storage } from '../plain/records';
import { readRuleForms } from '../plain/data/rule-form';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import { currentText } from '../text/text';
import { answerAll } from './answer-all';
import type { ChooseReward, ChosenReward } from './choose-reward';
import type { CompareStore } from './compare';
import type { DatasetStore } from './dataset';
import type { EngineTime } from './engine-time';
import { judgeSources } from './ask-kept-judge';
import { judgeWaiting } from './judge-made-answers';
import type { JudgesStore } from './judges';
import type { LibraryStore } from './library';
import type { ModelShelfStore } from './model-shelf';
import type { NoticeStore } from './notices';
import type { OpenModelStore } from './open-model';
import { progressFrom, withComparing, type AnswerProgress } from './round';
import type { RulesStore } from './rules';
import { variantOf } from './variants';

export interface MakePairsState {
  readonly form: PairsForm;
  /** Null while nothing is being answered. */
  readonly answering: AnswerProgress | null;
  readonly stopping: boolean;
  readonly failure: Failure | null;
  /** A judge is being loaded, or compares answers; `answering` counts its comparisons then. */
  readonly isJudging: boolean;
  /** The prompts whose answers are all there and judged; null before any were asked for. */
  readonly answered: readonly AnsweredPrompt[] | null;
  /** Those whose answers are there and wait for a judge; null where none do. */
  readonly waiting: WaitingAnswers | null;
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
  /** Has the judge compare the answers that wait for it. */
  judgeOn(): Promise<void>;
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
  readonly model: OpenModelStore;
  readonly modelShelf: ModelShelfStore;
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
    ...rest
  }: Pick<MakePairsDependencies, 'dataset' | 'compare' | 'rules' | 'library' | 'judges' | 'modelShelf'>,
) {
  const { rows, split } = dataset.getState();
  const { options: sampling } = readSampling(compare.getState().sampling);
  const hasRules = readRuleForms(rules.getState().rules).rules !== null;
  return { ...judgeSources(rest), model, sampling, rows, split, hasRules };
}

interface Asking {
  readonly plan: PairsPlan;
  /** Null where some answers wait for a judge already, as all will. */
  readonly chosen: ChosenReward | null;
  readonly signal: EngineSignal;
}

const nothing: JudgedSoFar = { answered: [], waiting: null };

const soFar = ({ answered, waiting }: Pick<MakePairsState, 'answered' | 'waiting'>): JudgedSoFar => ({
  answered: answered ?? [],
  waiting,
});

/** Answers each prompt several times, with seeds that follow each other, and scores what comes. */
async function answerPrompts(
  { getState: get, setState: set }: MakePairsStore,
  dependencies: MakePairsDependencies,
  { plan, chosen, signal }: Asking,
): Promise<void> {
  const { engine, library, dataset, now = Date.now } = dependencies;
  const { prompts, sampling } = plan;
  const { answers: each, runId, reward: asJudge } = get().form;
  const referenceOf = referencesOf(dataset.getState().rows);
  const variants = [{ ...(await variantOf({ runId }, '0', library)), ...chosen?.scoring }];
  const first = countAnswered(soFar(get()));
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
  const keep = (prompt: JudgedPrompt, all: readonly Candidate[]): void => {
    const { answered, waiting } = get();
    if (chosen !== null && !chosen.isLater)
      return set({ answered: [...(answered ?? []), { prompt, candidates: bestFirst(all) }] });
    const drawn = { prompt, answers: all.map(({ text }) => text) };
    set({ waiting: withDrawn(waiting, judgeIdOf(asJudge) ?? '', drawn) });
  };
  await answerAll(
    engine,
    { asked, variants },
    {
      signal,
      showDone: (done, comparing) => set({ answering: withComparing(progress(before + done), comparing) }),
      onAnswers(number, [generation]) {
        const prompt = prompts[first + Math.floor(number / each)];
        if (prompt === undefined || generation === undefined) return;
        const reference = referenceOf(prompt);
        candidates.push(judgeAnswer(chosen?.reward ?? null, prompt, reference, generation, number % each));
        if (candidates.length < each) return;
        keep(prompt, candidates);
        candidates = [];
      },
    },
  );
}

/** Says that answers are given up, and brings them back if it is asked to: what has taken their place is stopped. */
function tellGivenUp(
  { getState: get, setState: set, subscribe }: MakePairsStore,
  { notices }: Pick<MakePairsDependencies, 'notices'>,
  given: JudgedSoFar,
  sentence: string,
  show: () => void,
): void {
  const bringBack = (): void => {
    set({ ...given, failure: null });
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

/** The answering and the judging: what the form asks for, one at a time. */
function answering(
  store: MakePairsStore,
  dependencies: MakePairsDependencies,
  show: () => void,
): Pick<MakePairsState, 'start' | 'judgeOn' | 'stop'> {
  const { getState: get, setState: set } = store;
  const { engineTime, model, chooseReward } = dependencies;

  /** Runs the work, and shows what it came to, however it ends. */
  const run = (there: JudgedSoFar, work: (signal: EngineSignal) => Promise<void>): Promise<void> =>
    engineTime.run('makingPairs', async (signal) => {
      const answering = { done: 0, total: 0, secondsLeft: null };
      set({ ...there, answering, stopping: false, failure: null });
      try {
        await work(signal);
      } catch (error) {
        if (!isAbort(error)) set({ failure: describeFailure(error) });
      } finally {
        set({ answering: null, isJudging: false, stopping: false });
        show();
      }
    });

  return {
    async start(sampling, goesOn = false) {
      const { summary } = model.getState();
      const { form } = get();
      if (summary === null || get().answering !== null) return;
      const sources = { ...pairsSources(summary, dependencies), ...(sampling && { sampling }) };
      const { plan } = readPairsForm(form, sources);
      if (plan === null) return;
      const before = soFar(get());
      const kept = goesOn ? plannedOf(plan.prompts, form, before) : nothing;
      const { givenUp, promptsChanged } = currentText().makePairs;
      const says = (goesOn ? promptsChanged : givenUp)(countAnswered(before));
      if (countAnswered(before) > countAnswered(kept)) tellGivenUp(store, dependencies, before, says, show);
      await run(kept, async (signal) => {
        const chosen = kept.waiting === null ? await chooseReward(form.reward, form.answers) : null;
        await answerPrompts(store, dependencies, { plan, chosen, signal });
        await judgeWaiting(store, dependencies, signal);
      });
    },

    async judgeOn() {
      const there = soFar(get());
      if (there.waiting === null || get().answering !== null) return;
      await run(there, (signal) => judgeWaiting(store, dependencies, signal));
    },

    stop() {
      if (get().answering === null) return;
      set({ stopping: true });
      engineTime.stop('makingPairs');
    },
  };
}

type Written = Pick<MakePairsState, 'answered' | 'waiting' | 'kind'>;

const isSame = (a: Written, b: Written): boolean =>
  a.answered === b.answered && a.waiting === b.waiting && a.kind === b.kind;

/** Writes what there is, once at a time: what came while it was written is written after it. */
function keeping(
  { getState: get, setState: set, subscribe }: MakePairsStore,
  { storage, notices, onStored }: MakePairsDependencies,
  show: () => void,
): Pick<MakePairsState, 'restore' | 'writeAnew'> {
  let written: Written | null = null;
  let writing: Promise<void> | null = null;

  async function write(): Promise<void> {
    // So that `writing` stands before it can be cleared.
    await Promise.resolve();
    try {
      for (let now = get(); written === null || !isSame(now, written); now = get()) {
        const { answered, waiting, kind } = now;
        written = { answered, waiting, kind };
        await storage.writeMadeAnswers(answered && keepAnswers({ answered, waiting }, kind));
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
    if (!isSame(now, before)) void keep();
  });

  return {
    async restore() {
      try {
        const kept = await storage.readMadeAnswers();
        if (kept === null || get().answered !== null) return;
        written = { ...answersOfKept(kept), kind: kept.kind };
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
      isJudging: false,
      answered: null,
      waiting: null,
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
        const before = soFar(get());
        const count = countAnswered(before);
        set({ answered: null, waiting: null, made: null, failure: null });
        if (count > 0) tellGivenUp(store, dependencies, before, currentText().makePairs.givenUp(count), show);
      },
    };
  });
}
