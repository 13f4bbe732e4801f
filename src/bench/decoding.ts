/**
 * @file How fast a model decodes: one sequence, and many together, in turns, because a shared machine has bad moments.
 */
import { Random } from '../core/random';
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

/** Turns of which the best counts. */
const turns = 3;

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
  /** Seconds until every sequence has its first token, and of all others. */
  const timesOf = async (count: number): Promise<readonly [number, number]> => {
    const started = performance.now();
    let [tokens, first, last] = [0, 0, 0];
    const decoded = generateBatch(engine, requests.slice(0, count), { atOnce: count });
    while (!(await decoded.next()).done) {
      last = performance.now();
      if (++tokens === count) first = last;
    }
    return [(first - started) / 1000, (last - first) / 1000];
  };
  const speed = { prefill: 0, one: 0, together: 0 };
  await timesOf(1);
  if (sequences > 1) await timesOf(sequences);
  for (let turn = 0; turn < turns; turn++) {
    const [prefill, one] = await timesOf(1);
    speed.prefill = Math.max(speed.prefill, promptTokens / prefill);
    speed.one = Math.max(speed.one, newTokens / one);
    if (sequences > 1)
      speed.together = Math.max(speed.together, (sequences * newTokens) / (await timesOf(sequences))[1]);
  }
  await engine.dispose();
  return { ...speed, together: sequences > 1 ? speed.together : null };
}
