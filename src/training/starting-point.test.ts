/** @file Step 0 and the chain: what is equal passes, what is not is a sentence with its numbers. */
import { expect, it } from 'vitest';
import type { LoraAdapter } from '../formats/peft';
import { chooseObjective } from '../run/choose-objective';
import { parseRunConfig } from '../run/config';
import { ancestorsOf, proveStart, sameAdapter } from './starting-point';

const adapter = (value: number, lora_alpha = 4): LoraAdapter => ({
  ...{ r: 2, lora_alpha, target_modules: ['q_proj'], fan_in_fan_out: false, base_model_name_or_path: null },
  modules: new Map([
    [
      'q_proj',
      { A: { shape: [2, 1], data: Float32Array.of(1, value) }, B: { shape: [1, 2], data: Float32Array.of(0, 3) } },
    ],
  ]),
});

const start = (settings: Record<string, unknown>, shift: number) => {
  const config = parseRunConfig(settings);
  const reference = { chosen: Float64Array.of(-20, -30), rejected: Float64Array.of(-10) };
  const policy = { ...reference, chosen: Float64Array.of(-20 + shift, -30) };
  const outcome = chooseObjective(config).objective.evaluate(policy, reference, config, { pairs: 1, chosenTokens: 2 });
  return proveStart(config, [{ policy, reference, outcome }]);
};

it('shows ln 2 and no rewards where the policy is its reference, within what float32 rounds', () => {
  expect(start({}, 0)).toEqual({ loss: Math.LN2, expectedLoss: Math.LN2, rewards: { chosen: 0, rejected: 0 } });
  expect(start({ label_smoothing: 0.1 }, 0).loss).toBeCloseTo(Math.LN2, 12);
  expect(start({}, 0.001).loss).toBeCloseTo(Math.LN2, 4);
  expect(start({ loss_type: 'ipo' }, 0).expectedLoss).toBeNull();
});

it('refuses to train where the two differ', () => {
  expect(() => start({}, 0.01)).toThrow(
    /the loss ln 2 = 0\.693147; here the loss is 0\.692647 and a chosen answer has -49\.9900 nats under the policy and -50\.0000 under the reference\. Training was not started/,
  );
  expect(() => start({ loss_type: 'ipo' }, Number.NaN)).toThrow(/rewards must be 0; here/);
});

it('knows the same adapter by its numbers', () => {
  expect(sameAdapter(adapter(2), adapter(2))).toBe(true);
  expect(sameAdapter(adapter(2), adapter(2.5))).toBe(false);
  expect(sameAdapter(adapter(2), adapter(2, 8))).toBe(false);
});

it('appends an adapter to the chain behind it', () => {
  const continued = {
    ...adapter(1),
    lineage: { base_fingerprint: 'ab', ancestors: ['sft-1'], base_precision: 'float32' as const },
  };
  expect(ancestorsOf(null, 'x')).toEqual([]);
  expect(ancestorsOf(adapter(1), 'peft')).toEqual(['peft']);
  expect(ancestorsOf(continued, 'dpo-1')).toEqual(['sft-1', 'dpo-1']);
});
