import { describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import { sentenceOf } from '../messages/message';
import { configKeys, methods, parseRunConfig, readRunConfig } from './config';

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
    for (const list of [['q_proj'], ['all-linear', 'q_proj'], ['q_proj', 'v_proj']])
      expect(parseRunConfig({ lora_target_modules: list }).lora_target_modules).toEqual(list);
    for (const [text, value] of Object.entries({ '5e-5': 5e-5, '1E-08': 1e-8, '+2.5e+1': 25, '1e0': 1 }))
      expect(parseRunConfig({ adam_epsilon: text }).adam_epsilon).toBe(value);
    for (const text of ['x1e-3', '1e-3x', '0.1', 'e-3'])
      expect(() => parseRunConfig({ learning_rate: text })).toThrow(
        `\`learning_rate\` is ${JSON.stringify(text)}; it must be a number`,
      );
  });

  it('names the nearest known key', () => {
    expect(() => parseRunConfig({ learning_rte: 1 }, 'run.yaml')).toThrow(
      'run.yaml has the unknown key `learning_rte`; the nearest known one is `learning_rate`.',
    );
    expect(() => parseRunConfig({ max_prompt_len: 1 })).toThrow(/unknown key `max_prompt_len`/);
    const nearest = {
      lora_rank: 'lora_r',
      learningrate: 'learning_rate',
      train_epochs: 'num_train_epochs',
      beta2: 'beta',
      adam_beta_2: 'adam_beta2',
      xseed: 'seed',
      sede: 'seed',
    };
    for (const [typed, known] of Object.entries(nearest))
      expect(() => parseRunConfig({ [typed]: 1 })).toThrow(`\`${typed}\`; the nearest known one is \`${known}\`.`);
  });

  it('refuses impossible values, saying which', () => {
    expect(() => parseRunConfig({ beta: -1 }, 'run.yaml')).toThrow('run.yaml: `beta` is -1; it must be above 0.');
    expect(() => parseRunConfig({ per_device_train_batch_size: 1.5 })).toThrow(
      /`per_device_train_batch_size` is 1.5; it must be a whole number/,
    );
    expect(() => parseRunConfig({ method: 'evolution' })).toThrow(
      `\`method\` is "evolution"; it must be one of ${methods.join(', ')}.`,
    );
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
    expect(() => parseRunConfig({ loss_type: 'kto' }, 'run.yaml')).toThrow(
      /^run\.yaml: `loss_type` "kto" is not supported/,
    );
    expect(() => parseRunConfig({ simpo_gama: 1 })).toThrow(/nearest known one is `simpo_gamma`/);
  });
});

describe('keys of TRL and PEFT that Airlock has no use for', () => {
  it('are named as such where they change nothing', () => {
    const settings = {
      ...{ bf16: true, logging_steps: 10, optim: 'adamw_torch', lora_dropout: 0, report_to: 'none' },
      ...{ lr_scheduler_kwargs: {}, learning_rate: 1e-4 },
    };
    const { config, warnings } = readRunConfig(settings, 'run.yaml');
    expect(config).toEqual(parseRunConfig({ learning_rate: 1e-4 }));
    expect(warnings.map((warning) => sentenceOf(warning))).toEqual([
      'run.yaml: `bf16`, `logging_steps`, `optim`, `lora_dropout`, `report_to`, `lr_scheduler_kwargs` have no effect here.',
    ]);
    expect(readRunConfig({ fp16: true }, 'run.yaml').warnings.map((warning) => sentenceOf(warning))).toEqual([
      'run.yaml: `fp16` has no effect here.',
    ]);
    expect(readRunConfig({ beta: 0.2 }).warnings).toEqual([]);
  });

  it.each<[string, unknown, string]>([
    ['lora_dropout', 0.05, '0'],
    ['optim', 'adafactor', '"adamw_torch"'],
    ['use_dora', true, 'false'],
    ['neftune_noise_alpha', 5, 'null'],
    ['lr_scheduler_kwargs', { num_cycles: 2 }, 'null'],
    ['completion_only_loss', false, 'null'],
    ['packing', true, 'false'],
  ])('are refused where they would change the numbers: %s %j', (key, value, taken) => {
    expect(() => parseRunConfig({ [key]: value }, 'run.yaml')).toThrow(
      `run.yaml: \`${key}\` is ${JSON.stringify(value)}; Airlock trains with ${taken} alone.`,
    );
  });

  it("at TRL's defaults are none that is refused, but for dropout", () => {
    const file = readFileSync('fixtures/golden/conventions.json', 'utf8');
    const { trl_defaults: defaults } = JSON.parse(file) as { trl_defaults: Record<string, unknown> };
    expect(Object.keys(defaults).length).toBeGreaterThan(150);
    const foreign = Object.entries(defaults).filter(([key]) => !configKeys.includes(key));
    const refused = foreign.filter(([key, value]) => {
      try {
        return readRunConfig({ [key]: value }).warnings.length !== 1;
      } catch {
        return true;
      }
    });
    expect(refused).toEqual([['lora_dropout', 0.05]]);
  });
});
