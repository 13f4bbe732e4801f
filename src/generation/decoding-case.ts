/**
 * @file Three sequences on a tiny random model, decoded together and each alone, for the tests that hold one against
 * the other on every device. One has the base, two an adapter; the third takes the place of the first that ends.
 */
import type { Precision } from '../core/dtype';
import { Random } from '../core/random';
import type { DeviceAdapter } from '../engine/device-adapter';
import { wrapAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import { buildRandomModel } from '../engine/random-model';
import { layoutLora, linearNames } from '../models/lora';
import type { Executor } from '../runtime/executor';
import { DecodeEngine } from './decode-engine';
import type { BatchedToken, DecodingRequest } from './decoder';
import { generateBatch } from './decoder';

/** An adapter on all linears, the same on every device. */
function drawAdapter({ shape, blocks, executor }: LoadedModel): DeviceAdapter {
  const { architecture, config } = shape;
  const target_modules = linearNames(architecture, config);
  const layout = layoutLora(architecture, config, { r: 3, lora_alpha: 5, target_modules });
  const random = new Random(5);
  return wrapAdapter(
    layout,
    blocks.map(() => {
      const flat = Float32Array.from({ length: layout.size }, () => 0.1 * random.normal());
      return executor.upload(flat, [layout.size]);
    }),
  );
}

export interface DecodingCase {
  /** The tokens of each sequence. */
  readonly together: readonly (readonly BatchedToken[])[];
  readonly alone: readonly (readonly BatchedToken[])[];
  /** Bytes that decoding left on the device. */
  readonly leftBytes: number;
}

export async function runDecodingCase(executor: Executor, precision: Precision = 'float32'): Promise<DecodingCase> {
  const model = await buildRandomModel('tiny', executor, 1, precision);
  const engine = new DecodeEngine(model);
  const adapter = drawAdapter(model);
  const requests = [3, 37, 1].map((length, i): DecodingRequest => ({
    adapter: i % 2 === 0 ? adapter : null,
    promptIds: Array.from({ length }, (_, at) => 5 + ((at * 7 + i) % 200)),
    maxNewTokens: [5, 2, 4][i] as number,
    temperature: 0,
    topK: 0,
    topP: 1,
    seed: i,
    stopIds: [],
  }));
  const collect = async (some: readonly DecodingRequest[]): Promise<BatchedToken[][]> => {
    const tokens = some.map((): BatchedToken[] => []);
    for await (const token of generateBatch(engine, some, { atOnce: 2 })) tokens[token.request]?.push(token);
    return tokens;
  };
  const before = executor.memory().deviceBytes;
  const together = await collect(requests);
  const alone = [];
  for (const request of requests) alone.push(...(await collect([request])));
  const leftBytes = executor.memory().deviceBytes - before;
  await engine.dispose();
  adapter.dispose();
  model.dispose();
  return { together, alone, leftBytes };
}

/** The largest difference between two sets of log-probs; infinite where the tokens are not the same. */
export function largestDifference(a: DecodingCase['together'], b: DecodingCase['together']): number {
  const pairs = a.flatMap((tokens, i) => tokens.map((token, at) => ({ token, other: b[i]?.[at] })));
  if (a.flat().length !== b.flat().length) return Infinity;
  return Math.max(
    ...pairs.map(({ token, other }) => (token.id === other?.id ? Math.abs(token.logp - other.logp) : Infinity)),
  );
}
