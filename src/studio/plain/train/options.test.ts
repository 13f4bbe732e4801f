import { describe, expect, it } from 'vitest';
import { parseRunConfig } from '../../../run/config';
import { rewardOfRun } from '../compare/best-of';
import { textIn } from '../../text/text';
import { onPolicyMethodNames, onPolicyMethods } from '../../../run/objectives';
import {
  countProblems,
  drawingOptions,
  drawingSwitchesOf,
  initialForm,
  numberFields,
  planSettings,
  readForm,
  usualOf,
  withMethod,
  type MethodChoice,
  type NumberKey,
} from './options';
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

describe('the settings that a memory plan is made for', () => {
  it('are those of the method, with the answers of its steps and who judges them', () => {
    const start = { ...initialForm, max_completion_length: '32', reward: rewardOfRun('judge') };
    const runs = [{ id: 'judge', adapterBytes: 900 }];
    const plan = (method: MethodChoice) => planSettings({ ...start, ...withMethod(start, method) }, runs);
    const drawn = { max_completion_length: 32, judge_bytes: 900 };
    expect(plan('rloo')).toMatchObject({
      method: 'rloo',
      num_generations: 4,
      per_device_train_batch_size: 16,
      ...drawn,
    });
    expect(plan('online_dpo')).toMatchObject({ method: 'online_dpo', per_device_train_batch_size: 8, ...drawn });
    // What another method has left in the form does not count.
    expect(plan('online_dpo')).not.toHaveProperty('num_generations');
    expect(plan('ppo')).toMatchObject({ method: 'ppo', num_mini_batches: 1, gradient_accumulation_steps: 1, ...drawn });
    expect(plan('dpo')).not.toHaveProperty('judge_bytes');
    expect(plan('both').method).toBe('dpo');
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
    ['method', 'trpo'],
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

describe('a method that learns from answers of its own', () => {
  const rules = { version: 1 as const, rules: [{ kind: 'json' as const, weight: 1 }] };
  const form = { ...initialForm, ...withMethod(initialForm, 'rloo') };

  it('begins where the engine accepts it, with what judges the answers written into its settings', () => {
    const [job] = readForm(form, linears, null, rules).jobs;
    expect(parseRunConfig(job!.config)).toMatchObject({
      ...{ method: 'rloo', beta: 0.05, num_generations: 4, per_device_train_batch_size: 16 },
      ...{ max_completion_length: 64, reward: { rules } },
    });
    // It has no loss on pairs that are held out.
    expect([job!.evaluation, job!.samples]).toEqual([undefined, undefined]);
    expect(readForm({ ...form, eval_steps: 'x' }, linears, null, rules).jobs).toHaveLength(1);
    expect(readForm({ ...form, reward: 'sentiment' }, linears).jobs[0]!.config.reward).toEqual({ scorer: 'sentiment' });
  });

  it('tells what differs from the defaults of its method, not of DPO', () => {
    const online = { ...initialForm, ...withMethod(initialForm, 'online_dpo') };
    const configOf = (more: object) => readForm({ ...online, ...more }, linears, null, rules).jobs[0]!.config;
    expect(parseRunConfig(configOf({}))).toMatchObject({
      ...{ method: 'online_dpo', beta: 0.1, temperature: 0.9, max_completion_length: 64 },
      ...{ per_device_train_batch_size: 8, missing_eos_penalty: null },
    });
    expect(configOf({})).not.toHaveProperty('temperature');
    const typed = { temperature: '1', max_completion_length: '512', missing_eos_penalty: '0.5' };
    expect(parseRunConfig(configOf(typed))).toMatchObject({
      ...{ temperature: 1, max_completion_length: 512, missing_eos_penalty: 0.5 },
    });
    expect([usualOf('beta', 'online_dpo'), usualOf('max_length', 'online_dpo')]).toEqual([
      ['0.05', '0.5'],
      ['256', '2048'],
    ]);
  });

  it.each(onPolicyMethodNames)('has a field for every option that the engine reads for %s', (method) => {
    const fields = [...drawingOptions(method), ...drawingSwitchesOf(method)] as string[];
    const others = { rloo: ['epsilon_high', 'reward_clip_range'], online_dpo: [], ppo: ['kl_estimator'] }[method];
    expect([...fields, ...others].sort()).toEqual([...onPolicyMethods[method].objective.reads].sort());
  });

  it('passes on the loss of online DPO, and how PPO estimates and scales, each for its method alone', () => {
    const chosen = { ...form, online_loss: 'ipo', kl_estimator: 'k3', whiten_rewards: true } as const;
    const configOf = (method: MethodChoice) => readForm({ ...chosen, method }, linears, null, rules).jobs[0]!.config;
    expect(parseRunConfig(configOf('online_dpo'))).toMatchObject({ loss_type: ['ipo'], whiten_rewards: false });
    expect(parseRunConfig(configOf('ppo'))).toMatchObject({ kl_estimator: 'k3', whiten_rewards: true });
    for (const key of ['loss_type', 'kl_estimator', 'whiten_rewards']) expect(configOf('rloo')).not.toHaveProperty(key);
    expect(configOf('ppo')).not.toHaveProperty('loss_type');
    expect(trainFormSchema.parse(chosen)).toEqual(chosen);
  });

  it('asks for rules where they are to judge and there are none', () => {
    const { jobs, problems } = readForm(form, linears);
    expect([jobs, problems.lacksRules, countProblems(problems)]).toEqual([[], true, 1]);
    expect(readForm({ ...initialForm, reward: 'rules' }, linears).problems.lacksRules).toBe(false);
  });

  it('passes on what was changed, and nothing of other methods', () => {
    const changed = { ...form, mask_truncated_completions: true, epsilon: '0.1', label_smoothing: '0.2' };
    const { config } = readForm(changed, linears, null, rules).jobs[0]!;
    expect(config).toMatchObject({ mask_truncated_completions: true, epsilon: 0.1 });
    expect(Object.keys(config)).not.toEqual(expect.arrayContaining(['label_smoothing']));
    expect(config).not.toHaveProperty('normalize_advantages');
    expect(readForm({ ...changed, method: 'dpo' }, linears).jobs[0]!.config).not.toHaveProperty('reward');
  });

  it('leaves what was typed when the method changes, and takes back what was not', () => {
    const typed = { ...initialForm, beta: '0.3' };
    const drawing = { ...typed, ...withMethod(typed, 'rloo') };
    expect(drawing).toMatchObject({ method: 'rloo', beta: '0.3', per_device_train_batch_size: '16' });
    expect({ ...drawing, ...withMethod(drawing, 'dpo') }).toEqual(typed);
    expect([usualOf('beta', 'rloo'), usualOf('dpo_learning_rate', 'rloo')]).toEqual([
      ['0.01', '0.1'],
      ['5e-5', '1e-3'],
    ]);
  });

  it('takes what may stay empty only where it is filled in, a range by both of its ends', () => {
    const read = (change: Partial<typeof form>, method: 'rloo' | 'dpo' = 'rloo') =>
      readForm({ ...form, reward: 'sentiment', ...change, method }, linears);
    expect(read({}).jobs[0]!.config).not.toHaveProperty('epsilon_high');
    expect(read({}).jobs[0]!.config).not.toHaveProperty('reward_clip_range');
    const { config } = read({ epsilon_high: '0.3', reward_clip_low: '-2', reward_clip_high: '1.5' }).jobs[0]!;
    expect(config).toMatchObject({ epsilon_high: 0.3, reward_clip_range: [-2, 1.5] });
    expect(parseRunConfig(config)).toMatchObject({ epsilon_high: 0.3, reward_clip_range: [-2, 1.5] });
    expect(Object.keys(read({ reward_clip_low: '1' }).problems.numbers)).toEqual(['reward_clip_high']);
    expect(Object.keys(read({ reward_clip_high: '1' }).problems.numbers)).toEqual(['reward_clip_low']);
    const turned = read({ reward_clip_low: '1', reward_clip_high: '0.5' }).problems.numbers;
    expect(turned.reward_clip_high?.rule).toMatchObject({ min: 1, above: true });
    expect(read({ epsilon_high: 'x', reward_clip_low: '1' }, 'dpo').problems.numbers).toEqual({});
  });

  it('takes the reward model of a run by its id, where it fits the loaded model', () => {
    const judged = { ...form, reward: rewardOfRun('r-1') };
    expect(readForm(judged, linears, null, null).jobs[0]!.config.reward).toEqual({ model: 'r-1' });
    const { jobs, problems } = readForm(judged, linears, null, rules, () => null);
    expect([jobs, problems.lacksJudge, problems.lacksRules, countProblems(problems)]).toEqual([[], true, false, 1]);
    expect(readForm({ ...judged, method: 'dpo' }, linears).jobs).toHaveLength(1);
  });

  it('takes a judge by its model, question and adapter', () => {
    const reward = { judge: 'print', question: { rubric: 'Politer?' }, adapter: 'r-2' };
    const [job] = readForm({ ...form, reward: 'judge:j' }, linears, null, null, () => reward).jobs;
    expect(parseRunConfig(job!.config).reward).toEqual(reward);
  });

  it('is kept with what judges it', () => {
    for (const reward of ['dialogue', rewardOfRun('r-1'), 'judge:j'] as const) {
      const kept = { ...form, reward, normalize_advantages: true };
      expect(trainFormSchema.parse(kept)).toEqual(kept);
    }
    expect(trainFormSchema.safeParse({ ...form, reward: 'run:' }).success).toBe(false);
  });
});
