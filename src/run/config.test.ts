import { describe, expect, it } from 'vitest';
import { parseRunConfig } from './config';

describe('parseRunConfig', () => {
  it("fills in TRL's defaults, with the method's own learning rate", () => {
    const config = parseRunConfig({});
    expect(config).toMatchObject({
      method: 'dpo',
      loss_type: ['sigmoid'],
      beta: 0.1,
      learning_rate: 1e-6,
      num_train_epochs: 3,
      per_device_train_batch_size: 8,
    });
    expect(config).toMatchObject({
      lora_r: 16,
      lora_alpha: 32,
      lora_target_modules: null,
      max_length: 1024,
      seed: 42,
      shuffle: true,
    });
    expect(parseRunConfig({ method: 'sft' }).learning_rate).toBe(2e-5);
  });

  it('takes one name for a list, all-linear in either form, and numbers that YAML reads as text', () => {
    expect(parseRunConfig({ loss_type: 'sigmoid' }).loss_type).toEqual(['sigmoid']);
    expect(parseRunConfig({ lora_target_modules: 'all-linear' }).lora_target_modules).toBe('all-linear');
    expect(parseRunConfig({ lora_target_modules: ['all-linear'] }).lora_target_modules).toBe('all-linear');
    expect(parseRunConfig({ learning_rate: '5e-5' }).learning_rate).toBe(5e-5);
  });

  it('names the nearest known key', () => {
    expect(() => parseRunConfig({ learning_rte: 1 }, 'run.yaml')).toThrow(
      'run.yaml has the unknown key `learning_rte`; the nearest known one is `learning_rate`.',
    );
    expect(() => parseRunConfig({ max_prompt_length: 1 })).toThrow(/unknown key `max_prompt_length`/);
  });

  it('refuses impossible values, saying which', () => {
    expect(() => parseRunConfig({ beta: -1 }, 'run.yaml')).toThrow('run.yaml: `beta` is -1; it must be above 0.');
    expect(() => parseRunConfig({ per_device_train_batch_size: 1.5 })).toThrow(
      /`per_device_train_batch_size` is 1.5; it must be a whole number/,
    );
    expect(() => parseRunConfig({ method: 'ppo' })).toThrow(/`method` is "ppo"; it must be one of dpo, sft\./);
    expect(() => parseRunConfig(null, 'run.yaml')).toThrow('run.yaml is empty');
    expect(() => parseRunConfig([1])).toThrow(/is no mapping/);
  });

  it("takes the objectives' options with TRL's defaults, and refuses what no chosen loss reads", () => {
    expect(parseRunConfig({})).toMatchObject({
      label_smoothing: 0,
      ld_alpha: null,
      reference_free: false,
      discopop_tau: 0.05,
      simpo_gamma: 0.5,
      alpha: null,
    });
    expect(parseRunConfig({ loss_type: 'exo_pair', label_smoothing: '1e-3', ld_alpha: 0.5 })).toMatchObject({
      label_smoothing: 0.001,
      ld_alpha: 0.5,
    });
    expect(() => parseRunConfig({ ld_alpha: 1.5 }, 'run.yaml')).toThrow(/^run\.yaml: `ld_alpha` is 1\.5;/);
    expect(() => parseRunConfig({ loss_type: 'exo_pair' }, 'run.yaml')).toThrow(
      /^run\.yaml: `label_smoothing` is 0, but "exo_pair" needs it/,
    );
    expect(() => parseRunConfig({ loss_type: 'aot' }, 'run.yaml')).toThrow(
      /^run\.yaml: `loss_type` "aot" is not supported/,
    );
    expect(() => parseRunConfig({ simpo_gama: 1 })).toThrow(/nearest known one is `simpo_gamma`/);
  });
});
