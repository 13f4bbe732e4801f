/**
 * @file RLOO and online DPO against TRL's RLOOTrainer and OnlineDPOTrainer on the same answers
 * (fixtures/golden/tiny-llama/rloo*, made by tools/make_rloo_golden.py, and online-dpo*, by
 * tools/make_online_dpo_golden.py): KL, advantages, clipping, which answer is the better one, loss, gradient norm and
 * what training moved.
 */
import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { expectMetrics, expectMoves, repeatOnAnswers } from './golden-answers';
import { openGolden } from './golden-case';

const runs = readdirSync('fixtures/golden/tiny-llama').filter((name) => /^(rloo|online-dpo)/.test(name));

/** What Airlock logs by RLOOTrainer's names, as OnlineDPOTrainer does: whole answers, penalties already taken off. */
function asOnlineDpo(metrics: StepMetrics, { missing_eos_penalty }: RunConfig): Record<string, number> {
  const { kl = NaN, reward = NaN, 'completions/mean_length': length = NaN } = metrics;
  const cut = metrics['completions/clipped_ratio'] ?? NaN;
  return {
    'objective/kl': kl * length,
    'objective/entropy': (metrics['completions/mean_surprise'] ?? NaN) * length,
    'objective/scores': reward - (missing_eos_penalty ?? 0) * cut,
    'val/contain_eos_token': 1 - cut,
  };
}

describe('methods that draw answers, against TRL', () => {
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
      const metrics = result.metrics[i] as StepMetrics;
      const seen: StepMetrics = { ...asOnlineDpo(metrics, config), ...metrics };
      expectMetrics(seen, wanted, 1e-2);
      // What belongs to answers is told where they are drawn, and nowhere else.
      if (config.method === 'rloo') expect(seen.reward === undefined).toBe(wanted.reward === undefined);
    });
    await expectMoves(opened.adapter, result.adapter, directory);
  });
});
