/** @file Answers of columns to one prompt, as the engine writes them; where they are shown is the caller's. */
import type { ModelSummary, Progress, Variant } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import type { Answer, Asked } from '../plain/compare/answers';
import { answererOf, strengthRange, type Column } from '../plain/compare/columns';
import type { Run } from '../plain/runs/run';
import type { LibraryStore } from './library';
import { variantOf } from './variants';

export interface AnsweringDependencies {
  readonly engine: Engine;
  readonly library: LibraryStore;
  readonly getModel: () => ModelSummary | null;
}

/** A column that can answer, with the run whose adapter does; null is the base. */
export interface Answerer {
  readonly column: Column;
  readonly run: Run | null;
}

export function answerersOf(
  chosen: readonly Column[],
  { library, getModel }: Omit<AnsweringDependencies, 'engine'>,
): readonly Answerer[] {
  const { runs } = library.getState();
  return chosen.flatMap((column): Answerer[] => {
    const answerer = answererOf(column, runs, getModel()?.fingerprint);
    if (answerer.kind === 'base') return [{ column, run: null }];
    return answerer.kind === 'run' ? [{ column, run: answerer.run }] : [];
  });
}

const unwritten = { text: '', tokens: 0, ids: [], finish: null, secondsPerToken: null };

/** Where answers are written down: each one changed is told, with all that is known of it. */
export interface AnswerSheet {
  read(id: string): Answer | undefined;
  write(id: string, answer: Answer): void;
}

/** Has columns answer; each answer is told as it grows. What was not finished, by whatever end, is marked `stopped`. */
export async function writeAnswers(
  who: readonly Answerer[],
  asked: Asked,
  dependencies: AnsweringDependencies,
  sheet: AnswerSheet,
  signal: EngineSignal,
): Promise<void> {
  const ids = who.map(({ column }) => column.id);
  const change = (id: string, made: Partial<Answer>) => {
    const written = sheet.read(id);
    if (written) sheet.write(id, { ...written, ...made });
  };
  const onProgress = (event: Progress) => {
    const id = event.kind === 'token' ? ids[event.variant] : undefined;
    if (event.kind === 'token' && id !== undefined) change(id, { text: event.text, tokens: event.tokens });
  };
  try {
    const variants: Variant[] = [];
    for (const { column, run } of who) {
      const { id, strength } = column;
      variants.push(await variantOf({ runId: run?.id ?? null, strength }, id, dependencies.library));
      sheet.write(id, { run, strength: run === null ? strengthRange.whole : strength, ...unwritten });
    }
    const generations = await dependencies.engine.call('generate', { ...asked, variants }, { signal, onProgress });
    for (const [index, { label, ...rest }] of generations.entries()) change(ids[index] ?? label, rest);
  } finally {
    for (const id of ids) if (sheet.read(id)?.finish === null) change(id, { finish: 'stopped' });
  }
}
