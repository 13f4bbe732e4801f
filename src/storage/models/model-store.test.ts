/**
 * @file The model store over a real folder of this machine and a real server: what is kept, what is refused, what is
 * left behind.
 */
import { createHash } from 'node:crypto';
import {
  openAsBlob,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyFiles, type CopySource, type ServerSource } from './copy-files';
import type { Folder } from './folder';
import { createModelStore, type ModelStore } from './model-store';

let disk: string;
/** Bytes that the disk still takes. */
let room: number;

function diskFolder(path: string): Folder {
  mkdirSync(path, { recursive: true });
  return {
    folders: async () =>
      readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])),
    folder: async (name) => diskFolder(join(path, name)),
    read: async (name) => (existsSync(join(path, name)) ? openAsBlob(join(path, name)) : null),
    async create(name) {
      const unfinished = join(path, `${name}.part`);
      const file = await open(unfinished, 'w');
      return {
        async write(bytes) {
          if (bytes.byteLength > room) throw new DOMException('Quota exceeded.', 'QuotaExceededError');
          room -= bytes.byteLength;
          await file.write(bytes);
        },
        async commit() {
          await file.close();
          renameSync(unfinished, join(path, name));
        },
        async discard() {
          await file.close();
          rmSync(unfinished);
        },
      };
    },
    remove: async (name) => rmSync(join(path, name), { recursive: true, force: true }),
  };
}

/** Exclusive and shared locks that are granted at once or not at all: all that the store asks for. */
function createLocks(): Pick<LockManager, 'request'> {
  const held = new Map<string, { shared: boolean; count: number }>();
  const request = async (name: string, { mode }: LockOptions, work: (lock: Lock | null) => unknown) => {
    const holder = held.get(name);
    if (holder && !(holder.shared && mode === 'shared')) return work(null);
    const mine = holder ?? { shared: mode === 'shared', count: 0 };
    mine.count++;
    held.set(name, mine);
    try {
      return await work({ name, mode: mode ?? 'exclusive' });
    } finally {
      if (--mine.count === 0) held.delete(name);
    }
  };
  return { request: request as LockManager['request'] };
}

const sourceOf = (path: string, text: string): CopySource => ({ path, sizeBytes: text.length, blob: new Blob([text]) });
const sources = [sourceOf('model.safetensors', 'weights'), sourceOf('config.json', '{}')];
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex');

let locks: ReturnType<typeof createLocks>;

function openStore(): ModelStore {
  const openFolder = async () => diskFolder(disk);
  return createModelStore({
    openFolder,
    locks,
    copy: async (folder, list, options) => copyFiles(list, await (await openFolder()).folder(folder), options),
  });
}

beforeEach(() => {
  disk = mkdtempSync(join(tmpdir(), 'airlock-models-'));
  room = Infinity;
  locks = createLocks();
});
afterEach(() => rmSync(disk, { recursive: true }));

