/**
 * @file A round of judging as it is kept: the prompts, the answers so far and the judgements so far. What is shown in
 * which order and on which side is not kept but follows from `orderSeed`.
 */
import type { ChatMessage } from '../data/preference-pair';
import { isRecord, type Shape } from './versioned';

export type JudgedPrompt = string | readonly ChatMessage[];

/** Who answers: the base (runId null) or an adapter; of an imported round only the name is known. */
export interface Voice {
  readonly runId: string | null;
  readonly name: string;
}

export interface JudgedAnswer {
  /** Index into the round's voices. */
  readonly voice: number;
  readonly text: string;
  /** It ended at the token limit, not by itself. */
  readonly isCut: boolean;
}

export interface AnsweredPrompt {
  readonly prompt: JudgedPrompt;
  readonly answers: readonly JudgedAnswer[];
}

export const verdicts = ['a', 'b', 'tie', 'bad'] as const;
export type Verdict = (typeof verdicts)[number];

export interface Judgement {
  readonly verdict: Verdict;
  /** The better text that the annotator wrote in place of the answer of the verdict, a or b. */
  readonly edited: string | null;
  /** ISO 8601. */
  readonly at: string;
}

export interface JudgingRound {
  /** The "file" of its pairs in the data set, so that a judgement taken back takes its pair back. */
  readonly name: string;
  readonly annotator: string;
  readonly modelName: string;
  /** Of the model that answers; null for an imported round, which no model can continue. */
  readonly fingerprint: string | null;
  readonly orderSeed: number;
  readonly voices: readonly Voice[];
  readonly answersEach: number;
  readonly sampling: { readonly temperature: number; readonly seed: number; readonly maxNewTokens: number };
  /** All that are to be answered; the first `answered.length` of them are. */
  readonly prompts: readonly JudgedPrompt[];
  readonly answered: readonly AnsweredPrompt[];
  /** Of the first comparisons in their order. */
  readonly judgements: readonly Judgement[];
}

export interface Judging {
  /** What stands in the form; the studio knows its fields. */
  readonly form: Readonly<Record<string, unknown>>;
  readonly round: JudgingRound | null;
}

function isRound(value: unknown): value is JudgingRound {
  return (
    isRecord(value) &&
    ['name', 'annotator', 'modelName'].every((key) => typeof value[key] === 'string') &&
    ['orderSeed', 'answersEach'].every((key) => typeof value[key] === 'number') &&
    ['voices', 'prompts', 'answered', 'judgements'].every((key) => Array.isArray(value[key])) &&
    isRecord(value['sampling']) &&
    (value['answered'] as unknown[]).every((item) => isRecord(item) && Array.isArray(item['answers']))
  );
}

export const judgingShape: Shape<Judging> = {
  name: 'The round of judging',
  version: 1,
  migrations: {},
  isValid: (value): value is Judging =>
    isRecord(value) && isRecord(value['form']) && (value['round'] === null || isRound(value['round'])),
};
