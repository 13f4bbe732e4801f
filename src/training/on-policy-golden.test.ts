/**
 * @file RLOO and online DPO against TRL's RLOOTrainer and OnlineDPOTrainer on the same answers
 * (fixtures/golden/tiny-llama/rloo*, made by tools/make_rloo_golden.py, and online-dpo*, by
 * tools/make_online_dpo_golden.py): KL, advantages, clipping, which answer is the better one, loss, gradient norm and
 * what training moved.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { LoadedModel } from '../engine/loaded-model';
import type { LoraAdapter } from '../formats/peft';
import { parseRunConfig, type RunConfig } from '../run/config';
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
  reward: number | null;
}

/** tiny-llama's end-of-sequence token. */
const eos = 3;

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
    const config: RunConfig = parseRunConfig(parse(readFileSync(join(golden, run, 'config.yaml'), 'utf8')), run);
    const prompts = pairs.slice(0, 9);
    const expected = jsonLines<StepMetrics>(join(golden, run, 'metrics.jsonl'));
    const { metrics, adapter: trained } = await train(model, {
      config,
      pairs: prompts,
      answering: replay(jsonLines<RolloutRow>(join(golden, run, 'rollouts.jsonl')), prompts),
      initAdapter: adapter,
    });
    expect(metrics).toHaveLength(expected.length);
    expected.forEach((wanted, i) => {
      const seen = { ...asOnlineDpo(metrics[i] as StepMetrics, config), ...metrics[i] } as StepMetrics;
      for (const [name, value] of Object.entries(wanted) as [keyof StepMetrics, number][]) {
        const bound = name === 'grad_norm' ? 1e-4 + 1e-2 * value : 2e-5 * (1 + Math.abs(value));
        expect(
          Math.abs((seen[name] as number) - value),
          `${name} at step ${i + 1}: ${seen[name]}, ${value}`,
        ).toBeLessThan(bound);
      }
      // What belongs to answers is told where they are drawn, and nowhere else.
      if (config.method === 'rloo') expect(seen.reward === undefined).toBe(wanted.reward === undefined);
    });
    const [start, moved] = [namedTensors(adapter), namedTensors(trained)];
    for (const [tensor, values] of await readTensors(join(golden, run, 'adapter_model.safetensors'))) {
      const move = (to: Float32Array): Float32Array =>
        to.map((value, at) => value - (start.get(tensor)?.[at] as number));
      expect(relativeL2(move(moved.get(tensor) as Float32Array), move(values)), tensor).toBeLessThan(1e-4);
    }
  });
});
