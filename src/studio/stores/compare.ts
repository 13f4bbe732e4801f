/**
 * @file The comparison: one prompt answered by up to four columns, each the base or an adapter at some strength,
 * streaming side by side; and the log-ratio of every token of those answers. Only adapters of the loaded model (same
 * fingerprint) take part.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type {
  ChatMessage,
  Generation,
  ModelSummary,
  Policy,
  SamplingOptions,
  ScoredToken,
  Variant,
} from '../../worker/protocol';
import {
  answererOf,
  clampStrength,
  initialColumns,
  rewardReferenceOf,
  strengthRange,
  withOneMore,
  type Column,
  type ColumnChoice,
} from '../plain/compare/columns';
import type { Engine } from '../browser/engine-client';
import { describeFailure, isAbort, type Failure } from '../text/failure';
import type { EngineTime } from './engine-time';
import type { LibraryStore } from './library';
import type { Run } from '../plain/runs/run';
import { initialDraft, type ComparisonDraft, type Shading } from '../plain/compare/draft';
import { isLossKnown, knownSettingsOf, policyOrder, preferredColumn, rewardBetaOf } from '../plain/compare/policies';
import { initialSampling, readSampling, type SamplingForm } from '../plain/compare/sampling';

export interface Answer {
  /** The run whose adapter answered; null is the base. */
  readonly run: Pick<Run, 'id' | 'name' | 'method'> | null;
  /** Of the adapter, per cent. */
  readonly strength: number;
  readonly text: string;
  readonly tokens: number;
  /** Its tokens; empty while it is being written. */
  readonly ids: readonly number[];
  /** Null while the answer is being written. */
  readonly finish: Generation['finish'] | null;
  readonly secondsPerToken: number | null;
}

/** What the answers answer: the same for every column. */
export interface Asked {
  readonly prompt: string | readonly ChatMessage[];
  readonly options: SamplingOptions;
}

export interface TokenScores {
  /** The policy: a column's run at its strength. */
  readonly policy: { readonly run: string; readonly strength: number };
  /** Name of the run whose adapter is the reference; null is the base. */
  readonly reference: string | null;
  /** The run was trained against an adapter that is gone, and the base stands in for it. */
  readonly isStandIn: boolean;
  /** Of the run's loss; null where the log-ratio is no reward of it, or nobody knows. */
  readonly beta: number | null;
  /** False for an adapter from elsewhere that does not tell by which loss it was trained. */
  readonly isLossKnown: boolean;
  /** By column. */
  readonly answers: Readonly<Record<string, readonly ScoredToken[]>>;
}

