/**
 * @file A reward: what gives a prompt's answers numbers, higher is better, and says why. Here are those that need no
 * model, the judges of the starter's tasks and rules of one's own; a reward model is in training/reward-scores.ts, a
 * model that compares in generation/comparing.ts.
 */
import type { Rules } from '../data/rules';
import { starterTasks, type StarterTaskId } from '../data/starter-task';
import { applyRules, type RuledAnswer, type RuleResult } from './rules';
import { scoreStarterAnswer } from './starter-score';

/** An answer's number; null where it could not be scored. What was found stands beside it. */
export interface Rewarded {
  readonly reward: number | null;
  /** Of rules: what became of each. */
  readonly rules?: readonly RuleResult[];
}

export interface Reward {
  readonly name: string;
  readonly score: (prompt: string, answer: RuledAnswer) => Rewarded;
}

/** The judge of one of the starter's tasks, 0 to 1. */
export const starterReward = (task: StarterTaskId): Reward => ({
  name: task,
  score: (prompt, { text }) => ({ reward: scoreStarterAnswer(task, prompt, text).score }),
});

/** The weighted share of a set of rules that an answer keeps, 0 to 1. */
export const rulesReward = (name: string, rules: Rules): Reward => ({
  name,
  score: (_, answer) => {
    const { score, results } = applyRules(rules, answer);
    return { reward: score, rules: results };
  },
});

/** The names of the starter's judges, as `reward` takes them. */
export const scorerNames: readonly StarterTaskId[] = starterTasks;

export const isScorerName = (name: string): name is StarterTaskId => scorerNames.some((each) => each === name);
