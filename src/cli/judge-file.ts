/** @file What a judge is given on the command line: a question, and pairs of answers, some judged by a person. */
import { existsSync } from 'node:fs';
import { UserError } from '../core/errors';
import { z } from '../core/zod';
import { parseJsonLines } from '../data/json-lines';
import { isJudgePrompt, judgePrompts, type JudgeQuestion } from '../data/judge-question';
import type { Choice, PairToJudge } from '../evaluation/judge';
import { readTextFile } from './node-files';

const rowSchema = z.object({
  prompt: z.string(),
  answer_a: z.string(),
  answer_b: z.string(),
  human: z.enum(['a', 'b', 'tie']).nullish(),
});

/** A pair, and which answer a person found better; null where nobody said. */
export interface GivenPair extends PairToJudge {
  readonly human: Choice | null;
}

const shown = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 60);

/**
 * Reads pairs from JSON Lines; what else a line holds is left alone.
 * @param file names them in messages
 * @throws UserError for the first line that is no pair, and for a file without any
 */
export function readGivenPairs(text: string, file: string): readonly GivenPair[] {
  const pairs = parseJsonLines(text).map(({ row, value, error }): GivenPair => {
    if (error !== undefined) throw new UserError('judgeLineBroken', { file, row, reason: error });
    const parsed = rowSchema.safeParse(value);
    if (parsed.success) {
      const { prompt, answer_a: a, answer_b: b, human } = parsed.data;
      return { prompt, a, b, human: human ?? null };
    }
    const [field] = parsed.error.issues[0]?.path ?? [];
    if (field === undefined) throw new UserError('judgeLineNoObject', { file, row, seen: shown(value) });
    const seen = shown((value as Record<PropertyKey, unknown>)[field]);
    throw new UserError(field === 'human' ? 'judgeHumanBad' : 'judgeFieldBad', {
      ...{ file, row, seen, field: String(field) },
    });
  });
  if (pairs.length === 0) throw new UserError('judgeNoPairs', { file });
  return pairs;
}

/**
 * What a question's name means: one of the paper's, whose names come before a file's, or a rubric in a file.
 * @throws UserError for what is neither, and for an empty file
 */
export function readQuestion(name: string): JudgeQuestion {
  if (isJudgePrompt(name)) return name;
  if (!existsSync(name)) throw new UserError('judgePromptUnknown', { name, names: judgePrompts.join(', ') });
  const rubric = readTextFile(name).trim();
  if (rubric === '') throw new UserError('judgeRubricEmpty', { name });
  return { rubric };
}