export interface CompareState extends ComparisonDraft {
  readonly sampling: SamplingForm;
  readonly columns: readonly Column[];
  /** By column. */
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

export function createCompareStore({
  engine,
  library,
  getModel,
  engineTime,
  sampling,
  columns,
  draft,
}: CompareDependencies): CompareStore {
  return createStore<CompareState>()((set, get) => {
    const setAnswer = (column: string, answer: Answer) => set({ answers: { ...get().answers, [column]: answer } });

    const adapterOf = (run: Pick<Run, 'id'> | null) => (run === null ? null : library.getState().adapterOf(run.id));

    /** Those of the columns that somebody answers in. */
    function answerers(chosen: readonly Column[]) {
      const { runs } = library.getState();
      return chosen.flatMap((column): { readonly column: Column; readonly run: Run | null }[] => {
        const answerer = answererOf(column, runs, getModel()?.fingerprint);
        return answerer.kind === 'base'
          ? [{ column, run: null }]
          : answerer.kind === 'run'
            ? [{ column, run: answerer.run }]
            : [];
      });
    }

    async function answer(chosen: readonly Column[], asked: Asked, signal: AbortSignal): Promise<void> {
      const who = answerers(chosen);
      const ids = who.map(({ column }) => column.id);
      set({ answering: ids });
      try {
        const variants: Variant[] = [];
        for (const {
          column: { id, strength },
          run,
        } of who) {
          variants.push({ label: id, adapter: await adapterOf(run), strength: strength / strengthRange.whole });
          setAnswer(id, {
            run,
            strength: run === null ? strengthRange.whole : strength,
            text: '',
            tokens: 0,
            ids: [],
            finish: null,
            secondsPerToken: null,
          });
        }
        const generations = await engine.call(
          'generate',
          { ...asked, variants },
          {
            signal,
            onProgress: (event) => {
              if (event.kind !== 'token') return;
              const id = ids[event.variant];
              const written = id === undefined ? undefined : get().answers[id];
              if (id !== undefined && written) setAnswer(id, { ...written, text: event.text, tokens: event.tokens });
            },
          },
        );
        for (const [index, { label, ...rest }] of generations.entries()) {
          const id = ids[index] ?? label;
          const written = get().answers[id];
          if (written) setAnswer(id, { ...written, ...rest });
        }
      } catch (error) {
        if (!isAbort(error)) set({ failure: describeFailure(error) });
      } finally {
        // What the engine did not finish, by an error or by stopping, is marked so.
        for (const id of ids) {
          const written = get().answers[id];
          if (written?.finish === null) setAnswer(id, { ...written, finish: 'stopped' });
        }
      }
    }

    /** Runs `answer` as the one that is under way. */
    function begin(chosen: readonly Column[], asked: Asked): Promise<void> {
      engineTime.stop('scoring');
      return engineTime.run('comparing', async (signal) => {
        set({ generating: true, stopping: false, failure: null, asked, scores: null });
        await answer(chosen, asked, signal);
        set({ generating: false, answering: [], stopping: false });
        if (!signal.aborted) void get().score();
      });
    }

    return {
      ...(draft ?? initialDraft),
      sampling: sampling ?? initialSampling,
      columns: columns ?? initialColumns,
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

      setPrompt: (prompt) => set({ prompt }),
      setPlainText: (plainText) => set({ plainText }),
      setSampling: (change) => set({ sampling: { ...get().sampling, ...change } }),
      addColumn: () => set({ columns: withOneMore(get().columns, library.getState().runs, getModel()?.fingerprint) }),

      removeColumn(id) {
        if (get().columns.length === 1) return;
        set({ columns: get().columns.filter((column) => column.id !== id), answers: without(get().answers, id) });
      },

      choose(id, choice) {
        const change = (column: Column): Column => (column.id === id ? { ...column, choice } : column);
        set({ columns: get().columns.map(change), answers: without(get().answers, id), scores: null });
      },

      setStrength(id, percent) {
        const strength = clampStrength(percent);
        set({ columns: get().columns.map((column) => (column.id === id ? { ...column, strength } : column)) });
      },

      setShading(shading) {
        set({ shading });
        if (shading === 'tokens' && get().scores === null) void get().score();
      },
      setReport: (change) => set(change),
      setDifferencesFrom: (id) => set({ differencesFrom: id }),
      setScoredBy(id) {
        set({ scoredBy: id, scores: null });
        void get().score();
      },

      async generate() {
        const model = getModel();
        const { prompt, plainText, columns: chosen } = get();
        const { options } = readSampling(get().sampling);
        if (model === null || get().generating || options === null || prompt.trim() === '') return;
        set({ answers: {} });
        const asChat = model.hasChatTemplate && !plainText;
        await begin(chosen, { prompt: asChat ? [{ role: 'user', content: prompt }] : prompt, options });
      },

      async answerAgain(id) {
        while (engineTime.isRunning('comparing')) {
          // Where others are being written too, nothing is taken from them.
          if (get().answering.some((other) => other !== id)) return;
          engineTime.stop('comparing');
          await engineTime.whenEnded('comparing');
        }
        const { asked, columns: all } = get();
        const column = all.find((candidate) => candidate.id === id);
        if (asked === null || column === undefined || getModel() === null) return;
        await begin([column], asked);
      },

      async score() {
        const { shading, asked, answers, columns: all, scoredBy, generating } = get();
        const policies = answerers(all).flatMap(({ column, run }) => (run === null ? [] : [{ column, run }]));
        const chosen = preferredColumn(
          scoredBy,
          policyOrder(policies).map(({ column }) => column.id),
        );
        const policy = policies.find(({ column }) => column.id === chosen);
        const written = Object.entries(answers).filter(([, { ids }]) => ids.length > 0);
        if (shading !== 'tokens' || asked === null || generating || policy === undefined || written.length === 0)
          return;
        engineTime.stop('scoring');
        await engineTime.run('scoring', async (signal) => {
          set({ scoring: true, failure: null, scores: null });
          try {
            const { run, column } = policy;
            const reference = rewardReferenceOf(run, library.getState().runs);
            const sides: readonly Policy[] = [
              { adapter: await adapterOf(run), strength: column.strength / strengthRange.whole },
              { adapter: await adapterOf(reference.run), strength: 1 },
            ];
            const [of, against] = sides as [Policy, Policy];
            const scored = await engine.call(
              'scoreTokens',
              { prompt: asked.prompt, answers: written.map(([, { ids }]) => ids), policy: of, reference: against },
              { signal },
            );
            if (signal.aborted) return;
            set({
              scores: {
                policy: { run: run.name, strength: column.strength },
                reference: reference.run?.name ?? null,
                isStandIn: reference.isStandIn,
                beta: rewardBetaOf(knownSettingsOf(run)),
                isLossKnown: isLossKnown(knownSettingsOf(run)),
                answers: Object.fromEntries(written.map(([id], index) => [id, scored[index] ?? []])),
              },
            });
          } catch (error) {
            if (!isAbort(error)) set({ failure: describeFailure(error) });
          } finally {
            if (engineTime.isNewest('scoring', signal)) set({ scoring: false });
          }
        });
      },

      stop() {
        if (!get().generating) return;
        set({ stopping: true });
        engineTime.stop('comparing');
      },

      clear: () => set({ answers: {}, asked: null, scores: null, failure: null }),
    };
  });
}
