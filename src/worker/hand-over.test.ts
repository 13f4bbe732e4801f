/**
 * @file The worker hands an adapter over: every format into a folder and into a zip, on the real engine in Node. The
 * folder is one in memory with the browser's interface; in a browser e2e/hand-over.spec.ts writes real ones.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Handlers } from './bridge';
import { openPlace } from './export-place';
import { createHandlers } from './handlers';
import type { AdapterFiles, ExportTarget, HandOverRequest, ModelFile, Progress } from './protocol';
import { parseRunConfig } from '../run/config';
import { zipLimitBytes } from '../run/hand-over';
import { bytesSource } from '../formats/byte-source';
import type { Message } from '../messages/message';
import { readPeftAdapter } from '../formats/peft';
import { makeSigningKey } from '../handover/model-signature';

/** A disk with room for so many bytes. */
class Disk {
  readonly files = new Map<string, Uint8Array>();
  readonly folders = new Set<string>(['']);
  constructor(public room = Infinity) {}

  file(path: string): FileSystemFileHandle {
    return {
      name: path.split('/').at(-1),
      createWritable: () => {
        let parts: Uint8Array[] = [];
        return Promise.resolve({
          write: (bytes: Uint8Array) => {
            this.room -= bytes.length;
            if (this.room < 0) return Promise.reject(new DOMException('No room.', 'QuotaExceededError'));
            parts.push(bytes.slice());
            return Promise.resolve();
          },
          close: () => Promise.resolve(void this.files.set(path, Buffer.concat(parts))),
          abort: () => Promise.resolve(void (parts = [])),
        });
      },
    } as unknown as FileSystemFileHandle;
  }

  folder(path = ''): FileSystemDirectoryHandle {
    const below = (name: string) => (path === '' ? name : `${path}/${name}`);
    const gone = () => Promise.reject(new DOMException('There is none.', 'NotFoundError'));
    return {
      name: path.split('/').at(-1),
      getDirectoryHandle: (name: string, { create = false } = {}) => {
        if (!create && !this.folders.has(below(name))) return gone();
        this.folders.add(below(name));
        return Promise.resolve(this.folder(below(name)));
      },
      getFileHandle: (name: string) => Promise.resolve(this.file(below(name))),
      removeEntry: (name: string) => {
        const isIn = (other: string) => other === below(name) || other.startsWith(`${below(name)}/`);
        for (const other of [...this.files.keys()].filter(isIn)) this.files.delete(other);
        for (const other of [...this.folders].filter(isIn)) this.folders.delete(other);
        return Promise.resolve();
      },
    } as unknown as FileSystemDirectoryHandle;
  }

