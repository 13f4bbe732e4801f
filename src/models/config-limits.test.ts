/** @file Every number of config.json has a least and a most, and no config beyond them costs time or memory. */
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { configLimits, maxLayers, maxVocabulary, type LimitedKey } from './config-limits';
import { ConfigReader } from './config-reader';
import { findArchitecture } from './registry';

const keys = Object.keys(configLimits) as LimitedKey[];

const llama = {
  ...{ model_type: 'llama', hidden_size: 64, num_attention_heads: 4, num_key_value_heads: 2, num_hidden_layers: 2 },
  ...{ intermediate_size: 128, vocab_size: 500, max_position_embeddings: 512, rms_norm_eps: 1e-5 },
};
const parse = (change: Record<string, unknown>) => {
  const config = { ...llama, ...change };
  return findArchitecture(config).parseConfig(config);
};

describe('the limits', () => {
  it.each(keys)('%s is read up to them and refused beyond, with the value and both', (key) => {
    const { least, most } = configLimits[key];
    const read = (value: unknown) => new ConfigReader({ [key]: value }).number(key);
    expect([read(least), read(most)]).toEqual([least, most]);
    for (const value of [most * 1.01, least - 1, 1e308, -1e308])
      expect(() => read(value)).toThrow(
        `config.json: \`${key}\` is ${value}; it must be from ${least} to ${most}, which no published model leaves.`,
      );
    for (const value of [NaN, Infinity, '3', [1], { a: 1 }, true])
      expect(() => read(value)).toThrow(/it must be a number\.$/);
  });

  it('are those of what transformers takes only where the file speaks', () => {
    expect(new ConfigReader({}).number('factor', 1e-9)).toBe(1e-9);
    expect(() => new ConfigReader({}).number('factor', Infinity)).toThrow(/`factor` is missing; it must be a number/);
  });
});

describe('a config beyond them', () => {
  it.each([
    [{ head_dim: 1e9 }, /`head_dim` is 1000000000; it must be from 1 to 4096/],
    [{ num_hidden_layers: 1e9 }, `\`num_hidden_layers\` is 1000000000; it must be from 1 to ${maxLayers}`],
    [{ vocab_size: 1e308 }, `\`vocab_size\` is 1e+308; it must be from 1 to ${maxVocabulary}`],
    [{ num_key_value_heads: 3 }, /a divisor of 4/],
    [{ num_attention_heads: 5, num_key_value_heads: 5 }, /`head_dim` is missing; it must be a whole number/],
    [{ rope_scaling: { rope_type: 'yarn', factor: 1e300 } }, /`rope_scaling.factor` is 1e\+300/],
    [{ rope_theta: 1, rope_scaling: { rope_type: 'yarn', factor: 4 } }, /`rope_theta` is 1; it must be from 1.001/],
    [
      { rope_scaling: { rope_type: 'longrope', short_factor: [1], long_factor: [1e-300] } },
      /a list of 8 numbers from 0\.000001 to 1000000/,
    ],
    [{ model_type: ['x'.repeat(1e6)] }, /^config\.json has the `model_type` \["x{78}\.\.\., which is not/],
  ] as const)('%j is refused in a sentence, at once', (change, sentence) => {
    expect(() => parse(change)).toThrow(UserError);
    expect(() => parse(change)).toThrow(sentence);
  });
});
