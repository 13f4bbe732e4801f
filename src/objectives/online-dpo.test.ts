/** @file Online DPO by hand: which answer is the better one, its losses, and the settings that it takes. */
import { describe, expect, it } from 'vitest';
import { chooseObjective, startsAtLn2 } from '../run/choose-objective';
import { parseRunConfig, readRunConfig } from '../run/config';
import { compareAnswers } from './online-dpo';

describe('of two answers', () => {
  const compare = (first: number | null, second: number | null, more: object = {}) =>
    compareAnswers(
      [
        { reward: first, isEnded: true },
        { reward: second, isEnded: false },
      ],
      { missing_eos_penalty: null, ...more },
    );

  it('the one with the higher reward is the better one, and the first where they are worth the same', () => {
    expect(compare(0.25, 1)).toEqual({ better: 1, lead: 0.75 });
    expect(compare(1, 0.25)).toEqual({ better: 0, lead: 0.75 });
    expect(compare(1, 1)).toEqual({ better: 0, lead: 0 });
    expect(compare(0, 0)).toEqual({ better: 0, lead: 0 });
  });

  it('one that does not end pays the penalty', () => {
    expect(compare(0.5, 1, { missing_eos_penalty: 0.75 })).toEqual({ better: 0, lead: 0.25 });
    expect(compare(0.5, 1, { missing_eos_penalty: 0.25 })).toEqual({ better: 1, lead: 0.25 });
  });

  it('neither is better where one could not be judged', () => {
    expect([compare(null, 1), compare(1, null), compare(null, null)]).toEqual([null, null, null]);
  });
});

describe('the losses', () => {
  const logps = (chosen: number[], rejected: number[]) => ({
    chosen: Float64Array.from(chosen),
    rejected: Float64Array.from(rejected),
  });
  // Log-ratios 1.5 of two tokens and -0.5 of one.
  const [policy, reference] = [logps([-1, -1.5], [-3]), logps([-2, -2], [-2.5])];

  it.each([
    ['sigmoid', -Math.log(1 / (1 + Math.exp(-0.2 * 2))), -0.2 / (1 + Math.exp(0.2 * 2))],
    ['ipo', (2 - 1 / 0.4) ** 2, 2 * (2 - 1 / 0.4)],
  ])('%s is one of summed log-ratios, whatever their lengths', (loss_type, loss, slope) => {
    const config = parseRunConfig({ method: 'online_dpo', beta: 0.2, loss_type });
    const { objective } = chooseObjective(config);
    const outcome = objective.evaluate(policy, reference, config, { pairs: 1, chosenTokens: 2 });
    expect(outcome.loss).toBeCloseTo(loss, 12);
    expect([...outcome.chosen, ...outcome.rejected].map((each) => each.toFixed(12))).toEqual(
      [slope, slope, -slope].map((each) => each.toFixed(12)),
    );
    expect(outcome.rewards?.chosen).toBeCloseTo(0.3, 12);
    expect(outcome.rewards?.rejected).toBeCloseTo(-0.1, 12);
    expect(startsAtLn2(config)).toBe(loss_type === 'sigmoid');
  });
});

describe('the settings', () => {
  const refused = (settings: object): string => {
    try {
      parseRunConfig({ method: 'online_dpo', ...settings }, 'run.yaml');
    } catch (error) {
      return (error as Error).message;
    }
    return '';
  };

  it('have the defaults of OnlineDPOConfig', () => {
    expect(parseRunConfig({ method: 'online_dpo' })).toMatchObject({
      ...{ beta: 0.1, loss_type: ['sigmoid'], learning_rate: 5e-7, max_completion_length: 64, max_length: 512 },
      ...{ temperature: 0.9, top_p: 1, top_k: 0, missing_eos_penalty: null, num_generations: 2 },
    });
    const names = ['sigmoid', 'ipo'].map((loss_type) => parseRunConfig({ method: 'online_dpo', loss_type }));
    expect(names.map((config) => chooseObjective(config).name)).toEqual(['online_dpo', 'online_dpo, ipo']);
  });

  it('may call the longest answer as TRL does here', () => {
    const { config, warnings } = readRunConfig({ method: 'online_dpo', max_new_tokens: 9 });
    expect([config.max_completion_length, warnings]).toEqual([9, []]);
    expect(refused({ max_new_tokens: 9, max_completion_length: 9 })).toMatch(
      /`max_new_tokens` and `max_completion_length` are two names of one setting/,
    );
  });

  it('take what OnlineDPOTrainer takes, and nothing else', () => {
    expect(refused({ loss_type: 'hinge' })).toMatch(/`loss_type` is "hinge".* online_dpo has one of: sigmoid, ipo/);
    expect(refused({ loss_type: ['sigmoid', 'ipo'] })).toMatch(/has one of: sigmoid, ipo/);
    expect(refused({ loss_weights: [1] })).toMatch(/without `loss_weights`/);
    expect(refused({ num_generations: 4 })).toMatch(/`num_generations` is 4, but "online_dpo" does not use it/);
    expect(refused({ ld_alpha: 0.5 })).toMatch(/`ld_alpha` is 0.5/);
    expect(refused({ temperature: 0 })).toMatch(/`temperature` is 0; it must be above 0/);
    expect(refused({ top_p: 1.5 })).toMatch(/`top_p` is 1.5/);
    expect(refused({ per_device_train_batch_size: 3 })).toBe('');
  });
});
