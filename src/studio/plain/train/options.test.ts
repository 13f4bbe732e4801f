import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../../../run/config';
import { textIn } from '../../text/text';
import { countProblems, initialForm, numberFields, planSettings, readForm, type NumberKey } from './options';
import { describeNumberProblem } from '../../text/describe-number-problem';
import { trainFormSchema } from './kept-form';
import { parseNumber } from '../numbers';

const { shell, train } = textIn('en');
const problemOf = (text: string, key: NumberKey) => {
  const { problem } = parseNumber(text, numberFields[key]);
  return problem && describeNumberProblem(train.fields[key].label, problem, shell.number);
};

const linears = ['q_proj', 'v_proj'];

describe('numbers of the form', () => {
  const rate = numberFields.dpo_learning_rate;
  it.each([
    ['1e-4', 1e-4],
    [' 0.0001 ', 1e-4],
    ['.5', 0.5],
    ['5E-5', 5e-5],
    ['1', 1],
  ])('reads %j', (text, value) => {
    expect(parseNumber(text, rate)).toEqual({ value, problem: null });
  });
  it.each(['', 'abc', '0', '-1', '2', '1e', '0x10', 'NaN', 'Infinity', '1 2'])('refuses %j in a sentence', (text) => {
    expect(parseNumber(text, rate).value).toBeNull();
    expect(problemOf(text, 'dpo_learning_rate')).toMatch(
      /^DPO learning rate must be a number above 0 and up to 1; .+\.$/,
    );
  });
  it('explains the decimal comma', () => {
    expect(problemOf('0,1', 'dpo_learning_rate')).toContain('Write 0.1 with a point.');
  });
  it('keeps counts whole', () => {
    expect(problemOf('2.5', 'lora_r')).toContain('LoRA rank must be a whole number from 1 to 512; "2.5" is not.');
    expect(parseNumber('1e2', numberFields.lora_r).value).toBe(100);
  });
});

describe('run configurations', () => {
  it('has defaults that the engine accepts', () => {
    for (const method of ['dpo', 'sft', 'both'] as const) {
      const { jobs, problems } = readForm({ ...initialForm, method }, linears);
      expect(countProblems(problems)).toBe(0);
      expect(jobs.map((job) => job.method)).toEqual(method === 'both' ? ['sft', 'dpo'] : [method]);
      for (const { config } of jobs) expect(parseRunConfig(config)).toMatchObject(config);
    }
  });
  it('gives each method its own learning rate, and beta to DPO alone', () => {
    const { jobs } = readForm({ ...initialForm, method: 'both', beta: '0.3' }, linears);
    expect(jobs[0]!.config).toMatchObject({ method: 'sft', learning_rate: 2e-4 });
    expect(jobs[0]!.config).not.toHaveProperty('beta');
    expect(jobs[1]!.config).toMatchObject({ method: 'dpo', learning_rate: 1e-4, beta: 0.3 });
  });
  it('judges only the fields that take part', () => {
    const form = { ...initialForm, method: 'sft' as const, beta: 'x', max_steps: 'x' };
    expect(countProblems(readForm(form, linears).problems)).toBe(0);
    expect(readForm({ ...form, method: 'dpo', duration: 'steps' }, linears).problems.numbers).toHaveProperty('beta');
    expect(readForm({ ...form, duration: 'steps' }, linears).problems.numbers).toHaveProperty('max_steps');
  });
  it('targets chosen layers of this model, at least one', () => {
    const form = { ...initialForm, targets: 'chosen' as const, target_modules: ['v_proj', 'gone_proj'] };
    expect(readForm(form, linears).jobs[0]!.config.lora_target_modules).toEqual(['v_proj']);
    expect(readForm(form, ['other']).problems.hasNoTargets).toBe(true);
  });
  it('asks for gradient checkpointing, forbids it, or leaves it to the size, for the run and its plan alike', () => {
    const chosen = (['auto', 'on', 'off'] as const).map((gradient_checkpointing) => ({
      ...initialForm,
      gradient_checkpointing,
    }));
    expect(chosen.map((form) => parseRunConfig(readForm(form, []).jobs[0]?.config).gradient_checkpointing)).toEqual([
      null,
      true,
      false,
    ]);
    expect(chosen.map((form) => planSettings(form).gradient_checkpointing)).toEqual([null, true, false]);
    expect(trainFormSchema.safeParse({ ...initialForm, gradient_checkpointing: 'often' }).success).toBe(false);
  });
});

describe('a stored form', () => {
  it('is read as it was, and a field that it lacks is as the form begins', () => {
    const form = { ...initialForm, beta: '0.2', target_modules: ['a'], shuffle: false };
    expect(trainFormSchema.parse(form)).toEqual(form);
    expect(trainFormSchema.parse({ beta: '0.2' })).toEqual({ ...initialForm, beta: '0.2' });
  });
  it.each<readonly [string, unknown]>([
    ['seed', 7],
    ['method', 'ppo'],
    ['loss_type', 'sigmoid2'],
    ['target_modules', ['a', 1]],
    ['target_modules', 'all'],
    ['shuffle', 'yes'],
    ['sample_prompts', null],
  ])('does not fit where %s is %j', (key, value) => {
    const { error } = trainFormSchema.safeParse({ ...initialForm, [key]: value });
    expect(error?.issues[0]?.path[0]).toBe(key);
  });
  it.each([null, 'text', 3, []])('does not fit where there is %j', (stored) => {
    expect(trainFormSchema.safeParse(stored).success).toBe(false);
  });
});
