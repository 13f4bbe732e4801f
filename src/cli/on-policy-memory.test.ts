/**
 * @file What the memory plan says of runs that learn from their own answers, against the bytes that such runs take: the
 * starter's model on WASM in this process, whose answers all are as long as they may be.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import type { ScoredPair } from '../data/preference-pair';
import { uploadRewardModel } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { readPeftAdapter } from '../formats/peft';
import { directoryOf } from '../formats/checkpoint';
import type { RowSize } from '../run/memory-plan';
import { parseRunConfig } from '../run/config';
import type { Answering } from '../training/rollouts';
import { estimateMemory, findShortages, planMemory, typicalRow } from '../training/memory-plan';
import { runTraining } from '../training/run-training';
import { RunAnswers } from './on-policy';
import { openModelDirectory } from './session';

/** Prompts of about as many tokens as the settings below leave for one. */
const pairs = Array.from({ length: 32 }, (_, i): ScoredPair => ({
  prompt: 'The cook served a good soup '.repeat(8) + i,
  chosen: '',
  rejected: '',
}));

const shared = { learning_rate: 1e-3, lora_r: 16, lora_target_modules: 'all-linear', reward: { scorer: 'sentiment' } };
const configOf = (more: object) =>
  parseRunConfig({ ...shared, max_steps: 1, max_completion_length: 24, max_length: 256, ...more });

describe('the memory plan of a run on answers of its own', () => {
  let opened: OpenedModel;
  beforeAll(async () => {
    // Nothing ends an answer before its time.
    opened = { ...(await openModelDirectory('public/starter/model')), stopIds: [] };
  });

  /** Runs one step. @returns the bytes at the highest, of drawing alone and of all, and the longest answer's row */
  async function measure(config: ReturnType<typeof configOf>) {
    const { executor } = opened.model;
    const answers = new RunAnswers(opened, config, (drawn) =>
      Promise.resolve(drawn.map(({ tokens }, i) => tokens + i)),
    );
    let drawing = 0;
    let longest: RowSize | null = null;
    const answering = (prompts: Parameters<typeof answers.answering>[0]): Answering => {
      const draw = answers.answering(prompts);
      return async (...asked) => {
        const before = executor.memory().deviceBytes;
        executor.restartPeak();
        const drawn = await draw(...asked);
        expect(drawn.every(({ ids, isEnded }) => ids.length === 24 && !isEnded)).toBe(true);
        drawing = executor.memory().peakDeviceBytes - before;
        return drawn;
      };
    };
    await runTraining(opened, { config, pairs, answering, checkLongest: (row) => void (longest = row) });
    const { peakDeviceBytes, wasmHeapBytes } = executor.memory();
    return { drawing, peakDeviceBytes, wasmHeapBytes, longest: longest as RowSize | null };
  }

  it.each([
    { method: 'rloo', per_device_train_batch_size: 16, num_generations: 4 },
    { method: 'online_dpo', per_device_train_batch_size: 6 },
    { method: 'ppo', per_device_train_batch_size: 8, num_ppo_epochs: 1 },
  ])('is within a tenth of what $method takes in tensors, and a fifth with the heap', async (settings) => {
    const config = configOf(settings);
    const { shape } = opened.model;
    const { drawing, peakDeviceBytes, wasmHeapBytes, longest } = await measure(config);
    const { sequence = 0, targets = 0, tokens = 0 } = longest ?? {};
    expect(sequence).toBe(tokens - targets + 24);
    // Rows are full of answers; RLOO's four share their prompt.
    const shared = settings.method === 'rloo' ? 4 : 1;
    const [each, answered] = [tokens - targets + shared * targets, shared * targets];
    const inRow = Math.floor(512 / each);
    const row = { tokens: inRow * each, targets: inRow * answered, sequence };
    const estimate = estimateMemory(shape, 'wasm', config, row);
    const { total, workspace, answers, answers_at_once, weights, adapter_and_optimizer, activations } = estimate;
    expect(answers_at_once).toBe({ rloo: 16, online_dpo: 12, ppo: 8 }[settings.method]);
    expect(Math.abs(answers / drawing - 1)).toBeLessThan(0.1);
    expect(Math.abs((total - workspace) / peakDeviceBytes - 1)).toBeLessThan(0.1);
    expect(total).toBe(weights + adapter_and_optimizer + Math.max(activations, answers) + workspace);
    // The heap never shrinks: it is measured where it is the largest, in the first run.
    if (settings.method === 'rloo') expect(Math.abs(workspace / wasmHeapBytes - 1)).toBeLessThan(0.2);
  });

  it('counts the reward model that is opened beside the policy as it then is', async () => {
    const config = parseRunConfig({ ...shared, reward: null, method: 'reward', max_steps: 1, max_length: 64 });
    const { files } = await runTraining(opened, {
      config,
      pairs: [{ prompt: 'A cook', chosen: ' was good.', rejected: ' was bad.' }],
    });
    const { executor, shape } = opened.model;
    const before = executor.memory().deviceBytes;
    const judge = uploadRewardModel(opened.model, await readPeftAdapter(directoryOf(files)));
    const held = executor.memory().deviceBytes - before;
    judge.dispose();
    const judge_bytes = Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(Math.abs(judge_bytes / held - 1)).toBeLessThan(0.05);
    const drawing = configOf({ method: 'rloo', per_device_train_batch_size: 8 });
    const [alone, judged] = [drawing, { ...drawing, judge_bytes }].map((each) => estimateMemory(shape, 'wasm', each));
    expect((judged?.total ?? 0) - (alone?.total ?? 0)).toBe(judge_bytes);
  });

  it('warns and proposes whole groups of answers where a device is too small', async () => {
    const { shape } = opened.model;
    const settings = configOf({ method: 'rloo', per_device_train_batch_size: 24, num_generations: 8, max_length: 512 });
    const { total } = estimateMemory(shape, 'wasm', settings);
    const device = { device: 'wasm', bindingBytes: null, takesFloat16: false } as const;
    const grants = { ...device, memoryBytes: total / 0.8 - 1 };
    expect(findShortages(estimateMemory(shape, 'wasm', settings), grants)).toMatchObject([{ kind: 'memory' }]);
    const { proposal } = await planMemory(shape, { ...settings, precision: 'float32' }, grants);
    expect((proposal?.per_device_train_batch_size ?? 1) % 8).toBe(0);
    expect(findShortages(proposal as NonNullable<typeof proposal>, grants)).toEqual([]);
  });

  it('says of a GPU that the caches are as large as its fixed sizes', () => {
    const { shape } = opened.model;
    const settings = configOf({ method: 'rloo', per_device_train_batch_size: 12, num_generations: 4 });
    const gpu = estimateMemory(shape, 'webgpu', settings);
    // 16 slots for 12 answers, 256 places for 128 + 24 tokens: keys and values of 2 heads of 32, seven layers' worth;
    // one slot of six layers for the prompt that comes in, and the logits.
    expect(gpu.answers).toBe(4 * 2 * 2 * 32 * 256 * (16 * 7 + 6) + 4 * 16 * 2048);
    expect(estimateMemory(shape, 'webgpu', { ...settings, method: 'dpo' })).toMatchObject({ answers: 0, judge: 0 });
    expect(typicalRow(shape, 'wasm', settings)).toEqual({
      tokens: 512,
      // Four answers of 24 tokens behind a prompt of 128.
      targets: Math.ceil((512 * 96) / 224),
    });
  });
});
