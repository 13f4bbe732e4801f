/**
 * @file The first answers, which nobody asked for: when there is a run to look at and a person has asked nothing yet,
 * the columns answer a few prompts of the data, those that are kept out of training where it is split. It is background
 * work: whatever a person does takes the engine from it at once. What was written is kept, and written once for a run.
 */
import type { StoreApi } from 'zustand/vanilla';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { EngineSignal } from '../browser/engine-client';
import type { Answer, Answers, Asked, FirstAnswers } from '../plain/compare/answers';
import { firstPrompts, type FirstPrompts } from '../plain/compare/first-prompts';
import type { Column } from '../plain/compare/columns';
import { readSampling, type SamplingForm } from '../plain/compare/sampling';
import { answeringRuns } from '../plain/runs/answering-runs';
import type { DatasetState } from './dataset-state';
import type { EngineTime } from './engine-time';
import { answerersOf, writeAnswers, type Answerer, type AnsweringDependencies } from './write-answers';

export interface FirstAnswersState {
  /** Null before there were any. */
  readonly first: FirstAnswers | null;
  /** The example whose answers stand in the columns; null where a person's own prompt does, or none. */
  readonly shownExample: number | null;
  /** How many prompts are answered of how many; null while none is being answered. */
  readonly answeringFirst: { readonly done: number; readonly total: number } | null;
  /** Shows the first answers, and has them written where there is a new run; not over what a person asked. */
  askFirst(): void;
  /** Ends the writing of them for good. */
  stopFirst(): void;
  /** Puts an example into the columns; those whose answer is of another adapter or strength answer it anew. */
  showExample(index: number): Promise<void>;
}

/** The rest of the comparison, as far as the first answers read and write it. */
interface Comparison extends FirstAnswersState {
  readonly sampling: SamplingForm;
  readonly columns: readonly Column[];
  readonly answers: Answers;
  readonly asked: Asked | null;
  readonly generating: boolean;
  readonly scores: object | null;
  readonly failure: Failure | null;
  answerAgain(id: string): Promise<void>;
  score(): Promise<void>;
}

type ComparisonStore = StoreApi<Comparison>;

export interface FirstAnswersDependencies extends AnsweringDependencies {
  readonly engineTime: EngineTime;
  /** The open data set: prompts of its pairs are answered first. */
  readonly getData: () => Pick<DatasetState, 'openId' | 'rows' | 'split'>;
}

/** What is to be written: for the newest run of the model, or null where there is nothing to do. */
function wantedFirst(
  store: ComparisonStore,
  dependencies: FirstAnswersDependencies,
): (FirstPrompts & { readonly run: string }) | null {
  const { asked, shownExample, first, columns, sampling } = store.getState();
  const model = dependencies.getModel();
  const [newest] = answeringRuns(dependencies.library.getState().runs, model?.fingerprint);
  const isOwn = asked !== null && shownExample === null;
  if (model === null || newest === undefined || isOwn || readSampling(sampling).options === null) return null;
  if (first?.run === newest.id && first.isEnded) return null;
  const { prompts, isHeldOut } = firstPrompts(dependencies.getData(), model.hasChatTemplate);
  const hasAdapter = answerersOf(columns, dependencies).some(({ run }) => run !== null);
  return prompts.length === 0 || !hasAdapter ? null : { run: newest.id, prompts, isHeldOut };
}

