/**
 * @file The comparison: one prompt answered by the base, an SFT adapter and a DPO adapter, streaming side by side.
 * Only adapters of the loaded model (same fingerprint) take part.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ChatMessage, Generation, ModelSummary, SamplingOptions, Variant } from '../../worker/protocol';
import type { Engine } from '../engine-client';
import { describeFailure, isAbort, type Failure } from '../failure';
import { parseNumber, type NumberProblem, type NumberRule } from '../train/options';
import type { LibraryStore, Run } from './library';

export type ColumnKey = 'base' | 'sft' | 'dpo';
export const columnKeys: readonly ColumnKey[] = ['base', 'sft', 'dpo'];

/** Which adapter a column shows: the newest of its method, one chosen by the user, or none. */
export type AdapterChoice = 'latest' | 'none' | { readonly runId: string };

export interface Answer {
  /** The run whose adapter answered; null is the base. */
  readonly runName: string | null;
  readonly text: string;
  readonly tokens: number;
  /** Null while the answer is being written. */
  readonly finish: Generation['finish'] | null;
  readonly secondsPerToken: number | null;
}

export type SamplingKey = keyof SamplingOptions;
export type SamplingForm = Readonly<Record<SamplingKey, string>>;

export const samplingFields: Readonly<Record<SamplingKey, NumberRule & { readonly initial: string }>> = {
  maxNewTokens: { initial: '128', min: 1, max: 100_000, integer: true },
  temperature: { initial: '0', min: 0, max: 10 },
  topK: { initial: '0', min: 0, max: 1_000_000, integer: true },
  topP: { initial: '1', min: 0, above: true, max: 1 },
  seed: { initial: '0', min: 0, max: 4_294_967_295, integer: true },
};

const samplingKeys = Object.keys(samplingFields) as SamplingKey[];

export const initialSampling = Object.fromEntries(
  samplingKeys.map((key) => [key, samplingFields[key].initial]),
) as SamplingForm as Record<SamplingKey, string>;

export function readSampling(form: SamplingForm): {
  readonly options: SamplingOptions | null;
  readonly problems: Partial<Record<SamplingKey, NumberProblem>>;
} {
  const problems: Partial<Record<SamplingKey, NumberProblem>> = {};
  const values: Record<string, number> = {};
  for (const key of samplingKeys) {
    const { value, problem } = parseNumber(form[key], samplingFields[key]);
    if (problem !== null) problems[key] = problem;
    else values[key] = value;
  }
  const whole = Object.keys(problems).length === 0;
  return { options: whole ? (values as unknown as SamplingOptions) : null, problems };
}

export interface CompareState {
  readonly prompt: string;
  /** For models with a chat template: send the text as it is, not as a user's message. */
  readonly plainText: boolean;
  readonly sampling: SamplingForm;
  readonly choices: Readonly<Record<'sft' | 'dpo', AdapterChoice>>;
  readonly answers: Readonly<Partial<Record<ColumnKey, Answer>>>;
  readonly generating: boolean;
  readonly stopping: boolean;
  readonly failure: Failure | null;

  setPrompt(prompt: string): void;
  setPlainText(plainText: boolean): void;
  setSampling(change: Partial<SamplingForm>): void;
  choose(column: 'sft' | 'dpo', choice: AdapterChoice): void;
  generate(): Promise<void>;
  stop(): void;
  clear(): void;
}

export type CompareStore = StoreApi<CompareState>;

/** Runs of this model and method that have an adapter, newest first. */
export function adaptersFor(runs: readonly Run[], fingerprint: string | undefined, method: Run['method']): readonly Run[] {
  return runs.filter((run) => run.method === method && run.modelFingerprint === fingerprint && run.adapterBytes > 0);
}

export function resolveChoice(choice: AdapterChoice, candidates: readonly Run[]): Run | null {
  if (choice === 'none') return null;
  // A chosen run that was deleted, or is of another model, falls back to the newest.
  const chosen = choice === 'latest' ? undefined : candidates.find(({ id }) => id === choice.runId);
  return chosen ?? candidates[0] ?? null;
}

export interface CompareDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
  readonly claimEngine: () => void;
  readonly sampling?: SamplingForm;
}

export function createCompareStore({ engine, library, getModel, claimEngine, sampling }: CompareDependencies): CompareStore {
  let controller: AbortController | null = null;

  return createStore<CompareState>()((set, get) => {
    const setAnswer = (column: ColumnKey, answer: Answer) => set({ answers: { ...get().answers, [column]: answer } });

    return {
      prompt: '',
      plainText: false,
      sampling: sampling ?? initialSampling,
      choices: { sft: 'latest', dpo: 'latest' },
      answers: {},
      generating: false,
      stopping: false,
      failure: null,

      setPrompt: (prompt) => set({ prompt }),
      setPlainText: (plainText) => set({ plainText }),
      setSampling: (change) => set({ sampling: { ...get().sampling, ...change } }),
      choose: (column, choice) => set({ choices: { ...get().choices, [column]: choice } }),

      async generate() {
        const model = getModel();
        const { prompt, plainText, choices } = get();
        const { options } = readSampling(get().sampling);
        if (model === null || get().generating || options === null || prompt.trim() === '') return;
        claimEngine();
        controller = new AbortController();
        set({ generating: true, stopping: false, failure: null, answers: {} });
        const columns: ColumnKey[] = [];
        try {
          const variants: Variant[] = [];
          for (const column of columnKeys) {
            const run =
              column === 'base'
                ? null
                : resolveChoice(choices[column], adaptersFor(library.getState().runs, model.fingerprint, column));
            if (column !== 'base' && run === null) continue;
            const adapter = run === null ? null : await library.getState().adapterOf(run.id);
            columns.push(column);
            variants.push({ label: column, adapter });
            setAnswer(column, { runName: run?.name ?? null, text: '', tokens: 0, finish: null, secondsPerToken: null });
          }
          const asChat = model.hasChatTemplate && !plainText;
          const sent: string | readonly ChatMessage[] = asChat ? [{ role: 'user', content: prompt }] : prompt;
          const generations = await engine.call('generate', { prompt: sent, variants, options }, {
            signal: controller.signal,
            onProgress: (event) => {
              if (event.kind !== 'token') return;
              const column = columns[event.variant];
              const answer = column && get().answers[column];
              if (column && answer) setAnswer(column, { ...answer, text: event.text, tokens: event.tokens });
            },
          });
          for (const [index, { text, tokens, finish, secondsPerToken }] of generations.entries()) {
            const column = columns[index];
            const answer = column && get().answers[column];
            if (column && answer) setAnswer(column, { ...answer, text, tokens, finish, secondsPerToken });
          }
        } catch (error) {
          if (!isAbort(error)) set({ failure: describeFailure(error) });
        } finally {
          // What the engine did not finish, by an error or by stopping, is marked so.
          for (const column of columns) {
            const answer = get().answers[column];
            if (answer && answer.finish === null) setAnswer(column, { ...answer, finish: 'stopped' });
          }
          controller = null;
          set({ generating: false, stopping: false });
        }
      },

      stop() {
        if (controller === null) return;
        set({ stopping: true });
        controller.abort();
      },

      clear: () => set({ answers: {}, failure: null }),
    };
  });
}
