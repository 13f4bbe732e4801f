/**
 * @file Many prompts answered in one call of the engine, which writes them at once and ends them in any order. Given on
 * here in the order asked, one after the other, so that what is kept is always the first of all.
 */
import type { Generation, Requests } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';

/** How far a judge is with the answers that are there. */
export interface Comparing {
  readonly done: number;
  readonly total: number;
}

export interface AnswerAllOptions {
  readonly signal: EngineSignal;
  /**
   * Is told how many answers are there, in whatever order, and where a judge compares them, how many comparisons of
   * those at hand are made.
   */
  readonly showDone: (answers: number, comparing?: Comparing) => void;
  /** Takes the answers to the next prompt, one of each variant; the next come when it has ended. */
  readonly onAnswers: (asked: number, generations: readonly Generation[]) => void | Promise<void>;
}

/** Resolves when all are answered and given on, or when it was stopped. */
export async function answerAll(
  engine: Engine,
  input: Requests['answerAll']['in'],
  { signal, showDone, onAnswers }: AnswerAllOptions,
): Promise<void> {
  const early = new Map<number, readonly Generation[]>();
  let next = 0;
  /** Answers that are given on, and those that wait for a judge. */
  let [answered, drawn] = [0, 0];
  let given: Promise<void> = Promise.resolve();
  try {
    await engine.call('answerAll', input, {
      signal,
      onProgress: (event) => {
        if (event.kind === 'drawn') return showDone(answered + (drawn = event.answers));
        if (event.kind === 'compared') return showDone(answered + drawn, { done: event.done, total: event.total });
        if (event.kind !== 'answers') return;
        early.set(event.asked, event.generations);
        for (let generations = early.get(next); generations; generations = early.get(next)) {
          const [asked, answers] = [next++, generations];
          given = given.then(() => onAnswers(asked, answers));
        }
        answered += event.generations.length;
        drawn = Math.max(0, drawn - event.generations.length);
        showDone(answered + drawn);
      },
    });
  } finally {
    await given;
  }
}
