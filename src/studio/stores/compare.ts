/**
 * @file The comparison: one prompt answered by up to four columns, each the base or an adapter at some strength,
 * streaming side by side; and the log-ratio of every token of those answers. Only adapters of the loaded model (same
 * fingerprint) take part.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ScoredToken } from '../../run/reports';
import {
  clampStrength,
  initialColumns,
  strengthRange,
  withOneMore,
  type Column,
  type ColumnChoice,
} from '../plain/compare/columns';
import type { EngineSignal } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { Run } from '../plain/runs/run';
import { initialDraft, type ComparisonDraft, type Shading } from '../plain/compare/draft';
import type { Best } from '../plain/compare/best-of';
import { waitingColumns } from '../plain/compare/judged-best';
import { policyOrder, preferredColumn } from '../plain/compare/policies';
import { initialSampling, readSampling, type SamplingForm } from '../plain/compare/sampling';
import type { Answer, AnswerSheet, Answers, Asked } from '../plain/compare/answers';
import { firstAnswering, type FirstAnswersDependencies, type FirstAnswersState } from './first-answers';
import { meaningOf, scoreAnswers, type ScoringMeaning } from './score-answers';
import { judgeDrawn } from './judge-best';
import { answerersOf, writeAnswers } from './write-answers';

export interface TokenScores extends ScoringMeaning {
  /** The policy: a column's run at its strength. */
  readonly policy: { readonly run: string; readonly strength: number };
  /** The tokens of each column's answer, by the column's id. */
  readonly answers: Readonly<Record<string, readonly ScoredToken[]>>;
}

export interface CompareState extends ComparisonDraft, FirstAnswersState {
  readonly sampling: SamplingForm;
  readonly columns: readonly Column[];
  /** Each column's answer, by the column's id. */
  readonly answers: Answers;
  readonly asked: Asked | null;
  readonly generating: boolean;
  /** The columns whose answers are being written. */
  readonly answering: readonly string[];
  readonly stopping: boolean;
  /**
   * The column whose words count as known, and the one whose policy the tokens are scored under; null takes the first
   * that can.
   */
  readonly differencesFrom: string | null;
  readonly scoredBy: string | null;
  readonly scores: TokenScores | null;
  readonly scoring: boolean;
  readonly failure: Failure | null;

  setPrompt(prompt: string): void;
  /** Empties the prompt where it was written for another model or other pairs than those that are open. */
  dropOthersPrompt(): void;
  setPlainText(plainText: boolean): void;
  setSampling(change: Partial<SamplingForm>): void;
  addColumn(): void;
  /** Shows these columns, at their whole strength, in place of those that there were. */
  setColumns(choices: readonly ColumnChoice[]): void;
  removeColumn(id: string): void;
  choose(id: string, choice: ColumnChoice): void;
  setStrength(id: string, percent: number): void;
  /** How many answers the column's is chosen from, and by what; null takes it as it comes. */
  setBest(id: string, best: Best | null): void;
  setShading(shading: Shading): void;
  setReport(change: Partial<Pick<ComparisonDraft, 'reportTitle' | 'remarks'>>): void;
  setDifferencesFrom(id: string): void;
  setScoredBy(id: string): void;
  generate(): Promise<void>;
  /** Writes one column's answer anew, to what the others answered; ends a writing of it that is under way. */
  answerAgain(id: string): Promise<void>;
  /** Has judges compare the drawn answers that wait for them. */
  judgeRest(): Promise<void>;
  /** Scores the tokens of all answers, where the shading wants it. */
  score(): Promise<void>;
  stop(): void;
  clear(): void;
}

export type CompareStore = StoreApi<CompareState>;

