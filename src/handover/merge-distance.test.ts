/**
 * @file How far merging moves the canaries, told without opening the merged model, beside what the merged files opened
 * as a model of their own give. The base is one of bfloat16, so that rounding has something to move.
 */
import { describe, expect, it } from 'vitest';
import { openModel, type OpenedModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import { openCheckpoint, type Directory } from '../formats/checkpoint';
import { readPeftAdapter, type LoraAdapter } from '../formats/peft';
import { DecodeEngine } from '../generation/decode-engine';
import { scaleLora } from '../models/lora';
import { openWasmExecutor } from '../runtime/ort';
import { makeCanaries, sayMoved, scoreCanaries } from './canaries';
import { sayMergeMoved } from './merge-distance';
import { mergeCheckpoint, type MergeRequest } from './merged-checkpoint';
import { filesOf } from './open-tiny-llama';

/** The files of a merged checkpoint, in memory. */
async function merged(directory: Directory, request: MergeRequest): Promise<Directory> {
  const { files } = await mergeCheckpoint(directory, request);
  const written = new Map<string, ReturnType<typeof bytesSource>>();
  for (const { path, pieces } of files) {
    const parts: Uint8Array[] = [];
    for await (const part of pieces()) parts.push(part.slice());
    written.set(path, bytesSource(path, Buffer.concat(parts)));
  }
  return written;
}

describe.each(['tiny-llama', 'tiny-gpt2'])('a merge of %s', (name) => {
  async function withBase(
    precision: 'float32' | 'float16',
    use: (at: {
      readonly base: OpenedModel;
      readonly files: Directory;
      readonly request: MergeRequest;
      readonly canaries: string;
      readonly open: (files: Directory) => Promise<OpenedModel>;
    }) => Promise<void>,
  ): Promise<void> {
    const executor = await openWasmExecutor({ threads: 1, assets: null });
    const decodings: DecodeEngine[] = [];
    try {
      const original = filesOf(`fixtures/${name}`);
      const found = await readPeftAdapter(filesOf(`fixtures/golden/${name}/init-adapter`));
      const adapter: LoraAdapter = scaleLora(found, 4);
      const plain = await openModel(name, original, executor);
      const { shape } = plain.model;
      // An adapter of nothing: the same weights in bfloat16.
      const files = await merged(original, {
        ...{ checkpoint: await openCheckpoint(name, original), shape, dtype: 'BF16' },
        adapter: scaleLora(found, 0),
      });
      const base = await openModel(name, files, executor, { precision });
      const decoding = new DecodeEngine(base.model);
      decodings.push(decoding);
      const made = await makeCanaries({ opened: base, decoding }, { adapter, count: 4, pairs: null });
      const request = { checkpoint: await openCheckpoint(name, files), shape, adapter, dtype: null };
      const open = (other: Directory) => openModel('merged', other, executor);
      await use({ base, files, request, canaries: made.text, open });
    } finally {
      for (const decoding of decodings) await decoding.dispose();
      await executor.close();
    }
  }

  it.each([null, 'F32', 'F16', 'BF16'] as const)(
    'lies as far off as the merged files do, opened as a model of their own, in dtype %s',
    (dtype) =>
      withBase('float32', async ({ base, files, request: own, canaries, open }) => {
        const request = { ...own, dtype };
        const opened = await open(await merged(files, request));
        const wanted = await scoreCanaries(opened, canaries);
        const seen: (readonly [number, number])[] = [];
        const told = await sayMergeMoved(base.model, request, canaries, (...at) => seen.push(at));
        expect(told).toEqual(sayMoved(wanted));
        // Rounding to 8 bits moves them, and far less than the adapter does; float32 keeps them.
        const { difference } = JSON.parse(canaries) as { difference: { mean: number } };
        expect(wanted.mean).toBeLessThan(difference.mean / 4);
        if (dtype === null || dtype === 'BF16') expect(wanted.mean).toBeGreaterThan(1e-4);
        if (dtype === 'F32') expect(wanted.mean).toBeLessThan(1e-5);
        const layers = base.model.blocks.length;
        expect(seen.at(-1)).toEqual([layers, layers]);
      }),
  );

  it('rounds the tables of tokens too, where the dtype changes them', async () => {
    const executor = await openWasmExecutor({ threads: 1, assets: null });
    const files = filesOf(`fixtures/${name}`);
    const base = await openModel(name, files, executor);
    const found = await readPeftAdapter(filesOf(`fixtures/golden/${name}/init-adapter`));
    const decoding = new DecodeEngine(base.model);
    const made = await makeCanaries({ opened: base, decoding }, { adapter: found, count: 4, pairs: null });
    const request = {
      ...{ checkpoint: await openCheckpoint(name, files), shape: base.model.shape },
      ...{ adapter: found, dtype: 'BF16' as const },
    };
    const opened = await openModel('merged', await merged(files, request), executor);
    const wanted = await scoreCanaries(opened, made.text);
    expect(wanted.mean).toBeGreaterThan(1e-4);
    expect(await sayMergeMoved(base.model, request, made.text)).toEqual(sayMoved(wanted));
    // The base is as it was.
    const { mean } = await scoreCanaries(base, made.text);
    const { difference } = JSON.parse(made.text) as { difference: { mean: number } };
    expect(mean).toBeCloseTo(difference.mean, 5);
    await decoding.dispose();
    await executor.close();
  });

  it('stops when told to', () =>
    withBase('float32', async ({ base, request, canaries }) => {
      const controller = new AbortController();
      const stopped = sayMergeMoved(base.model, { ...request, signal: controller.signal }, canaries, () =>
        controller.abort(),
      );
      await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
    }));

  it('is not known where the base is held in fewer bits', () =>
    withBase('float16', async ({ base, request, canaries }) => {
      expect(await sayMergeMoved(base.model, request, canaries)).toMatchObject({ code: 'mergeMoveHeldIn' });
    }));
});