/** Answers the prompts one after the other, so that the first can be read while the others are written. */
async function answerPrompts(
  { getState: get, setState: set }: ComparisonStore,
  dependencies: FirstAnswersDependencies,
  { run, prompts, isHeldOut }: FirstPrompts & { readonly run: string },
  signal: EngineSignal,
): Promise<void> {
  const { options } = readSampling(get().sampling);
  if (options === null) return;
  if (get().first?.run !== run) set({ first: { run, isHeldOut, examples: [], isEnded: false }, shownExample: null });
  for (let index = get().first?.examples.length ?? 0; index < prompts.length; index++) {
    const asked: Asked = { prompt: prompts[index] ?? '', options };
    let answers: Answers = {};
    set({ answeringFirst: { done: index, total: prompts.length } });
    if (index === 0) set({ asked, answers, scores: null, shownExample: 0 });
    const write = (id: string, answer: Answer) => {
      answers = { ...answers, [id]: answer };
      if (get().shownExample === index && !get().generating) set({ answers });
    };
    const sheet = { read: (id: string) => answers[id], write };
    // Nobody asked for them, so no column answers many times.
    const who = answerersOf(get().columns, dependencies).filter(({ column }) => column.best === undefined);
    await writeAnswers(who, asked, dependencies, sheet, signal);
    const { first } = get();
    if (signal.aborted || first?.run !== run) return;
    set({
      first: { ...first, examples: [...first.examples, { asked, answers }], isEnded: index === prompts.length - 1 },
    });
  }
}

/**
 * Puts an example into the columns, without answers of another adapter or strength than the columns have now.
 * @returns the ids of the columns that are without
 */
function putExample(store: ComparisonStore, dependencies: FirstAnswersDependencies, index: number): readonly string[] {
  const { first, columns } = store.getState();
  const example = first?.examples[index];
  if (example === undefined) return [];
  const isFresh = ({ column, run }: Answerer): boolean => {
    const answer = example.answers[column.id];
    const { best } = column;
    const isSameBest = answer?.best?.count === best?.count && answer?.best?.reward === best?.reward;
    return isSameBest && answer?.run?.id === run?.id && (run === null || answer?.strength === column.strength);
  };
  const who = answerersOf(columns, dependencies);
  const fresh = who.filter(isFresh).map(({ column: { id } }) => [id, example.answers[id]] as const);
  const answers = Object.fromEntries(fresh.filter((entry): entry is [string, Answer] => entry[1] !== undefined));
  store.setState({ asked: example.asked, answers, scores: null, failure: null, shownExample: index });
  return who.filter((answerer) => !isFresh(answerer)).map(({ column }) => column.id);
}

export function firstAnswering(store: ComparisonStore, dependencies: FirstAnswersDependencies): FirstAnswersState {
  const { getState: get, setState: set } = store;
  const isFree = () => dependencies.engineTime.state.getState().foreground.length === 0;
  let writing: AbortController | null = null;

  function end(): void {
    const { first } = get();
    if (first !== null) set({ first: { ...first, isEnded: true } });
    writing?.abort();
  }

  const ask = dependencies.engineTime.addBackground(async (signal) => {
    const wanted = wantedFirst(store, dependencies);
    if (wanted === null) return;
    writing = new AbortController();
    try {
      await answerPrompts(store, dependencies, wanted, AbortSignal.any([signal, writing.signal]) as EngineSignal);
      if (!signal.aborted && get().shownExample !== null) void get().score();
    } catch (error) {
      if (isAbort(error)) return;
      set({ failure: describeFailure(error) });
      end();
    } finally {
      writing = null;
      set({ answeringFirst: null });
    }
  });

  return {
    first: null,
    shownExample: null,
    answeringFirst: null,

    askFirst() {
      const wanted = wantedFirst(store, dependencies);
      const { first, asked } = get();
      const [newest] = answeringRuns(dependencies.library.getState().runs, dependencies.getModel()?.fingerprint);
      if (newest !== undefined && first?.run === newest.id && first.examples.length > 0 && asked === null) {
        putExample(store, dependencies, 0);
        if (isFree()) void get().score();
      }
      if (wanted !== null && writing === null) ask();
    },

    stopFirst: end,

    async showExample(index) {
      if (get().generating) return;
      const without = putExample(store, dependencies, index);
      if (!isFree()) return;
      for (const id of without) await get().answerAgain(id);
      if (without.length === 0) void get().score();
    },
  };
}