  get target(): ExportTarget {
    return { kind: 'folder', folder: this.folder() };
  }
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('handing over', () => {
  let handlers: Handlers;
  let adapter: AdapterFiles;
  const context = (signal = new AbortController().signal) => {
    const events: Progress[] = [];
    return { events, signal, report: (event: Progress) => void events.push(event) };
  };
  const request = (changes: Partial<HandOverRequest> = {}): HandOverRequest => ({
    ...{ adapter, server: 'vllm', format: 'peft', maxLoraRank: 16, dtype: null, isFolded: false, texts: [] },
    ...changes,
  });

  beforeAll(async () => {
    handlers = createHandlers({ assets: null, threads: 1 }, () => {});
    await handlers.openDevice({ prefer: 'wasm' }, context());
    const path = 'fixtures/tiny-llama';
    const files: ModelFile[] = readdirSync(path).map((name) => ({
      path: `tiny-llama/${name}`,
      blob: new Blob([readFileSync(join(path, name))]),
    }));
    await handlers.openModel({ name: 'tiny-llama', files }, context());
    const config = {
      method: 'sft' as const,
      max_steps: 1,
      per_device_train_batch_size: 1,
      learning_rate: 1e-3,
      lora_r: 8,
    };
    const pairs = [{ prompt: 'a', chosen: 'b c', rejected: 'd' }];
    const none = { initAdapter: null, refAdapter: null };
    adapter = (await handlers.train({ config, pairs, ...none }, context())).adapter;
  }, 120_000);

  const names = {
    peft: ['README.md', 'SERVE.txt', 'adapter_config.json', 'adapter_model.safetensors'],
    gguf: ['SERVE.txt', 'adapter.gguf'],
    mlx: ['SERVE.txt', 'adapter_config.json', 'adapters.safetensors'],
    merged: ['Modelfile', 'SERVE.txt', ...readdirSync('fixtures/tiny-llama')],
  };

  it.each(['peft', 'gguf', 'mlx', 'merged'] as const)('writes %s with the sums of its files', async (format) => {
    const disk = new Disk();
    const signingKey = await makeSigningKey();
    const given = request({ format, texts: [{ path: 'SERVE.txt', text: 'serve it' }], signingKey });
    const planned = await handlers.planHandOver(given, context());
    const call = context();
    const out = await handlers.handOver({ ...given, name: 'ours', target: disk.target }, call);
    const written = [...disk.files.keys()].sort();
    const closing = ['SHA256SUMS', 'bom.cdx.json', 'model.sig'];
    expect(written).toEqual([...names[format], ...closing].map((name) => `ours/${name}`).sort());
    expect(planned.files.map(({ path }) => path).sort()).toEqual([...names[format]].sort());
    for (const { path, sizeBytes } of planned.files) expect(disk.files.get(`ours/${path}`)?.length).toBe(sizeBytes);
    const sums = disk.files.get('ours/SHA256SUMS') as Uint8Array;
    expect(out.sumsSha256).toBe(sha256(sums));
    const lines = out.files.map(({ path }) => `${sha256(disk.files.get(`ours/${path}`) as Uint8Array)}  ${path}\n`);
    expect(new TextDecoder().decode(sums)).toBe(lines.join(''));
    expect(call.events.at(-1)).toMatchObject({ kind: 'writing', total: out.sizeBytes });
  });

  it('says of a merge with canaries how far it moved them', async () => {
    const disk = new Disk();
    const { texts } = await handlers.canaries({ adapter, count: 2, pairs: null }, context());
    const call = context();
    const given = { ...request({ format: 'merged', texts }), name: 'ours', target: disk.target };
    const { said } = await handlers.handOver(given, call);
    expect(said).toMatchObject([{ code: 'mergeRounded' }, { code: 'mergeMoved' }]);
    // The fixture is of float32, so that rounding moves next to nothing.
    const { mean, tokens } = (said[1] as Message).values;
    expect(Number(mean)).toBeLessThan(1e-4);
    expect(tokens).toBeGreaterThan(10);
    expect(call.events.filter(({ kind }) => kind === 'mergeDistance').at(-1)).toMatchObject({ done: 2, total: 2 });
  });

  it('writes a zip of one folder', async () => {
    const disk = new Disk();
    const target: ExportTarget = { kind: 'zip', file: disk.file('ours.zip') };
    const out = await handlers.handOver({ ...request(), name: 'ours', target }, context());
    const files = unzipSync(disk.files.get('ours.zip') as Uint8Array);
    expect(Object.keys(files).sort()).toEqual(
      [...names.peft, 'SHA256SUMS', 'bom.cdx.json']
        .filter((name) => name !== 'SERVE.txt')
        .map((name) => `ours/${name}`)
        .sort(),
    );
    expect(sha256(files['ours/SHA256SUMS'] as Uint8Array)).toBe(out.sumsSha256);
  });

  it('writes a bundle of the run, and refuses one whose pairs are gone', async () => {
    const config = parseRunConfig({ method: 'sft', max_steps: 1, per_device_train_batch_size: 1, lora_r: 8 });
    const repeated = {
      ...{ config, pairs: [{ prompt: 'a', chosen: 'b c', rejected: 'd' }], precision: 'float32' as const },
      metrics: [{ step: 1, epoch: 1, loss: 2.5, grad_norm: 1, learning_rate: 1e-3 }],
      ...{ initAdapter: null, refAdapter: null },
    };
    const disk = new Disk();
    const given = { ...request({ format: 'bundle' }), name: 'ours', target: disk.target };
    await expect(handlers.handOver(given, context())).rejects.toMatchObject({ code: 'bundleWithoutPairs' });
    await handlers.handOver({ ...given, repeated }, context());
    const text = (path: string) => new TextDecoder().decode(disk.files.get(`ours/${path}`));
    expect(text('pairs.jsonl')).toBe('{"prompt":"a","completion":"b c"}\n');
    expect(JSON.parse(text('expected.json'))).toMatchObject({ losses: [2.5], pairs: [{ chosen_tokens: 3 }] });
    expect(text('SHA256SUMS')).toMatch(/ {2}start\/adapter_model.safetensors\n/);
    const start = new Map([...disk.files].map(([path, bytes]) => [path.replace('ours/start/', ''), bytes]));
    const { modules } = await readPeftAdapter(new Map([...start].map(([path, at]) => [path, bytesSource(path, at)])));
    expect([...modules.values()].every(({ B }) => B.data.every((value) => value === 0))).toBe(true);
  });

  it('takes another name where a folder of that name is there', async () => {
    const disk = new Disk();
    disk.folders.add('ours');
    disk.files.set('ours/mine.txt', Uint8Array.of(1));
    const out = await handlers.handOver({ ...request(), name: 'ours', target: disk.target }, context());
    expect(out.name).toBe('ours-2');
    expect(disk.files.has('ours-2/SHA256SUMS')).toBe(true);
    expect(disk.files.get('ours/mine.txt')).toEqual(Uint8Array.of(1));
  });

  it('refuses what no zip can hold, and takes what just fits', async () => {
    const target: ExportTarget = { kind: 'zip', file: new Disk().file('ours.zip') };
    expect(() => openPlace(target, 'ours', zipLimitBytes + 1)).toThrow(/4 GB at most, and these files are 4\.3 GB/);
    expect(await openPlace(target, 'ours', zipLimitBytes)).toMatchObject({ name: 'ours' });
  });

  it.each(['folder', 'zip'] as const)('leaves nothing in a %s that is full, and says so', async (kind) => {
    const disk = new Disk(3000);
    const target: ExportTarget = kind === 'folder' ? disk.target : { kind, file: disk.file('ours.zip') };
    const writing = handlers.handOver({ ...request({ format: 'merged' }), name: 'ours', target }, context());
    await expect(writing).rejects.toMatchObject({ name: 'UserError', code: 'exportDiskFull' });
    expect([...disk.files.keys(), ...disk.folders]).toEqual(['']);
  });

  it('leaves nothing of an export that is cancelled while it is written', async () => {
    const disk = new Disk();
    const controller = new AbortController();
    const call = { signal: controller.signal, report: () => controller.abort() };
    const writing = handlers.handOver({ ...request({ format: 'merged' }), name: 'ours', target: disk.target }, call);
    await expect(writing).rejects.toMatchObject({ name: 'AbortError' });
    expect([...disk.files.keys(), ...disk.folders]).toEqual(['']);
  });

  it('says what it could not remove', async () => {
    const disk = new Disk(10);
    const folder = { ...disk.folder(), removeEntry: () => Promise.reject(new DOMException('', 'NotAllowedError')) };
    const target: ExportTarget = { kind: 'folder', folder };
    const writing = handlers.handOver({ ...request(), name: 'ours', target }, context());
    await expect(writing).rejects.toMatchObject({ code: 'exportLeft', values: { name: 'ours' } });
  });

  it('finds against the server, and folds the scale where that mends it', async () => {
    const config = JSON.parse(new TextDecoder().decode(adapter['adapter_config.json'])) as object;
    const changed = { ...config, use_rslora: true };
    const rank = (config as { r: number }).r;
    const files = { ...adapter, 'adapter_config.json': new TextEncoder().encode(JSON.stringify(changed)) };
    const rules = async (changes: Partial<HandOverRequest>) =>
      (await handlers.planHandOver(request({ adapter: files, ...changes }), context())).findings.map(
        ({ rule }) => rule,
      );
    expect(Math.sqrt(rank) % 1, 'a scale that is no whole number').not.toBe(0);
    expect(await rules({})).toEqual(['lora_alpha']);
    expect(await rules({ server: 'transformers' })).toEqual([]);
    expect(await rules({ format: 'merged' })).toEqual([]);
    expect(await rules({ isFolded: true })).toEqual([]);
    expect(await rules({ isFolded: true, maxLoraRank: 1 })).toEqual(['max_lora_rank']);
  });

  it('folds the scale without changing the update', async () => {
    const disk = new Disk();
    await handlers.handOver({ ...request({ isFolded: true }), name: 'ours', target: disk.target }, context());
    const read = (files: readonly (readonly [string, Uint8Array])[]) =>
      readPeftAdapter(new Map(files.map(([path, bytes]) => [path, bytesSource(path, bytes)])));
    const before = await read(Object.entries(adapter));
    const after = await read([...disk.files].map(([path, bytes]) => [path.replace('ours/', ''), bytes] as const));
    expect([after.r, after.lora_alpha]).toEqual([before.r, before.r]);
    for (const [path, { A, B }] of before.modules) {
      const folded = after.modules.get(path);
      expect(folded?.A.data).toEqual(A.data);
      expect(folded?.B.data).toEqual(B.data.map((value) => (value * before.lora_alpha) / before.r));
    }
    expect([...before.modules.values()].some(({ B }) => B.data.some((value) => value !== 0))).toBe(true);
  });
});