describe('the model store', () => {
  it('keeps a model over a restart, byte for byte, with the hashes that sha256sum gives', async () => {
    const added = await openStore().add('tiny', sources);
    expect(added.files[0]).toEqual({ path: 'model.safetensors', sizeBytes: 7, sha256: sha256('weights') });
    expect(added.sha256).toBe(sha256(`${sha256('{}')}  config.json\n${sha256('weights')}  model.safetensors\n`));
    const again = openStore();
    expect(await again.list()).toEqual({ models: [added], unfit: [] });
    const { files, release } = await again.open(added.id);
    expect(await Promise.all(files.map(async ({ path, blob }) => [path, await blob.text()]))).toEqual([
      ['model.safetensors', 'weights'],
      ['config.json', '{}'],
    ]);
    await release();
    await again.remove(added.id);
    expect(await again.list()).toEqual({ models: [], unfit: [] });
    expect(readdirSync(disk)).toEqual([]);
  });

  it('keeps the chat template that was chosen for a model', async () => {
    const store = openStore();
    const { id } = await store.add('tiny', sources);
    const template = { source: '{{ messages }}', file: 'mine.jinja' };
    expect(await store.annotate(id, { chatTemplate: template })).toMatchObject({ id, chatTemplate: template });
    expect((await openStore().list()).models).toEqual([expect.objectContaining({ id, chatTemplate: template })]);
    await store.remove(id);
    await expect(store.annotate(id, { chatTemplate: 'none' })).rejects.toThrow(/no longer in the browser/);
  });

  it('copies a file larger than a chunk, with progress', async () => {
    const bytes = Buffer.alloc(9 * 2 ** 20 + 5, 'airlock');
    const seen: number[] = [];
    const { sha256: hash, files } = await openStore().add(
      'big',
      [{ path: 'a', sizeBytes: bytes.length, blob: new Blob([bytes]) }],
      {
        onProgress: ({ doneBytes, totalBytes }) => seen.push(doneBytes / totalBytes),
      },
    );
    expect(files[0]?.sha256).toBe(sha256(bytes));
    expect(hash).toBe(sha256(`${sha256(bytes)}  a\n`));
    expect(seen.length).toBe(3);
    expect(seen.at(-1)).toBe(1);
  });

  it('answers with the model it has when the same files come again', async () => {
    const store = openStore();
    const first = await store.add('tiny', sources);
    expect(await store.add('copy of tiny', [...sources].reverse())).toEqual(first);
    expect(readdirSync(disk)).toEqual([first.id]);
  });

  it('says in a sentence that the disk is full, and loses nothing', async () => {
    const store = openStore();
    const first = await store.add('tiny', sources);
    room = 10;
    const failure = store.add('large', [
      sourceOf('config.json', '{"a": 1}'),
      sourceOf('model.safetensors', 'more weights'),
    ]);
    await expect(failure).rejects.toThrow(
      "The browser's storage is full: it refused model.safetensors, after 8 of 20 bytes of the model.",
    );
    expect((await store.list()).models).toEqual([first]);
    expect(readdirSync(disk)).toEqual([first.id]);
  });

  it('leaves nothing of an add that was cancelled', async () => {
    const controller = new AbortController();
    const adding = openStore().add('tiny', sources, {
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(adding).rejects.toMatchObject({ name: 'AbortError' });
    expect(readdirSync(disk)).toEqual([]);
  });

  it('clears what a crash has left, and neither whole models nor one that another tab is adding', async () => {
    const store = openStore();
    const whole = await store.add('tiny', sources);
    mkdirSync(join(disk, 'crashed'));
    writeFileSync(join(disk, 'crashed', 'model.safetensors.part'), 'half');
    let finish = () => {};
    let begin = () => {};
    const waiting = new Promise<void>((resolve) => (finish = resolve));
    const begun = new Promise<void>((resolve) => (begin = resolve));
    const other = createModelStore({
      openFolder: async () => diskFolder(disk),
      locks,
      newId: () => 'being-added',
      copy: async (folder, list, options) => {
        const target = await diskFolder(disk).folder(folder);
        begin();
        await waiting;
        return copyFiles(list, target, options);
      },
    });
    const adding = other.add('other', [sourceOf('config.json', '[]')]);
    await begun;
    await store.clean();
    expect(readdirSync(disk).sort()).toEqual(['being-added', whole.id].sort());
    expect((await store.list()).models).toEqual([whole]);
    finish();
    await adding;
    expect((await store.list()).models.length).toBe(2);
  });

  it('does not delete a model that another tab has open', async () => {
    const { id } = await openStore().add('tiny', sources);
    const other = await openStore().open(id);
    await expect(openStore().remove(id)).rejects.toThrow('open in another tab');
    await other.release();
    await openStore().remove(id);
    expect(readdirSync(disk)).toEqual([]);
  });

  it('names a file that was cut', async () => {
    const store = openStore();
    const { id } = await store.add('tiny', sources);
    writeFileSync(join(disk, id, 'model.safetensors'), 'wei');
    await expect(store.open(id)).rejects.toThrow(
      'The stored model tiny is damaged: its model.safetensors has 3 bytes and not 7.',
    );
  });

  it('names a small file that was altered, whatever byte', async () => {
    const store = openStore();
    const { id } = await store.add('tiny', sources);
    writeFileSync(join(disk, id, 'model.safetensors'), 'weighTs');
    await expect(store.open(id)).rejects.toThrow(
      'The stored model tiny is damaged: its model.safetensors is not as it was copied',
    );
    // It can be deleted all the same.
    await store.remove(id);
    expect(readdirSync(disk)).toEqual([]);
  });

  it('sees by a sample that a large file was altered at its ends, and by every byte that it was anywhere', async () => {
    const store = openStore();
    const bytes = Buffer.alloc(33 * 2 ** 20, 'airlock');
    const large = { path: 'model.safetensors', sizeBytes: bytes.length, blob: new Blob([bytes]) };
    const { id, files } = await store.add('large', [large]);
    expect(files[0]?.sample).toMatch(/^[0-9a-f]{64}$/);
    const seen: number[] = [];
    await store.check(id, { onProgress: ({ doneBytes, totalBytes }) => seen.push(doneBytes / totalBytes) });
    expect(seen.at(-1)).toBe(1);
    const alterAt = async (at: number) => {
      const file = await open(join(disk, id, 'model.safetensors'), 'r+');
      await file.write(Buffer.from([bytes[at]! ^ 1]), 0, 1, at);
      await file.close();
      return async () => void writeFileSync(join(disk, id, 'model.safetensors'), bytes);
    };
    for (const at of [0, bytes.length - 1]) {
      const mend = await alterAt(at);
      await expect(store.open(id)).rejects.toThrow('is not as it was copied');
      await mend();
    }
    // Between two pieces of the sample.
    await alterAt(20_000);
    await (await store.open(id)).release();
    await expect(store.check(id)).rejects.toThrow(
      'The stored model large is damaged: its model.safetensors is not as it was copied',
    );
    const cancelled = new AbortController();
    const checking = store.check(id, { signal: cancelled.signal, onProgress: () => cancelled.abort() });
    await expect(checking).rejects.toMatchObject({ name: 'AbortError' });
  });

  it.each([
    ['{"version": 1, "val', { reason: 'noVersion' }],
    ['', { reason: 'noVersion' }],
    ['null', { reason: 'noVersion' }],
    ['{"version": 2, "value": {}}', { reason: 'newer', version: 2, limit: 1 }],
    ['{"version": 1, "value": {"id": 3}}', { reason: 'wrong', path: 'id', seen: '3', expected: [{ kind: 'text' }] }],
  ])('leaves a model with the record %j where it is, and opens nothing by it', async (text, misfit) => {
    const store = openStore();
    const good = await store.add('good', [sourceOf('config.json', '[]')]);
    const { id } = await store.add('tiny', sources);
    writeFileSync(join(disk, id, '.airlock.json'), text);
    expect(await store.list()).toEqual({ models: [good], unfit: [{ id, misfit }] });
    await expect(store.open(id)).rejects.toThrow(/^A stored model /);
    await expect(store.annotate(id, { fingerprint: 'f' })).rejects.toThrow(/^A stored model /);
    await store.clean();
    expect(await store.readFound(id)).toBe(text);
    expect(readFileSync(join(disk, id, 'model.safetensors'), 'utf8')).toBe('weights');
    await store.remove(id);
    expect(await store.list()).toEqual({ models: [good], unfit: [] });
  });
});

describe('a copy from the server', () => {
  let server: Server;
  let base: string;
  const bytes = readFileSync('fixtures/tiny-llama/model.safetensors');
  const source = (changes: Partial<ServerSource> = {}): ServerSource => ({
    path: 'model.safetensors',
    url: `${base}/model`,
    sizeBytes: bytes.length,
    sha256: sha256(bytes),
    ...changes,
  });

  beforeEach(async () => {
    server = createServer((request, response) => {
      if (request.url === '/model') return response.end(bytes);
      response.statusCode = 404;
      if (request.url !== '/cut') return response.end();
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, 1000), () => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => void server.close());

  it('gives the same model as a copy from disk', async () => {
    const store = openStore();
    const fromServer = await store.add('tiny', [source()]);
    expect(statSync(join(disk, fromServer.id, 'model.safetensors')).size).toBe(bytes.length);
    expect(
      await store.add('tiny', [{ path: 'model.safetensors', sizeBytes: bytes.length, blob: new Blob([bytes]) }]),
    ).toEqual(fromServer);
  });

  it('is refused where size, hash or connection are not what they should be', async () => {
    const store = openStore();
    const refused: readonly [Partial<ServerSource>, string | RegExp][] = [
      [{ sizeBytes: 1000 }, 'model.safetensors has more than the 1000 bytes that it should have'],
      [{ sizeBytes: bytes.length + 1 }, `has ${bytes.length} bytes and not the ${bytes.length + 1} bytes`],
      [{ sha256: '0'.repeat(64) }, "the server's list says 0000"],
      [{ url: `${base}/none` }, 'the server answered 404'],
      [{ url: `${base}/cut` }, /could not be fetched from .*\/cut/],
    ];
    for (const [changes, sentence] of refused)
      await expect(store.add('tiny', [source(changes)])).rejects.toThrow(sentence);
    expect(readdirSync(disk)).toEqual([]);
  });
});
