/**
 * @file PPO against TRL 1.12's PPOTrainer on the same answers (fixtures/golden/tiny-llama/ppo*, made by
 * tools/make_ppo_golden.py): divergence, rewards, both losses and their clipping, gradient norm, and what training
 * moved in adapter and value head.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StepMetrics } from '../run/metrics';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { expectMetrics, expectMoves, repeatOnAnswers } from './golden-answers';
import { openGolden, readTensors, relativeL2 } from './golden-case';

const runs = readdirSync('fixtures/golden/tiny-llama').filter((name) => name.startsWith('ppo'));

describe('PPO against TRL', () => {
  let executor: Executor;
  let opened: Awaited<ReturnType<typeof openGolden>>;
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
    opened = await openGolden('tiny-llama', 'fixtures/tiny-llama', executor);
  });
  afterAll(() => executor.close());

  it.each(runs)('follows the run %s', async (run) => {
    const { directory, config, result, expected } = await repeatOnAnswers(opened, run);
    expected.forEach((wanted, i) => {
      const seen = result.metrics[i] as StepMetrics;
      expectMetrics(seen, wanted, 1e-3);
      const { vf_coef } = config;
      const loss = (seen['loss/policy_avg'] ?? NaN) + vf_coef * (seen['loss/value_avg'] ?? NaN);
      expect(seen.loss).toBeCloseTo(loss, 10);
    });
    await expectMoves(opened.adapter, result.adapter, directory);
    const head = await readTensors(join(directory, 'value_head.safetensors'));
    const [weight, bias] = [head.get('weight') as Float32Array, head.get('bias') as Float32Array];
    expect(relativeL2(result.valueHead as Float32Array, Float32Array.of(...weight, ...bias))).toBeLessThan(1e-4);
  });
});
