/**
 * @file PPO against TRL 1.12's PPOTrainer on the same answers (fixtures/golden/tiny-llama/ppo*, made by
 * tools/make_ppo_golden.py): divergence, rewards, both losses and their clipping, gradient norm, and what training
 * moved in adapter and value head.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LoadedModel } from '../engine/loaded-model';
import type { LoraAdapter } from '../formats/peft';
import { parseRunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { EncodedPair } from '../text/encode-pair';
import { jsonLines, namedTensors, openGolden, readTensors, relativeL2 } from './golden-case';
import type { Answering, DrawnAnswer } from './rollouts';
import { train } from './trainer';

interface RolloutRow {
  prompt_ids: number[];
  completion_ids: number[];
  reward: number;
}

/** tiny-llama's end-of-sequence token. */
const eos = 3;

const runs = readdirSync('fixtures/golden/tiny-llama').filter((name) => name.startsWith('ppo'));

describe('PPO against TRL', () => {
  let executor: Executor;
  let opened: { golden: string; model: LoadedModel; adapter: LoraAdapter; pairs: EncodedPair[] };
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
    opened = await openGolden('tiny-llama', 'fixtures/tiny-llama', executor);
  });
  afterAll(() => executor.close());

  /** Hands out the answers that TRL drew, in its order, and checks that they answer what is asked. */
  function replay(rows: readonly RolloutRow[], prompts: readonly EncodedPair[]): Answering {
    let next = 0;
    return (asked) => {
      const drawn = asked.map(({ prompt }): DrawnAnswer => {
        const row = rows[next++] as RolloutRow;
        expect(row.prompt_ids).toEqual(prompts[prompt]?.promptIds);
        const { completion_ids: ids, reward } = row;
        return { ids, reward, text: '', isEnded: ids.at(-1) === eos };
      });
      return Promise.resolve(drawn);
    };
  }

  it.each(runs)('follows the run %s', async (run) => {
    const { golden, model, adapter, pairs } = opened;
    const config = parseRunConfig(parse(readFileSync(join(golden, run, 'config.yaml'), 'utf8')), run);
    const prompts = pairs.slice(0, 9);
    const expected = jsonLines<StepMetrics>(join(golden, run, 'metrics.jsonl'));
    const result = await train(model, {
      config,
      pairs: prompts,
      answering: replay(jsonLines<RolloutRow>(join(golden, run, 'rollouts.jsonl')), prompts),
      initAdapter: adapter,
    });
    expect(result.metrics).toHaveLength(expected.length);
    expected.forEach((wanted, i) => {
      const seen = result.metrics[i] as StepMetrics;
      for (const [name, value] of Object.entries(wanted) as [keyof StepMetrics, number][]) {
        const bound = name === 'grad_norm' ? 1e-4 + 1e-3 * value : 2e-5 * (1 + Math.abs(value));
        expect(
          Math.abs((seen[name] as number) - value),
          `${name} at step ${i + 1}: ${seen[name]}, ${value}`,
        ).toBeLessThan(bound);
      }
      const { vf_coef } = config;
      const loss = (seen['loss/policy_avg'] ?? NaN) + vf_coef * (seen['loss/value_avg'] ?? NaN);
      expect(seen.loss).toBeCloseTo(loss, 10);
    });
    const [start, moved] = [namedTensors(adapter), namedTensors(result.adapter)];
    for (const [tensor, values] of await readTensors(join(golden, run, 'adapter_model.safetensors'))) {
      const move = (to: Float32Array): Float32Array =>
        to.map((value, at) => value - (start.get(tensor)?.[at] as number));
      expect(relativeL2(move(moved.get(tensor) as Float32Array), move(values)), tensor).toBeLessThan(1e-4);
    }
    const head = await readTensors(join(golden, run, 'value_head.safetensors'));
    const [weight, bias] = [head.get('weight') as Float32Array, head.get('bias') as Float32Array];
    expect(relativeL2(result.valueHead as Float32Array, Float32Array.of(...weight, ...bias))).toBeLessThan(1e-4);
  });
});
