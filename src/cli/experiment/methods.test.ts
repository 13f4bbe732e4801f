import { describe, expect, it } from 'vitest';
import { families, listTrials, referenceConfig, rewardConfig, type SweepOptions } from './methods';

const sweep: SweepOptions = {
  ...{
    methods: families,
    betas: [0.1, 1],
    prices: [0.05],
    alphas: [0.5],
    seed: 1,
    steps: 20,
    batch: 8,
    drawn: 64,
    learningRate: 1e-3,
  },
  ...{ layers: [3, 4], answers: 4, maxNewTokens: 48, byPrompt: false, rewardModel: {} },
};

describe('what the experiment compares', () => {
  const trials = listTrials('sentiment', sweep);

  it('is every family, in order, swept by what it is swept by', () => {
    expect(trials.map(({ family, setting }) => `${family}: ${setting}`)).toEqual([
      ...['Preferred-FT: SFT on chosen', 'SFT on best of N: best of 4', 'Unlikelihood: alpha 0.5'],
      ...['DPO: beta 0.1', 'DPO: beta 1', 'DPO, soft labels: beta 0.1', 'DPO, soft labels: beta 1'],
      ...['REBEL: beta 0.1', 'REBEL: beta 1', 'RLOO: beta 0.05', 'Online DPO: beta 0.1', 'Online DPO: beta 1'],
      ...['PPO, learned reward: kl_coef 0.05', 'PPO, true reward: kl_coef 0.05'],
    ]);
    expect(listTrials('sentiment', { ...sweep, methods: ['DPO'] })).toHaveLength(2);
  });

  it('gives on-policy methods equally many answers a step, and all the same steps and layers', () => {
    const answersOf = (family: string) => {
      const { config } = trials.find((trial) => trial.family === family) as (typeof trials)[number];
      const each = config.method === 'online_dpo' ? 2 : 1;
      return config.per_device_train_batch_size * each;
    };
    expect(['RLOO', 'Online DPO', 'PPO, learned reward', 'PPO, true reward'].map(answersOf)).toEqual([64, 64, 64, 64]);
    for (const { config } of trials)
      expect(config).toMatchObject({ max_steps: 20, layers_to_transform: [3, 4], learning_rate: 1e-3 });
  });

  it('has PPO once with a reward model, and SFT learn from best answers', () => {
    expect(trials.filter(({ reward }) => reward === 'learned').map(({ family }) => family)).toEqual([
      'PPO, learned reward',
    ]);
    expect(trials.filter(({ lessons }) => lessons === 'best').map(({ family }) => family)).toEqual([
      'SFT on best of N',
    ]);
    expect(trials.at(-1)?.config).toMatchObject({ method: 'ppo', kl_coef: 0.05, max_completion_length: 48 });
  });

  it('has one reference whatever is swept, and a reward model with the settings of the methods', () => {
    expect(referenceConfig(3)).toMatchObject({ method: 'sft', per_device_train_batch_size: 8, seed: 3 });
    expect(rewardConfig({ ...sweep, learningRate: 2e-3 })).toMatchObject({
      ...{ method: 'reward', learning_rate: 2e-3, max_steps: 20, layers_to_transform: [3, 4] },
    });
    const own = { max_steps: 160, per_device_train_batch_size: 1, layers_to_transform: null };
    expect(rewardConfig({ ...sweep, rewardModel: own })).toMatchObject({
      ...own,
      method: 'reward',
      learning_rate: 1e-3,
    });
  });
});