export interface CompareDependencies extends FirstAnswersDependencies {
  readonly sampling?: SamplingForm;
  readonly columns?: readonly Column[];
  readonly draft?: ComparisonDraft;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

type Choosing =
  | 'setPrompt'
  | 'dropOthersPrompt'
  | 'setPlainText'
  | 'setSampling'
  | 'addColumn'
  | 'setColumns'
  | 'removeColumn'
  | 'choose'
  | 'setStrength'
  | 'setBest'
  | 'setReport'
  | 'setDifferencesFrom';

/** What is asked, of whom, and how it is shown. */
function choosing(
  { getState: get, setState: set }: CompareStore,
  { library, getModel, getData }: CompareDependencies,
): Pick<CompareState, Choosing> {
  /** The model and the pairs that are open; null for what is not. */
  const openNow = () => {
    const { openId, rows } = getData();
    return { model: getModel()?.fingerprint ?? null, dataset: rows.length === 0 ? null : openId };
  };
  const changeColumn = (id: string, change: Partial<Column>) =>
    get().columns.map((column) => (column.id === id ? { ...column, ...change } : column));
  return {
    setPrompt: (prompt) => set({ prompt, promptFor: openNow() }),

    dropOthersPrompt() {
      const [then, now] = [get().promptFor, openNow()];
      const isOther = (key: keyof typeof now) => now[key] !== null && then[key] !== null && now[key] !== then[key];
      if (isOther('model') || isOther('dataset')) set({ prompt: '', promptFor: now });
      else set({ promptFor: { model: then.model ?? now.model, dataset: then.dataset ?? now.dataset } });
    },

    setPlainText: (plainText) => set({ plainText }),
    setSampling: (change) => set({ sampling: { ...get().sampling, ...change } }),
    addColumn: () => set({ columns: withOneMore(get().columns, library.getState().runs, getModel()?.fingerprint) }),

    setColumns: (choices) =>
      set({
        columns: choices.map((choice, at) => ({ id: `column-${at + 1}`, choice, strength: strengthRange.whole })),
        ...{ answers: {}, scores: null },
      }),

    removeColumn(id) {
      if (get().columns.length === 1) return;
      set({ columns: get().columns.filter((column) => column.id !== id), answers: without(get().answers, id) });
    },

    choose: (id, choice) =>
      set({ columns: changeColumn(id, { choice }), answers: without(get().answers, id), scores: null }),
    setStrength: (id, percent) => set({ columns: changeColumn(id, { strength: clampStrength(percent) }) }),
    setBest(id, best) {
      const columns = get().columns.map((column): Column => {
        if (column.id !== id) return column;
        if (best !== null) return { ...column, best };
        return Object.fromEntries(Object.entries(column).filter(([key]) => key !== 'best')) as unknown as Column;
      });
      set({ columns, answers: without(get().answers, id), scores: null });
    },

    setReport: (change) => set(change),
    setDifferencesFrom: (id) => set({ differencesFrom: id }),
  };
}

/** What a column has answered anew to an example stays with it. */
function keepExample({ getState: get, setState: set }: CompareStore): void {
  const { first, shownExample, answers } = get();
  if (first === null || shownExample === null) return;
  const examples = first.examples.map((example, index) => (index === shownExample ? { ...example, answers } : example));
  set({ first: { ...first, examples } });
}

/** Does what changes the answers of some columns, which are shown as they are written. */
function changingAnswers(store: CompareStore, { engineTime }: Pick<CompareDependencies, 'engineTime'>) {
  const { getState: get, setState: set } = store;
  const sheet: AnswerSheet = {
    read: (id) => get().answers[id],
    write: (id, answer) => set({ answers: { ...get().answers, [id]: answer } }),
  };
  return async (
    asked: Asked,
    answering: readonly string[],
    work: (sheet: AnswerSheet, signal: EngineSignal) => Promise<void>,
  ): Promise<void> => {
    engineTime.stop('scoring');
    await engineTime.run('comparing', async (signal) => {
      set({ generating: true, stopping: false, failure: null, asked, scores: null, answering });
      try {
        await work(sheet, signal);
      } catch (error) {
        if (!isAbort(error)) set({ failure: describeFailure(error) });
      }
      keepExample(store);
      set({ generating: false, answering: [], stopping: false });
      if (!signal.aborted) void get().score();
    });
  };
}

function answering(
  store: CompareStore,
  dependencies: CompareDependencies,
): Pick<CompareState, 'generate' | 'answerAgain' | 'judgeRest' | 'stop'> {
  const { getState: get, setState: set } = store;
  const { engineTime, getModel } = dependencies;
  const changeAnswers = changingAnswers(store, dependencies);

  async function askColumns(chosen: readonly Column[], asked: Asked): Promise<void> {
    const who = answerersOf(chosen, dependencies);
    await changeAnswers(
      asked,
      who.map(({ column }) => column.id),
      (sheet, signal) => writeAnswers(who, asked, dependencies, sheet, signal),
    );
  }

  return {
    async generate() {
      const model = getModel();
      const { prompt, plainText, columns } = get();
      const { options } = readSampling(get().sampling);
      if (model === null || get().generating || options === null || prompt.trim() === '') return;
      set({ answers: {}, shownExample: null });
      const asChat = model.hasChatTemplate && !plainText;
      await askColumns(columns, { prompt: asChat ? [{ role: 'user', content: prompt }] : prompt, options });
    },

    async answerAgain(id) {
      while (engineTime.isRunning('comparing')) {
        // Where others are being written too, nothing is taken from them.
        if (get().answering.some((other) => other !== id)) return;
        engineTime.stop('comparing');
        await engineTime.whenEnded('comparing');
      }
      const { asked, columns } = get();
      const column = columns.find((candidate) => candidate.id === id);
      if (asked === null || column === undefined || getModel() === null) return;
      await askColumns([column], asked);
    },

    async judgeRest() {
      const { asked, answers, generating } = get();
      const ids = [...waitingColumns(answers).values()].flat();
      if (asked === null || generating || ids.length === 0) return;
      await changeAnswers(asked, ids, (sheet, signal) => judgeDrawn(ids, { asked, dependencies, sheet, signal }));
    },

    stop() {
      if (!get().generating) return;
      set({ stopping: true });
      engineTime.stop('comparing');
    },
  };
}

/** What a scoring goes by: the column whose adapter is the policy, and the answers with tokens. */
interface Scoring {
  readonly asked: Asked;
  readonly run: Run;
  readonly strength: number;
  readonly written: readonly (readonly [id: string, answer: Answer])[];
}

/** Null where there is nothing to score, or nobody wants to see it. */
function readScoring(state: CompareState, dependencies: CompareDependencies): Scoring | null {
  const { shading, asked, answers, columns, scoredBy, generating } = state;
  const policies = answerersOf(columns, dependencies).flatMap(({ column, run }) =>
    run === null ? [] : [{ column, run }],
  );
  const chosen = preferredColumn(
    scoredBy,
    policyOrder(policies).map(({ column }) => column.id),
  );
  const policy = policies.find(({ column }) => column.id === chosen);
  const written = Object.entries(answers).filter(([, { ids }]) => ids.length > 0);
  if (shading !== 'tokens' || asked === null || generating || policy === undefined || written.length === 0) return null;
  return { asked, run: policy.run, strength: policy.column.strength, written };
}

async function scoreTokens(
  { asked, run, strength, written }: Scoring,
  dependencies: CompareDependencies,
  signal: EngineSignal,
): Promise<TokenScores> {
  const input = { prompt: asked.prompt, answers: written.map(([, { ids }]) => ids) };
  const scored = await scoreAnswers({ run, strength }, input, dependencies, signal);
  return {
    policy: { run: run.name, strength },
    ...meaningOf({ run }, dependencies.library.getState().runs),
    answers: Object.fromEntries(written.map(([id], index) => [id, scored[index] ?? []])),
  };
}

function scoring(
  { getState: get, setState: set }: CompareStore,
  dependencies: CompareDependencies,
): Pick<CompareState, 'score' | 'setShading' | 'setScoredBy'> {
  const { engineTime } = dependencies;
  return {
    async score() {
      const asked = readScoring(get(), dependencies);
      if (asked === null) return;
      engineTime.stop('scoring');
      await engineTime.run('scoring', async (signal) => {
        set({ scoring: true, failure: null, scores: null });
        try {
          const scores = await scoreTokens(asked, dependencies, signal);
          if (!signal.aborted) set({ scores });
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          if (engineTime.isNewest('scoring', signal)) set({ scoring: false });
        }
      });
    },

    setShading(shading) {
      set({ shading });
      if (shading === 'tokens' && get().scores === null) void get().score();
    },

    setScoredBy(id) {
      set({ scoredBy: id, scores: null });
      void get().score();
    },
  };
}

export function createCompareStore(dependencies: CompareDependencies): CompareStore {
  const { draft = initialDraft, sampling = initialSampling, columns = initialColumns } = dependencies;
  return createStore<CompareState>()((set, _get, store) => ({
    ...draft,
    sampling,
    columns,
    answers: {},
    asked: null,
    generating: false,
    answering: [],
    stopping: false,
    differencesFrom: null,
    scoredBy: null,
    scores: null,
    scoring: false,
    failure: null,
    ...choosing(store, dependencies),
    ...answering(store, dependencies),
    ...scoring(store, dependencies),
    ...firstAnswering(store, dependencies),
    first: draft.first,
    clear: () => set({ answers: {}, asked: null, scores: null, failure: null, shownExample: null }),
  }));
}
