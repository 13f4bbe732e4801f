/**
 * @file Runs of PPO, whole: answers drawn and judged by rules, the value head learning beside the policy, stopped and
 * gone on with.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { meanOf } from '../core/statistics';
import type { ScoredPair } from '../data/preference-pair';
import { rulesSchema } from '../data/rules';
import type { OpenedModel } from '../engine/open-model';
import { rulesReward } from '../evaluation/reward';
import { directoryOf } from '../formats/checkpoint';
import { judgeEach, type Judging } from '../generation/drawn-answers';
import { parseRunConfig } from '../run/config';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import { runTraining, type RunRequest } from '../training/run-training';
import { readValueHead, requireWidth, valueHeadFile, writeValueHead } from '../training/value-head';
import { RunAnswers } from './on-policy';
import { openModelDirectory } from './session';

const pairs = ['The valve', 'A pump', 'The press', 'Oil', 'A fern', 'Soil'].map((prompt): ScoredPair => ({
  prompt,
  chosen: '',
  rejected: '',
}));
const patterns = ['a', 'n'].map((pattern) => ({ kind: 'pattern', pattern }));
const reward = rulesReward('rules', rulesSchema.parse({ version: 1, rules: patterns }));

const configOf = (more: object = {}) =>
  parseRunConfig({
    ...{ method: 'ppo', per_device_train_batch_size: 2, gradient_accumulation_steps: 2, max_steps: 4 },
    ...{ max_completion_length: 6, num_ppo_epochs: 2, num_mini_batches: 2, learning_rate: 5e-3, lora_r: 2, seed: 5 },
    ...{ reward: { rules: 'rules' }, ...more },
  });

describe('a run of method ppo', () => {
  let opened: OpenedModel;
  beforeAll(async () => {
    opened = await openModelDirectory('fixtures/tiny-llama');
  });

  async function run(
    config: RunRequest['config'],
    more: Partial<RunRequest> = {},
    judging: Judging = judgeEach(reward.score),
  ) {
    const answers = new RunAnswers(opened, config, judging);
    const result = await runTraining(opened, {
      ...{ config, pairs, answering: answers.answering, onDrawn: answers.note },
      ...more,
    });
    return { ...result, weights: result.files['adapter_model.safetensors'] };
  }

  it('learns what the reward likes, and to foresee it', async () => {
    const config = configOf({
      ...{ per_device_train_batch_size: 24, gradient_accumulation_steps: 1, max_steps: 12, max_completion_length: 5 },
      ...{ learning_rate: 3e-3, lr_scheduler_type: 'constant', lora_target_modules: 'all-linear', lora_r: 4 },
      ...{ num_mini_batches: 1 },
    });
    const prompts = Array.from({ length: 24 }, (_, i) => `${pairs[i % 6]?.prompt as string} ${i}`);
    const { metrics } = await run(config, {
      pairs: prompts.map((prompt): ScoredPair => ({ prompt, chosen: '', rejected: '' })),
    });
    const of = (name: 'reward' | 'loss/value_avg') => metrics.map((line) => line[name] ?? NaN);
    expect(meanOf(of('reward').slice(-4))).toBeGreaterThan(meanOf(of('reward').slice(0, 4)) + 0.15);
    expect(meanOf(of('loss/value_avg').slice(-4))).toBeLessThan(0.6 * meanOf(of('loss/value_avg').slice(0, 4)));
  });

  it('stopped and gone on with, is to the byte the run that was not', async () => {
    // The price of divergence adapts, so that a checkpoint has more than parameters and moments.
    const config = configOf({ kl_target: 0.5, kl_horizon: 10 });
    const whole = await run(config);
    const prices = whole.metrics.map((line) => line['objective/kl_coef']);
    expect(new Set(prices).size).toBe(4);
    const controller = new AbortController();
    const kept: TrainingCheckpoint[] = [];
    const { metrics, stopped } = await run(config, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.metrics.step === 2) controller.abort();
      },
      checkpoints: { save_steps: 1000, onCheckpoint: (checkpoint) => kept.push(structuredClone(checkpoint)) },
    });
    expect([stopped, kept.at(-1)?.step]).toEqual([true, 2]);
    const rest = await run(config, { resume: kept.at(-1) as TrainingCheckpoint });
    expect([...metrics, ...rest.metrics]).toEqual(whole.metrics);
    expect(rest.weights).toEqual(whole.weights);
    expect(rest.valueHead).toEqual(whole.valueHead);
    expect((await run(configOf({ kl_target: 0.5, kl_horizon: 10, seed: 6 }))).weights).not.toEqual(whole.weights);
  });

  it('keeps its value head beside the adapter, and goes on from it', async () => {
    const first = await run(configOf({ max_steps: 2 }));
    expect(Object.keys(first.files)).not.toContain(valueHeadFile);
    const head = await readValueHead(directoryOf({ [valueHeadFile]: first.valueHead as Uint8Array }));
    expect(head?.some((value) => value !== 0)).toBe(true);
    expect(writeValueHead(head as Float32Array)).toEqual(first.valueHead);
    const [without, withHead] = [await run(configOf()), await run(configOf(), { valueHead: head })];
    expect(withHead.metrics[0]?.reward).toBe(without.metrics[0]?.reward);
    expect(withHead.metrics[0]?.['loss/value_avg']).not.toBe(without.metrics[0]?.['loss/value_avg']);
    await expect(run(configOf(), { valueHead: new Float32Array(5) })).rejects.toThrow(/has 4 weights/);
    expect(() => requireWidth(head as Float32Array, opened.model)).not.toThrow();
    const broken = directoryOf({ [valueHeadFile]: writeValueHead(new Float32Array(3)).slice(0, -8) });
    await expect(readValueHead(broken)).rejects.toThrow();
    expect(await readValueHead(directoryOf({}))).toBeNull();
  });

  it('learns nothing from answers that could not be judged, and takes the cost of a missing end off the others', async () => {
    const judging: Judging = (answers) => Promise.resolve(answers.map((_, i) => (i % 2 === 0 ? null : 0.5)));
    const { metrics } = await run(configOf({ max_steps: 1, missing_eos_penalty: 2 }), {}, judging);
    expect(metrics[0]?.['completions/clipped_ratio']).toBe(1);
    expect(metrics[0]).toMatchObject({ reward: 0.5, 'objective/scores': -1.5 });
    const none = await run(configOf({ max_steps: 1 }), {}, (answers) => Promise.resolve(answers.map(() => null)));
    expect(none.metrics[0]).toMatchObject({ loss: 0, grad_norm: 0 });
    // What was not seen is not told as 0.
    const names = Object.keys(none.metrics[0] ?? {});
    expect(names.filter((name) => /^(objective|policy|loss|val)\/|^reward/.test(name))).toEqual([]);
    expect(names).toContain('completions/mean_length');
    expect(none.valueHead).toEqual(writeValueHead(new Float32Array(opened.model.shape.config.hiddenSize + 1)));
  });
});

describe('the settings of method ppo', () => {
  const refused = (settings: object): string => {
    try {
      parseRunConfig({ method: 'ppo', ...settings });
      return 'nothing';
    } catch (error) {
      return (error as Error).message;
    }
  };

  it("are TRL's defaults", () => {
    expect(parseRunConfig({ method: 'ppo' })).toMatchObject({
      ...{ learning_rate: 3e-6, num_ppo_epochs: 4, num_mini_batches: 1, kl_coef: 0.05, kl_estimator: 'k1' },
      ...{ cliprange: 0.2, vf_coef: 0.1, cliprange_value: 0.2, gamma: 1, lam: 0.95, whiten_rewards: false },
      ...{ missing_eos_penalty: null, kl_target: null },
    });
  });

  it('refuse what PPO does not read', () => {
    expect(refused({ num_generations: 4 })).toMatch(/`num_generations` is 4/);
    expect(refused({ num_iterations: 2 })).toMatch(/`num_iterations` is 2/);
    expect(refused({ beta: 0.2 })).toMatch(/`beta` is 0.2/);
    expect(refused({ loss_type: 'ipo' })).toMatch(/ppo has one/);
    expect(refused({ per_device_train_batch_size: 3, num_mini_batches: 2 })).toMatch(/3 answers .*2/);
  });
});
