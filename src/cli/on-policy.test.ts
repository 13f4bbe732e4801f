/**
 * @file Runs that learn from the model's own answers, whole: drawn in batches, judged by rules, trained on, stopped and
 * gone on with.
 */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { meanOf } from '../core/statistics';
import type { ScoredPair } from '../data/preference-pair';
import { rulesSchema } from '../data/rules';
import { uploadRewardModel } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { rulesReward, type Reward } from '../evaluation/reward';
import { readPeftAdapter } from '../formats/peft';
import { judgeEach, type Judging } from '../generation/drawn-answers';
import { parseRunConfig } from '../run/config';
import type { TrainingCheckpoint } from '../run/training-checkpoint';
import { scorePairs } from '../training/reward-scores';
import { runTraining, type RunRequest } from '../training/run-training';
import { RunAnswers, judgingOf } from './on-policy';
import { readExamples } from './pair-files';
import { openDirectory } from './node-files';
import { openModelDirectory } from './session';

const promptsOf = (...prompts: string[]): ScoredPair[] =>
  prompts.map((prompt) => ({ prompt, chosen: ' yes', rejected: ' no' }));
const pairs = promptsOf('The valve', 'A pump', 'The press', 'Oil', 'A fern', 'The valve', 'Soil');

/** Of two answers to a prompt many are worth the same, so that a step wants more prompts. */
const morePairs = promptsOf(
  ...['The valve', 'A pump', 'The press', 'Oil', 'A fern', 'Soil', 'The belt', 'A gear', 'The tank', 'Rust', 'A leaf'],
  ...['Sand', 'The door', 'A lamp', 'The clock', 'Wood', 'A vine', 'Clay', 'The road', 'A key', 'The roof', 'Salt'],
  ...['A seed', 'Mud'],
);

const reward: Reward = rulesReward(
  'rules',
  rulesSchema.parse({
    version: 1,
    rules: [
      { kind: 'pattern', pattern: 'a' },
      { kind: 'pattern', pattern: 'n' },
    ],
  }),
);

