/** @file What is announced of the answers: only what was written to its end is called finished. */
import type { Answers } from './answers';

export type AnswersSaying = 'generating' | 'finished' | 'stoppedAnswers';

interface Answering {
  readonly generating: boolean;
  readonly hasAsked: boolean;
  /** Whether they are those of an example, which nobody has just asked for. */
  readonly isExample: boolean;
  readonly hasFailed: boolean;
  readonly answers: Answers;
}

/** Null where there is nothing to say; a failure is announced by its own note. */
export function sayingOf({ generating, hasAsked, isExample, hasFailed, answers }: Answering): AnswersSaying | null {
  if (generating) return 'generating';
  if (!hasAsked || isExample || hasFailed) return null;
  return Object.values(answers).some(({ finish }) => finish === 'stopped') ? 'stoppedAnswers' : 'finished';
}
