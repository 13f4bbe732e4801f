/**
 * @file The comparison: one prompt answered by up to four columns, each the base or an adapter at some strength,
 * streaming side by side; and the log-ratio of every token of those answers. Only adapters of the loaded model (same
 * fingerprint) take part.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Generation, ModelSummary, Progress, SamplingOptions, Variant } from '../../worker/protocol';
import type { ChatMessage } from '../../data/preference-pair';
import type { ScoredToken } from '../../run/reports';
import {
  answererOf,
  clampStrength,
  initialColumns,
  strengthRange,
  withOneMore,
  type Column,
  type ColumnChoice,
} from '../plain/compare/columns';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { Run } from '../plain/runs/run';
import { initialDraft, type ComparisonDraft, type Shading } from '../plain/compare/draft';
import { policyOrder, preferredColumn } from '../plain/compare/policies';
import { initialSampling, readSampling, type SamplingForm } from '../plain/compare/sampling';
import { adapterOf, meaningOf, scoreAnswers, type ScoringMeaning } from './score-answers';

export interface Answer {
  /** The run whose adapter answered; null is the base. */
  readonly run: Pick<Run, 'id' | 'name' | 'method'> | null;
  /** How strongly the adapter was applied, in per cent. */
  readonly strength: number;
  readonly text: string;
  readonly tokens: number;
  /** Ids of the answer's tokens; none while it is being written. */
  readonly ids: readonly number[];
  /** Null while the answer is being written. */
  readonly finish: Generation['finish'] | null;
  readonly secondsPerToken: number | null;
}

/** What was asked: the same of every column. */
export interface Asked {
  readonly prompt: string | readonly ChatMessage[];
  readonly options: SamplingOptions;
}

export interface TokenScores extends ScoringMeaning {
  /** The policy: a column's run at its strength. */
  readonly policy: { readonly run: string; readonly strength: number };
  /** The tokens of each column's answer, by the column's id. */
  readonly answers: Readonly<Record<string, readonly ScoredToken[]>>;
}

export interface CompareState extends ComparisonDraft {
  readonly sampling: SamplingForm;
  readonly columns: readonly Column[];
  /** Each column's answer, by the column's id. */
  readonly answers: Readonly<Record<string, Answer>>;
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
  setPlainText(plainText: boolean): void;
  setSampling(change: Partial<SamplingForm>): void;
  addColumn(): void;
  removeColumn(id: string): void;
  choose(id: string, choice: ColumnChoice): void;
  setStrength(id: string, percent: number): void;
  setShading(shading: Shading): void;
  setReport(change: Partial<Pick<ComparisonDraft, 'reportTitle' | 'remarks'>>): void;
  setDifferencesFrom(id: string): void;
  setScoredBy(id: string): void;
  generate(): Promise<void>;
  /** Writes one column's answer anew, to what the others answered; ends a writing of it that is under way. */
  answerAgain(id: string): Promise<void>;
  /** Scores the tokens of all answers, where the shading wants it. */
  score(): Promise<void>;
  stop(): void;
  clear(): void;
}

export type CompareStore = StoreApi<CompareState>;

export interface CompareDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  readonly engineTime: EngineTime;
  readonly sampling?: SamplingForm;
  readonly columns?: readonly Column[];
  readonly draft?: ComparisonDraft;
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
}

/** A column that can answer, with the run whose adapter does; null is the base. */
interface Answerer {
  readonly column: Column;
  readonly run: Run | null;
}

function answerersOf(chosen: readonly Column[], { library, getModel }: CompareDependencies): readonly Answerer[] {
  const { runs } = library.getState();
  return chosen.flatMap((column): Answerer[] => {
    const answerer = answererOf(column, runs, getModel()?.fingerprint);
    if (answerer.kind === 'base') return [{ column, run: null }];
    return answerer.kind === 'run' ? [{ column, run: answerer.run }] : [];
  });
}

type Choosing =
  | 'setPrompt'
  | 'setPlainText'
  | 'setSampling'
  | 'addColumn'
  | 'removeColumn'
  | 'choose'
  | 'setStrength'
  | 'setReport'
  | 'setDifferencesFrom';

