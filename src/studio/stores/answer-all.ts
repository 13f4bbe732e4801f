/**
 * @file Many prompts answered in one call of the engine, which writes them at once and ends them in any order. Given on
 * here in the order asked, one after the other, so that what is kept is always the first of all.
 */
import type { Generation, Requests } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';

export interface AnswerAllOptions {
  readonly signal: EngineSignal;
  /** Is told how many prompts have their answers, in whatever order, and how many answers those are. */
  readonly showDone: (prompts: number, answers: number) => void;
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
  let [done, answered] = [0, 0];
  let given: Promise<void> = Promise.resolve();
  try {
    await engine.call('answerAll', input, {
      signal,
      onProgress: (event) => {
        if (event.kind !== 'answers') return;
        early.set(event.asked, event.generations);
        for (let generations = early.get(next); generations; generations = early.get(next)) {
          const [asked, answers] = [next++, generations];
          given = given.then(() => onAnswers(asked, answers));
        }
        showDone(++done, (answered += event.generations.length));
      },
    });
  } finally {
    await given;
  }
}
