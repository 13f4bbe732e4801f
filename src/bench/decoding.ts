/**
 * @file How fast a model decodes: one sequence, and many together, in turns, because a shared machine has bad moments.
 */
import { Random } from '../core/random';
import { sumOf } from '../core/statistics';
import type { LoadedModel } from '../engine/loaded-model';
import { DecodeEngine } from '../generation/decode-engine';
import { generateBatch } from '../generation/decoder';

export interface DecodingSpeed {
  /** Prompt tokens a second, of one sequence. */
  readonly prefill: number;
  /** New tokens a second, prompts not counted. */
  readonly one: number;
  /** The same of all sequences together; null where there is one. */
  readonly together: number | null;
}

/** Turns; of each step that all of them take the best counts. */
const turns = 4;

/** Seconds until every sequence has its first token, and of each step after it. */
interface Times {
  first: number;
  steps: number[];
}

/** Takes what another turn did faster into the best times. */
function keepBest(best: Times, { first, steps }: Times): void {
  best.first = Math.min(best.first, first);
  best.steps = steps.map((seconds, i) => Math.min(seconds, best.steps[i] ?? Infinity));
}

/** Decodes greedily without an adapter, once to compile and then in turns. */
export async function measureDecoding(
  model: LoadedModel,
  { promptTokens, newTokens, sequences }: { promptTokens: number; newTokens: number; sequences: number },
): Promise<DecodingSpeed> {
  const engine = new DecodeEngine(model);
  const random = new Random(1);
  const { vocabularySize } = model.shape.config;
  const requests = Array.from({ length: sequences }, () => ({
    promptIds: Array.from({ length: promptTokens }, () => random.integer(vocabularySize)),
    adapter: null,
    ...{ temperature: 0, topK: 0, topP: 1, seed: 1, stopIds: [], maxNewTokens: newTokens + 1 },
  }));
  const timesOf = async (count: number): Promise<Times> => {
    let [tokens, last] = [0, performance.now()];
    const seconds: number[] = [];
    const decoded = generateBatch(engine, requests.slice(0, count), { atOnce: count });
    while (!(await decoded.next()).done) {
      if (++tokens % count !== 0) continue;
      const now = performance.now();
      seconds.push((now - last) / 1000);
      last = now;
    }
    const [first, ...steps] = seconds as [number, ...number[]];
    return { first, steps };
  };
  const one: Times = { first: Infinity, steps: [] };
  const together: Times = { first: Infinity, steps: [] };
  await timesOf(1);
  if (sequences > 1) await timesOf(sequences);
  for (let turn = 0; turn < turns; turn++) {
    keepBest(one, await timesOf(1));
    if (sequences > 1) keepBest(together, await timesOf(sequences));
  }
  await engine.dispose();
  return {
    prefill: promptTokens / one.first,
    one: newTokens / sumOf(one.steps),
    together: sequences > 1 ? (sequences * newTokens) / sumOf(together.steps) : null,
  };
}
