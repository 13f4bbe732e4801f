/** @file What `train` brings along for an on-policy method: what judges the answers, and a record of some of them. */
import { UserError } from '../core/errors';
import type { ScoredPair } from '../data/preference-pair';
import type { OpenedModel } from '../engine/open-model';
import { DecodeEngine } from '../generation/decode-engine';
import { answersOfPairs, type Judging } from '../generation/drawn-answers';
import type { RunConfig } from '../run/config';
import { isOnPolicyMethod } from '../run/objectives';
import type { Rollout } from '../training/rollouts';
import type { RunRequest } from '../training/run-training';
import { openJudging } from './open-reward';

/**
 * What judges the run's answers once its model is open; null where its method draws none.
 * @throws UserError where the method needs a reward and none was named
 */
export async function judgingOf({ method, reward }: RunConfig): Promise<((opened: OpenedModel) => Judging) | null> {
  if (!isOnPolicyMethod(method)) return null;
  if (reward === null) throw new UserError('rewardAbsent', { method });
  return openJudging(reward);
}

/** A run's answers as they are drawn, and those to the first prompt of each step as lines of answers.jsonl. */
export class RunAnswers {
  readonly #lines: string[] = [];
  #prompts: readonly ScoredPair[] = [];

  constructor(
    private readonly opened: OpenedModel,
    private readonly config: RunConfig,
    private readonly judging: Judging,
  ) {}

  readonly answering: NonNullable<RunRequest['answering']> = (pairs) => {
    this.#prompts = pairs;
    return answersOfPairs(this.opened, new DecodeEngine(this.opened.model), this.config, this.judging)(pairs);
  };

  readonly note = (step: number, answers: Rollout['answers']): void => {
    const [first] = answers;
    for (const { prompt, text, reward, isEnded } of answers.filter((answer) => answer.prompt === first?.prompt)) {
      const asked = this.#prompts[prompt]?.prompt;
      this.#lines.push(JSON.stringify({ step, prompt: asked, answer: text, reward, is_ended: isEnded }));
    }
  };

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join('');
  }
}
