/**
 * @file Checkpoints whose config and tensors do not match in the usual way, and ropes that the tiny models lack,
 * against transformers: fixtures/golden/checkpoints.json, made by tools/make_checkpoint_golden.py.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadModel } from '../engine/loaded-model';
import { describeShape } from '../engine/stored-weights';
import { countParameters } from '../engine/weight-list';
import { bytesSource } from '../formats/byte-source';
import type { ModelCheckpoint } from '../formats/checkpoint';
import { openCheckpoint } from '../formats/checkpoint';
import { readSafetensorsHeader, readTensorAsFloat32, writeSafetensors } from '../formats/safetensors';
import { sentenceOf } from '../messages/message';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { TokenRow } from './golden-case';
import { completions, directory, encode, json, sum } from './golden-case';
import { RowRunner } from './row-runner';
import { computeLogps } from './trainer';

type Head = 'only' | 'lost' | 'copy' | 'other' | null;
interface Case {
  name: string;
  model: string;
  config: Record<string, unknown>;
  head: Head;
  logps: [chosen: number, rejected: number][];
}

const golden = json('fixtures/golden/checkpoints.json') as { checkpoints: Case[] };
const bytesOf = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** Does to the output projection what the golden script did. */
function changeHead<T extends { name: string; data: Float32Array; shape: readonly number[] }>(
  tensors: T[],
  head: Head,
): T[] {
  const table = tensors.find(({ name }) => /(embed_tokens|embed_in|wte)\.weight$/.test(name));
  if (head === null || !table) return tensors;
  const width = table.shape[1] as number;
  const rows = Array.from({ length: table.shape[0] as number }, (_, i) =>
    table.data.subarray(i * width, (i + 1) * width),
  );
  const data = head === 'other' ? Float32Array.from(rows.reverse().flatMap((row) => [...row])) : table.data;
  const kept = tensors.filter(
    (tensor) =>
      !(tensor === table && (head === 'only' || head === 'lost')) &&
      (head === 'lost' || tensor.name !== 'lm_head.weight'),
  );
  return head === 'lost' ? kept : [...kept, { ...table, name: 'lm_head.weight', data }];
}

/** Opens a tiny model with a case's changes. */
async function openChanged({ name, model, config, head }: Pick<Case, 'name' | 'model' | 'config' | 'head'>) {
  const files = new Map(directory(join('fixtures', model)));
  const whole = { ...(json(join('fixtures', model, 'config.json')) as Record<string, unknown>), ...config };
  files.set('config.json', bytesSource('config.json', bytesOf(whole)));
  const source = files.get('model.safetensors');
  if (!source) throw new Error(model);
  const tensors = [];
  for (const info of (await readSafetensorsHeader(source)).tensors.values())
    tensors.push({ name: info.name, shape: info.shape, data: await readTensorAsFloat32(source, info) });
  const weights = writeSafetensors(changeHead(tensors, head), { format: 'pt' });
  files.set('model.safetensors', bytesSource('model.safetensors', weights));
  return openCheckpoint(name, files);
}

const pairsOf = (model: string, count: number) => {
  const own = join('fixtures/golden', model, 'tokens.json');
  const tokens = json(existsSync(own) ? own : 'fixtures/golden/tiny-llama/tokens.json') as { pairs: TokenRow[] };
  return encode(tokens.pairs.slice(0, count));
};

let executor: Executor;
beforeAll(async () => {
  executor = await openWasmExecutor({ threads: 1, assets: null });
});
afterAll(() => executor.close());

async function logpsOf(checkpoint: ModelCheckpoint, model: string, count: number) {
  const loaded = await loadModel(checkpoint, executor);
  const runner = new RowRunner(loaded);
  const logps = await computeLogps(runner, pairsOf(model, count).map(completions), null);
  await runner.dispose();
  loaded.dispose();
  return { loaded, logps: logps.map(({ chosen, rejected }) => [sum(chosen), sum(rejected)]) };
}

describe('log-probs equal those of transformers within 1e-3 nats', () => {
  it.each(golden.checkpoints)('$model: $name', async ({ logps: expected, ...changed }) => {
    const { logps } = await logpsOf(await openChanged(changed), changed.model, expected.length);
    expected.flat().forEach((value, i) => expect(Math.abs((logps.flat()[i] as number) - value)).toBeLessThan(1e-3));
  });
});

describe('whether the output projection is the embedding', () => {
  const tied = { name: 'tiny', model: 'tiny-llama', config: { tie_word_embeddings: true } };

  it('is decided by the files; a warning says where config.json is wrong', async () => {
    const { loaded } = await logpsOf(await openChanged({ ...tied, head: null }), 'tiny-llama', 1);
    expect(loaded.shape.config.tiedEmbeddings).toBe(false);
    expect(loaded.warnings.map((warning) => sentenceOf(warning))).toEqual([
      expect.stringMatching(/ties the output projection .* hold another one, lm_head\.weight; it is used/),
    ]);
  });

  it.each<Head>(['copy', 'only', 'lost'])('a head that is the table (%s) is held once', async (head) => {
    const { loaded } = await logpsOf(await openChanged({ ...tied, head }), 'tiny-llama', 1);
    expect([loaded.shape.config.tiedEmbeddings, loaded.warnings]).toEqual([true, []]);
    const untied = await describeShape(await openChanged({ ...tied, head: null }));
    expect(countParameters(untied) - loaded.parameters).toBe(384 * 48);
  });

  it('weights that lack both, or a head that is not tied, are refused', async () => {
    const lost = await openChanged({ ...tied, head: 'lost', config: { tie_word_embeddings: false } });
    await expect(loadModel(lost, executor)).rejects.toThrow(/lack 'model\.embed_tokens\.weight', which config\.json/);
  });
});