/** What is asked, of whom, and how it is shown. */
function choosing(
  { getState: get, setState: set }: CompareStore,
  { library, getModel }: CompareDependencies,
): Pick<CompareState, Choosing> {
  const changeColumn = (id: string, change: Partial<Column>) =>
    get().columns.map((column) => (column.id === id ? { ...column, ...change } : column));
  return {
    setPrompt: (prompt) => set({ prompt }),
    setPlainText: (plainText) => set({ plainText }),
    setSampling: (change) => set({ sampling: { ...get().sampling, ...change } }),
    addColumn: () => set({ columns: withOneMore(get().columns, library.getState().runs, getModel()?.fingerprint) }),

    removeColumn(id) {
      if (get().columns.length === 1) return;
      set({ columns: get().columns.filter((column) => column.id !== id), answers: without(get().answers, id) });
    },

    choose: (id, choice) =>
      set({ columns: changeColumn(id, { choice }), answers: without(get().answers, id), scores: null }),
    setStrength: (id, percent) => set({ columns: changeColumn(id, { strength: clampStrength(percent) }) }),
    setReport: (change) => set(change),
    setDifferencesFrom: (id) => set({ differencesFrom: id }),
  };
}

const unwritten = { text: '', tokens: 0, ids: [], finish: null, secondsPerToken: null };

/** Has the columns answer what was asked, showing the answers as they are written. */
async function writeAnswers(
  store: CompareStore,
  dependencies: CompareDependencies,
  chosen: readonly Column[],
  asked: Asked,
  signal: EngineSignal,
): Promise<void> {
  const { getState: get, setState: set } = store;
  const setAnswer = (id: string, answer: Answer) => set({ answers: { ...get().answers, [id]: answer } });
  const changeAnswer = (id: string, change: Partial<Answer>) => {
    const written = get().answers[id];
    if (written) setAnswer(id, { ...written, ...change });
  };
  const who = answerersOf(chosen, dependencies);
  const ids = who.map(({ column }) => column.id);
  set({ answering: ids });
  const onProgress = (event: Progress) => {
    const id = event.kind === 'token' ? ids[event.variant] : undefined;
    if (event.kind === 'token' && id !== undefined) changeAnswer(id, { text: event.text, tokens: event.tokens });
  };
  try {
    const variants: Variant[] = [];
    for (const { column, run } of who) {
      const { id, strength } = column;
      variants.push({
        label: id,
        adapter: await adapterOf(run, dependencies.library),
        strength: strength / strengthRange.whole,
      });
      setAnswer(id, { run, strength: run === null ? strengthRange.whole : strength, ...unwritten });
    }
    const generations = await dependencies.engine.call('generate', { ...asked, variants }, { signal, onProgress });
    for (const [index, { label, ...rest }] of generations.entries()) changeAnswer(ids[index] ?? label, rest);
  } catch (error) {
    if (!isAbort(error)) set({ failure: describeFailure(error) });
  } finally {
    // What the engine did not finish, by an error or by stopping, is marked so.
    for (const id of ids) if (get().answers[id]?.finish === null) changeAnswer(id, { finish: 'stopped' });
  }
}

function answering(
  store: CompareStore,
  dependencies: CompareDependencies,
): Pick<CompareState, 'generate' | 'answerAgain' | 'stop'> {
  const { getState: get, setState: set } = store;
  const { engineTime, getModel } = dependencies;

  async function askColumns(chosen: readonly Column[], asked: Asked): Promise<void> {
    engineTime.stop('scoring');
    await engineTime.run('comparing', async (signal) => {
      set({ generating: true, stopping: false, failure: null, asked, scores: null });
      await writeAnswers(store, dependencies, chosen, asked, signal);
      set({ generating: false, answering: [], stopping: false });
      if (!signal.aborted) void get().score();
    });
  }

  return {
    async generate() {
      const model = getModel();
      const { prompt, plainText, columns } = get();
      const { options } = readSampling(get().sampling);
      if (model === null || get().generating || options === null || prompt.trim() === '') return;
      set({ answers: {} });
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
    clear: () => set({ answers: {}, asked: null, scores: null, failure: null }),
  }));
}
