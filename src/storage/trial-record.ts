/**
 * @file A prompt set as it is kept: the prompts, who answers them at which temperatures, the answers so far and the
 * judgements so far. What is shown in which order and on which side is not kept but follows from `orderSeed`.
 */
import type { JudgedPrompt, Verdict } from './judging-record';
import { isRecord, type Shape } from './versioned';

/** The base (runId null) or an adapter at a strength. */
export interface TrialColumn {
  readonly runId: string | null;
  readonly name: string;
  /** Per cent. */
  readonly strength: number;
}

export interface TrialAnswer {
  readonly text: string;
  /** It ended at the token limit, not by itself. */
  readonly isCut: boolean;
}

export interface TrialJudgement {
  readonly verdict: Verdict;
  /** ISO 8601. */
  readonly at: string;
}

export interface Trial {
  /** ISO 8601. */
  readonly at: string;
  readonly modelName: string;
  readonly fingerprint: string;
  /** The starter's task that the prompts are of; null where they are of none. */
  readonly task: string | null;
  readonly columns: readonly TrialColumn[];
  /** The column that win rates are against. */
  readonly against: number;
  readonly temperatures: readonly number[];
  readonly sampling: {
    readonly maxNewTokens: number;
    readonly topK: number;
    readonly topP: number;
    readonly seed: number;
  };
  readonly prompts: readonly JudgedPrompt[];
  /**
   * For each prompt and, within it, each temperature: an answer of each column. The first ones, as far as they are
   * there.
   */
  readonly answered: readonly (readonly TrialAnswer[])[];
  readonly orderSeed: number;
  readonly judge: 'analyst' | 'scorer';
  /** The analyst's, of the first comparisons in their order. */
  readonly judgements: readonly TrialJudgement[];
}

export interface Trials {
  /** What stands in the form; the studio knows its fields. */
  readonly form: Readonly<Record<string, unknown>>;
  readonly trial: Trial | null;
}

function isTrial(value: unknown): value is Trial {
  return (
    isRecord(value) &&
    ['at', 'modelName', 'fingerprint', 'judge'].every((key) => typeof value[key] === 'string') &&
    ['against', 'orderSeed'].every((key) => typeof value[key] === 'number') &&
    ['columns', 'temperatures', 'prompts', 'answered', 'judgements'].every((key) => Array.isArray(value[key])) &&
    isRecord(value['sampling']) &&
    (value['answered'] as unknown[]).every(
      (answers) => Array.isArray(answers) && answers.length === (value['columns'] as unknown[]).length,
    )
  );
}

export const trialsShape: Shape<Trials> = {
  name: 'The prompt set',
  version: 1,
  migrations: {},
  isValid: (value): value is Trials =>
    isRecord(value) && isRecord(value['form']) && (value['trial'] === null || isTrial(value['trial'])),
};
