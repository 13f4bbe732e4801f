/**
 * @file The best of N answers of a column: how many, by which reward, and the answers with what the reward gave them.
 * Pure.
 */
import { z } from '../../../core/zod';
import { rulesReward, starterReward, type Reward } from '../../../evaluation/reward';
import type { RuleResult } from '../../../evaluation/rules';
import { hasAnswer, type PreferencePair } from '../../../data/preference-pair';
import type { DatasetRow } from '../../../storage/records';
import { count, mapping, maybe, type Kept } from '../../../storage/versioned';
import type { Generation } from '../../../worker/protocol';
import { readRuleForms, type RuleForm } from '../data/rule-form';
import { askedText } from '../data/prompt-text';
import { taskIds, type TaskId } from '../starter/manifest';

/** How many answers one may be chosen from; 1 is an answer as it comes. */
export const bestCounts = [2, 4, 8, 16, 32, 64] as const;

const runPrefix = 'run:';

const judgePrefix = 'judge:';

/**
 * The rules of the open data set, the judge of a task of the starter, the reward model that a run has trained, or a
 * model that compares answers (kept-judges.ts).
 */
export const rewardIdSchema = z.union([
  z.enum(['rules', ...taskIds]),
  z.templateLiteral([z.literal(runPrefix), z.string().min(1)]),
  z.templateLiteral([z.literal(judgePrefix), z.string().min(1)]),
]);
export type RewardId = z.infer<typeof rewardIdSchema>;

export const rewardOfRun = (runId: string): RewardId => `${runPrefix}${runId}`;

/** The id of the run whose reward model it is; null for every other reward. */
export const rewardRunOf = (id: RewardId): string | null =>
  id.startsWith(runPrefix) ? id.slice(runPrefix.length) : null;

export const rewardOfJudge = (judgeId: string): RewardId => `${judgePrefix}${judgeId}`;

/** The id of the kept judge that it is; null for every other reward. */
export const judgeIdOf = (id: string): string | null =>
  id.startsWith(judgePrefix) ? id.slice(judgePrefix.length) : null;

export const bestSchema = mapping({
  count: z.literal(bestCounts),
  reward: rewardIdSchema,
});
/** How the answer of a column is chosen. */
export type Best = Kept<typeof bestSchema>;

const candidateSchema = mapping({
  /** Its place among the answers, by which its seed follows from the one that was set. */
  index: count,
  text: z.string(),
  tokens: count,
  ids: z.array(z.int()),
  finish: z.enum(['eos', 'length', 'stopped']),
  /** Null where it could not be scored. */
  reward: z.number().nullable(),
  /** What became of each rule; none of a reward without rules. */
  results: z.array(
    z.custom<RuleResult>((value) => typeof value === 'object' && value !== null, {
      params: { expected: 'object' },
    }),
  ),
});
export type Candidate = Kept<typeof candidateSchema>;

export const bestAnswersSchema = mapping({
  ...bestSchema.shape,
  /** Those that are there, the best first. */
  candidates: z.array(candidateSchema),
  /** Null while nothing is known of it, and in the end. */
  secondsLeft: z.number().nullable(),
  /** Answers that wait for a judge, and its comparisons; absent where none compares. */
  waiting: maybe(mapping({ answers: count, compared: count, comparisons: count })),
  /**
   * What a judge that is asked when all are drawn has said of them so far: for every two answers, how probably the
   * first is the better one. Present until it has said all; the answers are then in the order asked, without scores.
   */
  preferences: maybe(z.array(z.number().nullable())),
});
export type BestAnswers = Kept<typeof bestAnswersSchema>;

/** A reward that the page works out itself, by its name; null where the rules are none yet, or not all right. */
export function rewardOf(id: 'rules' | TaskId, forms: readonly RuleForm[]): Reward | null {
  if (id !== 'rules') return starterReward(id);
  const { rules } = readRuleForms(forms);
  return rules === null ? null : rulesReward('rules', rules);
}

type Prompt = PreferencePair['prompt'];

const keyOf = (prompt: Prompt): string =>
  JSON.stringify(typeof prompt === 'string' ? prompt : prompt.map(({ role, content }) => [role, content]));

/** The right answer of each prompt, by the prompt: the first chosen answer that the data set has to it. */
export function referencesOf(rows: readonly DatasetRow[]): (prompt: Prompt) => string | null {
  const chosen = new Map<string, string>();
  for (const { pair } of rows) {
    if (!hasAnswer(pair, 'chosen')) continue;
    const key = keyOf(pair.prompt);
    if (!chosen.has(key)) chosen.set(key, askedText(pair.chosen));
  }
  return (prompt) => chosen.get(keyOf(prompt)) ?? null;
}

/**
 * An answer with what the reward gives it.
 * @param reward null where the engine has scored the answer
 * @param reference the right answer, where there is one
 */
export function judgeAnswer(
  reward: Reward | null,
  prompt: Prompt,
  reference: string | null,
  { text, tokens, ids, finish, reward: scored = null }: Generation,
  index: number,
): Candidate {
  const answer = { text, tokens, reference, isEnded: finish === 'eos' };
  const { reward: given, rules = [] } = reward?.score(askedText(prompt), answer) ?? { reward: scored };
  return { index, text, tokens, ids: [...ids], finish, reward: given, results: [...rules] };
}

/** An answer as it is kept: its text, and whether the token limit cut it off. */
export const keptAnswer = ({ text, finish }: { text: string; finish: Generation['finish'] | null }) => ({
  text,
  isCut: finish === 'length',
});

/** The best first; of equals, and of those without a score, the one that was asked first. */
export function bestFirst(candidates: readonly Candidate[]): readonly Candidate[] {
  const value = ({ reward }: Candidate): number => reward ?? -Infinity;
  return [...candidates].sort((a, b) => {
    const [of, than] = [value(a), value(b)];
    return of === than ? a.index - b.index : than - of;
  });
}