describe('a run on answers of its own', () => {
  let opened: OpenedModel;
  beforeAll(async () => {
    opened = await openModelDirectory('fixtures/tiny-llama');
  });

  const configOf = (more: object = {}) =>
    parseRunConfig({
      ...{ method: 'rloo', per_device_train_batch_size: 4, max_steps: 6, max_completion_length: 6 },
      ...{ learning_rate: 5e-3, lora_r: 2, seed: 5, reward: { rules: 'rules' } },
      ...more,
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
    return { ...result, answers: answers.text, weights: result.files['adapter_model.safetensors'] };
  }

  async function stopAt(config: RunRequest['config'], step: number) {
    const controller = new AbortController();
    const kept: TrainingCheckpoint[] = [];
    const { metrics, stopped } = await run(config, {
      signal: controller.signal,
      onEvent: (event) => {
        if (event.kind === 'step' && event.metrics.step === step) controller.abort();
      },
      checkpoints: { save_steps: 1000, onCheckpoint: (checkpoint) => kept.push(structuredClone(checkpoint)) },
    });
    expect(stopped).toBe(true);
    return { metrics, checkpoint: kept.at(-1) as TrainingCheckpoint };
  }

  it('asks each different prompt and tells of the answers', async () => {
    const { metrics, pairs: count, answers, files } = await run(configOf({ num_generations: 2 }));
    expect(count).toBe(6);
    expect(metrics).toHaveLength(6);
    for (const line of metrics) {
      expect(line.reward).toBeGreaterThanOrEqual(0);
      expect(line['completions/mean_length']).toBeLessThanOrEqual(6);
      expect(line['completions/mean_surprise']).toBeGreaterThan(0);
      expect(line['rewards/margins']).toBeUndefined();
    }
    expect(metrics[0]?.kl).toBeCloseTo(0, 5);
    expect(metrics[5]?.num_tokens).toBeGreaterThan(metrics[4]?.num_tokens ?? Infinity);
    const lines = answers
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: number; prompt: string });
    expect(lines.map(({ step }) => step)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
    expect(lines.every(({ prompt }) => pairs.some((pair) => pair.prompt === prompt))).toBe(true);
    const card = new TextDecoder().decode(files['README.md']);
    expect(card).toContain('6 different prompts of 7 pairs, answered in training');
    expect(card).toContain('| `num_generations` | 2 |');
    expect(card).toMatch(/\| `reward` \| .*rules.* \|/);
  });

  it('learns from a file of prompts alone, which pairs cannot be made of', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'airlock-prompts-'));
    const write = (name: string, lines: readonly string[]): string => {
      const path = join(folder, name);
      writeFileSync(path, `${lines.join('\n')}\n`);
      return path;
    };
    const file = write('p.jsonl', ['{"prompt":"The valve","topic":"x"}', '{"prompt":"A pump"}', '{"prompt":"Oil"}']);
    const prompts = await readExamples('rloo', file, {});
    const { pairs: count, metrics } = await run(configOf({ max_steps: 2 }), { pairs: prompts });
    expect([count, metrics.length]).toEqual([3, 2]);
    expect(prompts[0]).toEqual({ prompt: 'The valve', chosen: '', rejected: '', scores: null });
    await expect(readExamples('dpo', file, {})).rejects.toThrow(/^Row 1 of .*p\.jsonl has no `chosen`; add it/);

    const chat = [{ role: 'user', content: 'Is it on?' }];
    const chats = write('c.jsonl', [JSON.stringify({ prompt: chat })]);
    expect(await readExamples('rloo', chats, {})).toMatchObject([{ prompt: chat, chosen: [], rejected: [] }]);
    const named = write('n.csv', ['nr,Satz', '1,An?', '2,Aus?']);
    await expect(readExamples('rloo', named, {})).rejects.toThrow(/has the columns nr, Satz/);
    const found = await readExamples('rloo', named, { columns: 'prompt=Satz' });
    expect(found.map(({ prompt }) => prompt)).toEqual(['An?', 'Aus?']);
    await expect(readExamples('rloo', named, { columns: 'prompt=Frage' })).rejects.toThrow(/has no column `Frage`/);
    const bad = write('b.jsonl', ['{"prompt":"The valve"}', '{"prompt":7}']);
    await expect(readExamples('rloo', bad, {})).rejects.toThrow(/^Row 2 of .*b\.jsonl has the number 7/);
    const pairsFile = write('a.jsonl', ['{"prompt":"p","chosen":"a","rejected":"b"}']);
    expect(await readExamples('rloo', pairsFile, {})).toMatchObject([{ prompt: 'p', chosen: 'a', rejected: 'b' }]);
  });

  it('learns from a model that compares the answers to each prompt, of whatever base', async () => {
    const question = join(mkdtempSync(join(tmpdir(), 'airlock-judge-')), 'question.txt');
    writeFileSync(question, 'Which is shorter?');
    const reward = { judge: 'fixtures/tiny-gpt-neox', question };
    const config = configOf({ max_steps: 1, num_generations: 2, reward });
    const seen: (number | null | undefined)[] = [];
    const judging = (await judgingOf(config))!(opened);
    const noted: RunRequest['onDrawn'] = (_, answers) => seen.push(...answers.map((answer) => answer.reward));
    const answers = new RunAnswers(opened, config, judging);
    const { metrics } = await runTraining(opened, { config, pairs, answering: answers.answering, onDrawn: noted });
    expect(metrics[0]?.reward).toBeCloseTo(0.5, 6);
    expect(seen.length).toBeGreaterThan(1);
    // Two answers to a prompt share 1.
    for (let at = 0; at < seen.length; at += 2) expect((seen[at] ?? NaN) + (seen[at + 1] ?? NaN)).toBeCloseTo(1, 6);
    expect(seen.some((one) => Math.abs((one ?? 0.5) - 0.5) > 1e-4)).toBe(true);
    const none = configOf({ reward: { judge: 'nowhere' } });
    await expect(judgingOf(none)).rejects.toThrow(/^The reward "nowhere" is neither/);
  });

  it('learns from an adapter that compares, which judges otherwise than its base', async () => {
    const taught = parseRunConfig({ method: 'dpo', max_steps: 4, lora_r: 4, learning_rate: 5e-2 });
    const { files } = await runTraining(opened, { config: taught, pairs });
    const folder = mkdtempSync(join(tmpdir(), 'airlock-judge-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const facts = { tokens: 1, reference: null, isEnded: true };
    const given = ['yes', 'no'].map((text) => ({ prompt: 'The valve', text, ...facts }));
    const rewards = async (more: object) =>
      (await judgingOf(configOf({ reward: { judge: 'fixtures/tiny-llama', ...more } })))!(opened)(given);
    const [plain, adapted] = [await rewards({}), await rewards({ adapter: folder })];
    expect(Math.abs((plain[0] ?? NaN) - (adapted[0] ?? NaN))).toBeGreaterThan(1e-4);
    expect((adapted[0] ?? NaN) + (adapted[1] ?? NaN)).toBeCloseTo(1, 6);
    const own = await rewards({ question: { rubric: 'Which is shorter?' } });
    expect(Math.abs((own[0] ?? NaN) - (plain[0] ?? NaN))).toBeGreaterThan(1e-5);
  });

  it('learns from a reward model, which gives drawn answers the scores that it gives pairs', async () => {
    const taught = parseRunConfig({ method: 'reward', max_steps: 2, lora_r: 2, learning_rate: 1e-2 });
    const { files } = await runTraining(opened, { config: taught, pairs });
    const folder = mkdtempSync(join(tmpdir(), 'airlock-reward-'));
    for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, name), bytes);
    const config = configOf({ max_steps: 1, num_generations: 2, reward: { model: folder } });
    const seen: { prompt: ScoredPair['prompt']; text: string; reward: number | null | undefined }[] = [];
    const judging = (await judgingOf(config))?.(opened) as Judging;
    const { metrics } = await run(config, {}, async (answers, signal) => {
      const rewards = await judging(answers, signal);
      seen.push(...answers.map(({ prompt, text }, i) => ({ prompt, text, reward: rewards[i] })));
      return rewards;
    });
    const rewardModel = uploadRewardModel(opened.model, await readPeftAdapter(openDirectory(folder).directory));
    const told = seen.filter(({ text }) => text !== '');
    const asPairs = told.map(({ prompt, text }) => ({ prompt, chosen: text, rejected: text }) as ScoredPair);
    const wanted = await scorePairs(opened, asPairs, rewardModel, 64);
    rewardModel.dispose();
    expect([seen.length, told.length > 1]).toEqual([4, true]);
    told.forEach(({ reward: given }, i) => expect(given).toBeCloseTo(wanted[i]?.rewards.chosen ?? NaN, 5));
    expect(new Set(told.map(({ reward: given }) => given)).size).toBeGreaterThan(1);
    expect(metrics[0]?.reward).toBeCloseTo(meanOf(told.map(({ reward: given }) => given ?? NaN)), 5);
    const chat = [{ role: 'user', content: 'a?' }];
    const facts = { tokens: 1, reference: null, isEnded: true };
    const [ofLong, ofChat, ofNone] = await judging([
      { prompt: 'a?', text: 'a valve '.repeat(2000), ...facts },
      { prompt: chat, text: 'no', ...facts },
      { prompt: 'a?', text: '', ...facts },
    ]);
    expect([ofLong, typeof ofChat, ofNone]).toEqual([null, 'number', null]);
    const tooLong = judging([{ prompt: 'a valve '.repeat(2000), text: 'no', ...facts }]);
    await expect(tooLong).rejects.toThrow(UserError);
    const plain = await runTraining(opened, { config: parseRunConfig({ max_steps: 1, lora_r: 2 }), pairs });
    for (const [name, bytes] of Object.entries(plain.files)) writeFileSync(join(folder, name), bytes);
    await expect(judgingOf(config)).rejects.toThrow(/has no score head/);
  });

  it('answers conversations by the template, and judges by prompt, chosen answer and end', async () => {
    const ask = (content: string): ScoredPair => ({
      prompt: [{ role: 'user', content }],
      chosen: [{ role: 'assistant', content: `the answer to ${content}` }],
      rejected: [],
    });
    const seen: unknown[] = [];
    const watching: Reward = {
      name: 'watching',
      score: (prompt, { text, tokens, ...rest }) => {
        seen.push({ prompt, ...rest });
        return { reward: text.length > 4 && (tokens ?? 0) > 2 ? 1 : 0 };
      },
    };
    const config = configOf({ max_steps: 1, max_length: 24 });
    const answers = new RunAnswers(opened, config, judgeEach(watching.score));
    const { metrics } = await runTraining(opened, {
      ...{ config, pairs: [ask('a?'), ask('b?')], answering: answers.answering },
    });
    const facts = (prompt: string) => ({ prompt, reference: `the answer to ${prompt}`, isEnded: false });
    expect(seen).toHaveLength(4);
    expect(seen).toEqual(expect.arrayContaining([facts('a?'), facts('b?')]));
    expect(metrics[0]?.['completions/clipped_ratio']).toBe(1);
  });

  it.each([
    { method: 'rloo', per_device_train_batch_size: 24, num_generations: 4 },
    { method: 'online_dpo', per_device_train_batch_size: 24, beta: 0.5, max_steps: 16 },
  ])('learns what the reward likes: $method', async (method) => {
    const config = configOf({
      ...{ max_steps: 20, ...method, max_completion_length: 5, lora_r: 4 },
      ...{ learning_rate: 1e-2, lr_scheduler_type: 'constant', lora_target_modules: 'all-linear' },
    });
    const { metrics } = await run(config, method.method === 'online_dpo' ? { pairs: morePairs } : {});
    const rewards = metrics.map((line) => line.reward ?? NaN);
    expect(meanOf(rewards.slice(-4))).toBeGreaterThan(meanOf(rewards.slice(0, 4)) + 0.25);
  });

  it('of online DPO has two answers to each prompt, the better one chosen, and smaller last batches', async () => {
    const config = configOf({
      ...{ method: 'online_dpo', per_device_train_batch_size: 4, max_steps: 3, num_train_epochs: 1 },
    });
    const seen: (readonly [number, number | null])[] = [];
    const answers = new RunAnswers(opened, config, judgeEach(reward.score));
    const { metrics } = await runTraining(opened, {
      ...{ config, pairs, answering: answers.answering },
      onDrawn: (step, drawn) => seen.push(...drawn.map((answer) => [step, answer.reward] as const)),
    });
    // Six different prompts: four, two, and four of the next epoch, each with two answers.
    expect([1, 2, 3].map((step) => seen.filter(([of]) => of === step).length)).toEqual([8, 4, 8]);
    const rewards = seen.filter(([step]) => step === 1).map(([, given]) => given ?? NaN);
    const leads = [0, 2, 4, 6].map((at) => Math.abs((rewards[at] ?? NaN) - (rewards[at + 1] ?? NaN)));
    expect(metrics[0]).toMatchObject({ 'objective/scores_margin': meanOf(leads), reward: meanOf(rewards) });
    expect(metrics[0]?.frac_reward_zero_std).toBe(meanOf(leads.map((lead) => (lead === 0 ? 1 : 0))));
    expect(metrics[0]?.loss).toBeCloseTo(Math.LN2, 6);
    expect(metrics[0]?.['rewards/margins']).toBeCloseTo(0, 6);
    expect(metrics[2]?.['clip_ratio/region_mean']).toBeUndefined();
  });

  it('draws as the settings say, and learns nothing from a prompt that could not be judged', async () => {
    const first = (answers: string): readonly string[] =>
      answers
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { answer: string }).answer);
    const settings = { method: 'online_dpo', per_device_train_batch_size: 6, max_steps: 1 };
    const [wide, narrow] = [await run(configOf(settings)), await run(configOf({ ...settings, top_k: 1 }))];
    expect(new Set(first(wide.answers)).size).toBe(2);
    expect(new Set(first(narrow.answers)).size).toBe(1);
    expect(narrow.metrics[0]).toMatchObject({ frac_reward_zero_std: 1, 'objective/scores_margin': 0 });
    expect(narrow.metrics[0]?.grad_norm).toBeLessThan(1e-6);
    const unjudged = await run(
      configOf(settings),
      {},
      judgeEach(() => ({ reward: null })),
    );
    expect(unjudged.metrics[0]).toMatchObject({ loss: 0, grad_norm: 0 });
    expect(unjudged.metrics[0]).not.toHaveProperty('objective/scores_margin');
    expect(unjudged.metrics[0]).not.toHaveProperty('rewards/margins');
  });

  it.each([{}, { method: 'online_dpo', per_device_train_batch_size: 2 }])(
    'stopped and gone on with, is to the byte the run that was not: %o',
    async (method) => {
      const config = configOf(method);
      const whole = await run(config);
      const { metrics, checkpoint } = await stopAt(config, 2);
      expect(checkpoint.step).toBe(2);
      const rest = await run(config, { resume: checkpoint });
      expect([...metrics, ...rest.metrics]).toEqual(whole.metrics);
      expect(rest.weights).toEqual(whole.weights);
      expect((await run(configOf({ ...method, seed: 6 }))).weights).not.toEqual(whole.weights);
    },
  );

  it('rests where new answers are due, also when it is stopped between', async () => {
    const config = configOf({ num_iterations: 3, epsilon: 0.01, max_steps: 9 });
    const whole = await run(config);
    expect(whole.metrics.map((line) => line.reward !== undefined)).toEqual(
      [1, 0, 0, 1, 0, 0, 1, 0, 0].map((drawn) => drawn === 1),
    );
    expect(whole.metrics.some((line) => (line['clip_ratio/region_mean'] ?? 0) > 0)).toBe(true);
    const { metrics, checkpoint } = await stopAt(config, 4);
    expect(checkpoint.step).toBe(6);
    const rest = await run(config, { resume: checkpoint });
    expect([...metrics, ...rest.metrics]).toEqual(whole.metrics);
    expect(rest.weights).toEqual(whole.weights);
  });

  it('stopped while it answers, ends before that step', async () => {
    const controller = new AbortController();
    const { metrics, stopped } = await run(configOf(), {
      signal: controller.signal,
      onEvent: (event) => {
        // Between the steps: the answers of the next one are what it does first.
        if (event.kind === 'step' && event.metrics.step === 2) setTimeout(() => controller.abort(), 1);
      },
    });
    expect(stopped).toBe(true);
    expect(metrics.length).toBeLessThan(6);
  });

  it('says what is missing', async () => {
    await expect(run(configOf(), { pairs: promptsOf('One') })).rejects.toThrow(
      /A step answers 2 different prompts, and there are 1/,
    );
    await expect(runTraining(opened, { config: configOf(), pairs })).rejects.toThrow(/none was named/);
    await expect(run(configOf({ max_length: 2 }))).rejects.toThrow(/None of the 7 pairs can be trained on/);
    await expect(judgingOf(configOf({ reward: null }))).rejects.toThrow(UserError);
    await expect(judgingOf(configOf({ reward: { rules: 'not-there.json' } }))).rejects.toThrow(/not-there.json/);
    await expect(judgingOf(configOf({ reward: { model: 'not-there' } }))).rejects.toThrow(/"not-there" is neither/);
    expect(await judgingOf(parseRunConfig({}))).toBeNull();
  });
});
