/**
 * @file What config.json comes to: ropes and default targets against transformers and PEFT
 * (fixtures/golden/conventions.json, made by tools/make_golden.py), both generations of config alike, refusals by name.
 * The forward passes are held to transformers in training/golden.test.ts.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Builder } from '../graph/builder';
import { buildGradient } from '../graph/gradient';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { activationNames, activations } from './layers';
import { findArchitecture, supportedModelTypes } from './registry';
import { rotaryTables, type Rope } from './rope';

type Json = Record<string, unknown>;

interface Conventions {
  ropes: {
    name: string;
    config: Json;
    inverse_frequencies: number[];
    long_inverse_frequencies: number[] | null;
    attention_factor: number;
    grown: [length: number, inverseFrequencies: number[]][];
  }[];
  default_targets: Record<string, string[]>;
}

const conventions = JSON.parse(readFileSync('fixtures/golden/conventions.json', 'utf8')) as Conventions;

const sizes = {
  num_hidden_layers: 4,
  hidden_size: 32,
  intermediate_size: 48,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 64,
};
const parse = (config: Json) => findArchitecture(config).parseConfig({ ...sizes, ...config });

describe('ropes equal those of transformers', () => {
  for (const { name, config, ...expected } of conventions.ropes) {
    it(name, () => {
      const rope = parse(config).layerKinds[0]?.rope;
      const close = (actual: readonly number[] | undefined, wanted: number[]) => {
        expect(actual?.length).toBe(wanted.length);
        wanted.forEach((value, i) => expect(Math.abs((actual?.[i] as number) / value - 1)).toBeLessThan(3e-7));
      };
      close(rope?.inverseFrequencies, expected.inverse_frequencies);
      if (expected.long_inverse_frequencies) close(rope?.long?.inverseFrequencies, expected.long_inverse_frequencies);
      else expect(rope?.long).toBeNull();
      expect(rope?.attentionFactor).toBeCloseTo(expected.attention_factor, 6);
      expect(rope?.growing !== null).toBe(expected.grown.length > 0);
      // At position 1 the tables are the cosines and sines of the frequencies.
      for (const [length, frequencies] of rope ? expected.grown : []) {
        const { cos, sin } = rotaryTables(rope as Rope, [1], [length]);
        close(
          [...sin].map((value, i) => Math.atan2(value, cos[i] as number)),
          frequencies,
        );
      }
    });
  }

  it('takes the long frequencies for the whole of a long sequence, and for no other', () => {
    const long = { beyond: 3, inverseFrequencies: [0.5] };
    const rope = { inverseFrequencies: [1], attentionFactor: 2, long, growing: null, reach: null };
    const { cos } = rotaryTables(rope, [0, 1, 2, 1], [3, 3, 3, 4]);
    [1, Math.cos(1), Math.cos(2), Math.cos(0.5)].forEach((value, t) => expect(cos[t]).toBeCloseTo(2 * value, 6));
  });
});

it('default targets are those of PEFT, where PEFT has any', () => {
  expect(Object.keys(conventions.default_targets)).toContain('gpt2');
  for (const [modelType, targets] of Object.entries(conventions.default_targets)) {
    expect(findArchitecture({ model_type: modelType }).defaultTargets, modelType).toEqual(targets);
  }
});

describe('both generations of config.json', () => {
  const plain = { rope_type: 'default', rope_theta: 5000 };
  const linear = { rope_type: 'linear', factor: 4 };
  it.each<[string, Json, Json]>([
    [
      'llama',
      { rope_theta: 5000, rope_scaling: { type: 'linear', factor: 4 } },
      { rope_parameters: { ...linear, rope_theta: 5000 } },
    ],
    ['mistral', { rope_theta: 5000, sliding_window: 7 }, { rope_parameters: plain, sliding_window: 7 }],
    [
      'qwen2',
      { rope_theta: 5000, use_sliding_window: true, sliding_window: 7, max_window_layers: 3 },
      {
        rope_parameters: plain,
        use_sliding_window: true,
        sliding_window: 7,
        layer_types: ['full_attention', 'full_attention', 'full_attention', 'sliding_attention'],
      },
    ],
    [
      'qwen2',
      { rope_theta: 5000, sliding_window: 7, max_window_layers: 0 },
      { rope_parameters: plain, use_sliding_window: false, sliding_window: null },
    ],
    [
      'gemma3_text',
      { rope_theta: 5000, rope_local_base_freq: 300, rope_scaling: linear, sliding_window_pattern: 2 },
      {
        rope_parameters: {
          full_attention: { ...linear, rope_theta: 5000 },
          sliding_attention: { rope_type: 'default', rope_theta: 300 },
        },
        layer_types: ['sliding_attention', 'full_attention', 'sliding_attention', 'full_attention'],
      },
    ],
    [
      'gpt_neox',
      { rotary_pct: 0.5, rotary_emb_base: 5000 },
      { rope_parameters: { ...plain, partial_rotary_factor: 0.5 } },
    ],
    ['smollm3', { rope_theta: 5000, no_rope_layers: [1, 1, 1, 0] }, { rope_parameters: plain }],
  ])('%s is read alike', (model_type, old, recent) => {
    expect(parse({ model_type, ...old })).toEqual(parse({ model_type, ...recent }));
  });

  it('layers of one kind share one object', () => {
    const { layerKinds } = parse({ model_type: 'gemma2', sliding_window: 6 });
    expect(new Set(layerKinds).size).toBe(2);
    expect(layerKinds.map(({ slidingWindow }) => slidingWindow)).toEqual([6, null, 6, null]);
  });
});

describe('what is not supported is refused by name', () => {
  it('an unknown architecture, with the list of the others', () => {
    const list = [
      'llama',
      'mistral',
      'qwen2',
      'qwen3',
      'gemma2',
      'gemma3_text',
      'phi3',
      'gpt2',
      'gpt_neox',
      'smollm3',
      'olmo2',
    ];
    expect(supportedModelTypes).toEqual(list);
    expect(() => findArchitecture({ model_type: 'mamba' })).toThrow(
      `"mamba", which is not supported; supported are ${list.join(', ')}`,
    );
  });

  it.each<[string, Json, RegExp]>([
    [
      'llama',
      { rope_scaling: { rope_type: 'proportional', factor: 4 } },
      /rope type "proportional"; supported are default, linear, dynamic, yarn, llama3 and longrope/,
    ],
    [
      'llama',
      { rope_scaling: { rope_type: 'llama3', factor: 4 } },
      /`rope_scaling\.low_freq_factor` is missing; it must be a number/,
    ],
    ['llama', { partial_rotary_factor: 0.5 }, /partial_rotary_factor` is .*1, the only value supported/],
    ['qwen3', { hidden_act: 'relu' }, /`hidden_act` is "relu"; it must be "silu" or/],
    [
      'qwen2',
      { layer_types: ['full_attention', 'linear_attention', 'full_attention', 'full_attention'] },
      /`layer_types` is .*"full_attention" or "sliding_attention"/,
    ],
    ['gemma2', { use_bidirectional_attention: true }, /`use_bidirectional_attention` is true; it must be false/],
    ['gemma3_text', { attn_logit_softcapping: 50 }, /`attn_logit_softcapping` is 50; it must be absent/],
    ['gpt2', { scale_attn_by_inverse_layer_idx: true }, /`scale_attn_by_inverse_layer_idx` is true; it must be false/],
    [
      'phi3',
      { rope_scaling: { type: 'longrope', short_factor: [1], long_factor: [1] } },
      /`rope_scaling\.short_factor` is \[1\]; it must be a list of 4/,
    ],
  ])('%s with %j', (model_type, options, sentence) => {
    expect(() => parse({ model_type, ...options })).toThrow(sentence);
  });
});

describe('activations in float32', () => {
  let executor: Executor;
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
  });
  afterAll(() => executor.close());

  const points = Float32Array.of(-3e38, -1e20, -1e10, -1000, -100, 0, 100, 1000, 1e10, 1e20, 3e38);
  it.each(activationNames)('%s and its gradient stay finite at large inputs, and reach their limits', async (name) => {
    const g = new Builder();
    const x = g.input('x', 'float32', [points.length]);
    const y = activations[name](g, x);
    const [dx] = buildGradient(g, new Map([[y, g.constant(1, [points.length])]]), [x]);
    const program = await executor.compile({ name, inputs: { x }, outputs: { y, dx: dx as typeof x } });
    const outputs = await executor.run(program, { x: executor.upload(points, [points.length]) });
    const [values, slopes] = await Promise.all([executor.read(outputs.y), executor.read(outputs.dx)]);
    points.forEach((point, i) => {
      const positive = point > 0 ? 1 : 0;
      expect(Math.abs((values?.[i] as number) - positive * point), `${name}(${point})`).toBeLessThanOrEqual(
        1e-5 * positive * point + 1e-30,
      );
      expect(slopes?.[i], `${name}'(${point})`).toBeCloseTo(point === 0 ? 0.5 : positive, 5);
    });
  });
});
