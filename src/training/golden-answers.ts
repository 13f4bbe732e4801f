/**
 * @file Repeats a golden run of a method that draws its answers (fixtures/golden, made by the scripts in tools/), on
 * the answers that TRL drew, and holds it against TRL's. For tests alone.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { parseRunConfig, type RunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import type { EncodedPair } from '../text/encode-pair';
import { jsonLines, moveErrors, type openGolden } from './golden-case';
import type { Answering, DrawnAnswer } from './rollouts';
import { train } from './trainer';

interface RolloutRow {
  prompt_ids: number[];
  completion_ids: number[];
  reward: number | null;
}

/** tiny-llama's end-of-sequence token. */
const eos = 3;

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

/** A run on TRL's answers to its nine prompts, from the initial adapter, and what TRL logged. */
export async function repeatOnAnswers(
  { golden, model, adapter, pairs }: Awaited<ReturnType<typeof openGolden>>,
  run: string,
) {
  const directory = join(golden, run);
  const config: RunConfig = parseRunConfig(parse(readFileSync(join(directory, 'config.yaml'), 'utf8')), run);
  const prompts = pairs.slice(0, 9);
  const result = await train(model, {
    config,
    pairs: prompts,
    answering: replay(jsonLines<RolloutRow>(join(directory, 'rollouts.jsonl')), prompts),
    initAdapter: adapter,
  });
  const expected = jsonLines<StepMetrics>(join(directory, 'metrics.jsonl'));
  expect(result.metrics).toHaveLength(expected.length);
  return { directory, config, result, expected };
}

/**
 * Holds a step's metrics against what TRL logged: to 2e-5, relative above 1.
 * @param gradNorm the relative bound of the gradient's norm, beside 1e-4
 */
export function expectMetrics(seen: StepMetrics, wanted: StepMetrics, gradNorm: number): void {
  for (const [name, value] of Object.entries(wanted) as [keyof StepMetrics, number][]) {
    const bound = name === 'grad_norm' ? 1e-4 + gradNorm * value : 2e-5 * (1 + Math.abs(value));
    expect(
      Math.abs((seen[name] as number) - value),
      `${name} at step ${seen.step}: ${seen[name]}, ${value}`,
    ).toBeLessThan(bound);
  }
}

/** Each tensor moved as TRL's did, to 1e-4 relative L2. */
export async function expectMoves(...of: Parameters<typeof moveErrors>): Promise<void> {
  for (const [tensor, error] of await moveErrors(...of)) expect(error, tensor).toBeLessThan(1e-4);
}
