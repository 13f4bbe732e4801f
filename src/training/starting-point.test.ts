/** @file Step 0 and the chain: what is equal passes, what is not is a sentence with its numbers. */
import { expect, it } from 'vitest';
import type { LoraAdapter } from '../formats/peft';
import type { PairValues } from '../objectives/objective';
import { chooseObjective } from '../run/choose-objective';
import { parseRunConfig } from '../run/config';
import { ancestorsOf, proveStart, sameAdapter } from './starting-point';

type LoraModule = LoraAdapter['modules'] extends ReadonlyMap<string, infer Module> ? Module : never;

const adapter = (value: number, lora_alpha = 4): LoraAdapter => ({
  ...{
    r: 2,
    lora_alpha,
    target_modules: ['q_proj'],
    fan_in_fan_out: false,
    base_model_name_or_path: null,
    layers_to_transform: null,
  },
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
  for (const settings of [{ loss_type: 'ipo' }, { loss_type: ['sigmoid', 'sft'] }, { loss_weights: [2] }])
    expect(start(settings, 0).expectedLoss, JSON.stringify(settings)).toBeNull();
});

it('tells the means over the pairs, and no rewards where a loss has none', () => {
  const logps = { chosen: Float64Array.of(-20), rejected: Float64Array.of(-10) };
  const pair = (loss: number, rewards: PairValues | null) => ({
    policy: logps,
    reference: logps,
    outcome: { loss, chosen: logps.chosen, rejected: logps.rejected, rewards },
  });
  const config = parseRunConfig({});
  const two = [pair(0.5, { chosen: 1, rejected: 3 }), pair(0.7, { chosen: 2, rejected: 5 })];
  expect(proveStart(config, two)).toMatchObject({ loss: 0.6, rewards: { chosen: 1.5, rejected: 4 } });
  expect(proveStart(config, [...two, pair(0.6, null)]).rewards).toBeNull();
});

it('allows long answers a hundred-thousandth of their nats', () => {
  const at = (nats: number, shift: number) => {
    const reference = { chosen: Float64Array.of(nats), rejected: Float64Array.of(-1) };
    const policy = { ...reference, chosen: Float64Array.of(nats + shift) };
    const outcome = { loss: 0, ...reference, rewards: null };
    return () => proveStart(parseRunConfig({}), [{ policy, reference, outcome }]);
  };
  expect(at(-2000, 0.02)().rewards).toBeNull();
  expect(at(-2000, 0.022)).toThrow('was not started');
  expect(at(-0.5, 0.0011)).toThrow('was not started');
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
  const { q_proj } = Object.fromEntries(adapter(2).modules) as { q_proj: LoraModule };
  const over = (modules: Record<string, LoraModule>): LoraAdapter => ({
    ...adapter(2),
    modules: new Map(Object.entries(modules)),
  });
  expect(sameAdapter(adapter(2), over({ k_proj: q_proj }))).toBe(false);
  const two = over({ q_proj, k_proj: q_proj });
  expect([sameAdapter(adapter(2), two), sameAdapter(two, adapter(2)), sameAdapter(two, two)]).toEqual([
    false,
    false,
    true,
  ]);
  const other = { ...q_proj, B: { ...q_proj.B, data: Float32Array.of(0, 4) } };
  expect(sameAdapter(two, over({ q_proj, k_proj: other }))).toBe(false);
  const longer = { ...q_proj, A: { shape: [2, 2] as const, data: Float32Array.of(1, 2, 0, 0) } };
  expect(sameAdapter(adapter(2), over({ q_proj: longer }))).toBe(false);
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
