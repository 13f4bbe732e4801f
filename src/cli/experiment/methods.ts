/**
 * @file What the experiment compares, after Rafailov et al. 2023, section 6 and appendix C: the supervised reference,
 * and from it preferred fine-tuning, unlikelihood over alpha, DPO over beta, and PPO over the price of divergence, with
 * a reward learned from the pairs or with the true one. Beside them what the paper has not: SFT on the best of N
 * answers, DPO with soft labels and REBEL, where the pairs have scores, and RLOO and online DPO, which have the true
 * reward.
 */
import type { RunConfig, RunSettings } from '../../run/config';
import { parseRunConfig } from '../../run/config';
import type { Task } from './evaluate';

export interface Trial {
  /** Curve it belongs to: "DPO", ... */
  readonly family: string;
  /** The setting swept, in words. */
  readonly setting: string;
  readonly config: RunConfig;
  /** What judges the answers that an on-policy method draws: the task's judge, or a reward model of the pairs. */
  readonly reward: 'true' | 'learned';
  /** What it learns from: all pairs, or of each prompt the best answer. */
  readonly lessons: 'pairs' | 'best';
}

export const families = [
  ...['Preferred-FT', 'SFT on best of N', 'Unlikelihood', 'DPO', 'DPO, soft labels', 'REBEL'],
  ...['RLOO', 'Online DPO', 'PPO, learned reward', 'PPO, true reward'],
] as const;

/** Those that need answers with scores, of several to a prompt. */
export const needScores: readonly string[] = ['SFT on best of N', 'DPO, soft labels', 'REBEL'];

export interface SweepOptions {
  readonly methods: readonly string[];
  /** Of DPO, offline and online, and of REBEL. */
  readonly betas: readonly number[];
  /** Of a nat of divergence, in RLOO (beta) and PPO (kl_coef). */
  readonly prices: readonly number[];
  readonly alphas: readonly number[];
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  /** Whether steps take pairs in the order of their prompts, which is that of the pool. */
  readonly byPrompt: boolean;
  readonly learningRate: number;
  /** Layers that LoRA trains, counted from 0; null for all. */
  readonly layers: readonly number[] | null;
  /** Answers to a prompt: of the pool, and of RLOO. */
  readonly answers: number;
  /** Answers that an on-policy method draws a step. */
  readonly drawn: number;
  /** Tokens of an answer that an on-policy method draws, at most. */
  readonly maxNewTokens: number;
  /** What the reward model has in place of the settings of the methods. */
  readonly rewardModel: RunSettings;
}

const shared = {
  max_length: 256,
  lora_r: 16,
  lora_alpha: 32,
  lora_target_modules: 'all-linear',
  lr_scheduler_type: 'linear',
  warmup_steps: 0.1,
};

/** Answers that online DPO draws to a prompt, as TRL does. */
const answersOfOnlineDpo = 2;

/**
 * The supervised reference: one gentle pass over the targets, which the base nearly writes already. It is the same
 * whatever the methods are tried with.
 */
export const referenceConfig = (seed: number): RunConfig =>
  parseRunConfig({
    ...{ ...shared, method: 'sft', learning_rate: 1e-3 / 3 },
    ...{ num_train_epochs: 1, per_device_train_batch_size: 8, seed },
  });

/** The reward model of the pairs, from the reference, with the settings of the other methods but for its own. */
export const rewardConfig = (sweep: SweepOptions): RunConfig =>
  parseRunConfig({ ...commonOf(sweep), ...sweep.rewardModel, method: 'reward' });

const commonOf = ({ learningRate, steps, batch, byPrompt, layers, seed }: SweepOptions) => ({
  ...shared,
  ...{ learning_rate: learningRate, max_steps: steps, per_device_train_batch_size: batch, seed },
  ...{ shuffle: !byPrompt },
  layers_to_transform: layers,
});

/** @param task names the reward that on-policy methods draw for */
export function listTrials(task: Task, sweep: SweepOptions): Trial[] {
  const { methods, betas, prices, alphas, drawn, answers, maxNewTokens } = sweep;
  const common = commonOf(sweep);
  const trial = (family: string, setting: string, more: object, what: Partial<Trial> = {}): Trial => ({
    ...{ family, setting, reward: 'true', lessons: 'pairs', ...what },
    config: parseRunConfig({ ...common, ...more }),
  });
  const online = (family: string, setting: string, more: object, what: Partial<Trial> = {}): Trial =>
    trial(
      ...([family, setting] as const),
      { max_completion_length: maxNewTokens, temperature: 1, reward: { scorer: task }, ...more },
      what,
    );
  const ppoOf = (price: number) => ({ method: 'ppo', kl_coef: price, per_device_train_batch_size: drawn });
  const trials = [
    trial('Preferred-FT', 'SFT on chosen', { method: 'sft' }),
    trial('SFT on best of N', `best of ${answers}`, { method: 'sft' }, { lessons: 'best' }),
    ...alphas.map((alpha) => trial('Unlikelihood', `alpha ${alpha}`, { loss_type: 'unlikelihood', alpha })),
    ...betas.flatMap((beta) => [
      trial('DPO', `beta ${beta}`, { beta }),
      trial('DPO, soft labels', `beta ${beta}`, { beta, soft_labels: true }),
      trial('REBEL', `beta ${beta}`, { beta, loss_type: 'rebel' }),
      online('Online DPO', `beta ${beta}`, {
        ...{ method: 'online_dpo', beta, per_device_train_batch_size: drawn / answersOfOnlineDpo },
      }),
    ]),
    ...prices.flatMap((price) => [
      online('RLOO', `beta ${price}`, {
        ...{ method: 'rloo', beta: price, num_generations: answers, per_device_train_batch_size: drawn },
      }),
      online('PPO, learned reward', `kl_coef ${price}`, ppoOf(price), { reward: 'learned' }),
      online('PPO, true reward', `kl_coef ${price}`, ppoOf(price)),
    ]),
  ];
  const order: readonly string[] = families;
  return trials
    .filter(({ family }) => methods.includes(family))
    .toSorted((a, b) => order.indexOf(a.family) - order.indexOf(b.family));
}
