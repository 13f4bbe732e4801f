/** @file The container: what is written comes back to the byte, and no byte of a file can be another one. */
import { describe, expect, it } from 'vitest';
import { UserError } from '../../core/errors';
import { Random } from '../../core/random';
import { toHex } from '../../core/sha256';
import { ContainerWriter, type Bytes, type ContainerOptions } from './container';
import { ContainerContent, readContainer, walkContainer } from './container-reader';
import { decodeValue, encodeValue, joinBytes } from './encoded-value';
import { chunkBytes, tagBytes } from './encryption';

const options: ContainerOptions = { kind: 'backup', madeAt: '2026-11-29T00:00:00Z', label: null, passphrase: null };

async function write(entries: Readonly<Record<string, Bytes>>, given: Partial<ContainerOptions> = {}): Promise<Bytes> {
  const parts: Bytes[] = [];
  const writer = await ContainerWriter.begin(
    { write: async (bytes) => void parts.push(bytes.slice()) },
    { ...options, ...given },
  );
  for (const [name, bytes] of Object.entries(entries)) {
    await writer.add(name, { bytes: bytes.length, parts: [bytes.subarray(0, 3), bytes.subarray(3)] });
  }
  const sha256 = await writer.end();
  const file = joinBytes(parts);
  expect(sha256).toBe(toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', file))));
  return file;
}

async function read(file: Bytes, passphrase: string | null = null): Promise<Record<string, Bytes>> {
  const opened = await (await readContainer('x.airlock', new Blob([file]))).open(passphrase);
  const entries: Record<string, Bytes> = {};
  await walkContainer(opened, {
    wants: () => true,
    onEntry: (place, content) => void (entries[place.name] = content as Bytes),
  });
  return entries;
}

/** The sentence of the refusal. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UserError)) throw new Error(`No refusal: ${String(error)}`);
  return error.message;
}

function noise(length: number): Bytes {
  const random = new Random(7);
  return Uint8Array.from({ length }, () => random.nextUint32() & 255);
}

const small = { 'record/a': noise(40), empty: new Uint8Array(0), 'record/한글': noise(13) };
const passphrase = '열려라 참깨';

describe('a container', () => {
  it('gives back what was written, in the clear and encrypted, over borders of chunks', async () => {
    const large = { a: noise(2 * chunkBytes - 200), b: noise(chunkBytes + 5), c: noise(7) };
    for (const given of [{}, { passphrase }]) {
      const file = await write({ ...small, ...large }, given);
      const back = await read(file, passphrase);
      expect(Object.keys(back)).toEqual([...Object.keys(small), ...Object.keys(large)]);
      for (const [name, bytes] of Object.entries({ ...small, ...large }))
        expect(Buffer.from(back[name] as Bytes).equals(bytes), name).toBe(true);
    }
  });

  it('ends as it should where the content ends with a chunk', async () => {
    const lengthOf = (bytes: number) =>
      write({ a: new Uint8Array(bytes) }, { passphrase }).then(({ length }) => length);
    const spare = (await lengthOf(chunkBytes - 1000)) - chunkBytes + 1000;
    const exact = chunkBytes - (spare - tagBytes - beginningOf(await write({}, { passphrase })));
    expect((await lengthOf(exact + 1)) - (await lengthOf(exact))).toBe(1 + tagBytes);
    for (const bytes of [exact, exact + 1])
      expect((await read(await write({ a: new Uint8Array(bytes) }, { passphrase }), passphrase))['a']).toHaveLength(
        bytes,
      );
  });

  it('reads an entry again by its place', async () => {
    const file = await write({ ...small, large: noise(chunkBytes + 9) }, { passphrase });
    const opened = await (await readContainer('x', new Blob([file]))).open(passphrase);
    let place = { offset: 0, bytes: 0 };
    await walkContainer(opened, { wants: () => false, onEntry: (entry) => void (place = entry) });
    const parts: Bytes[] = [];
    for await (const part of new ContainerContent(opened).pieces(place)) parts.push(part);
    expect(Buffer.from(joinBytes(parts)).equals(noise(chunkBytes + 9))).toBe(true);
  });

  it('takes a passphrase in any form of Unicode, and no other', async () => {
    const file = await write(small, { passphrase: passphrase.normalize('NFD') });
    expect(Object.keys(await read(file, passphrase))).toEqual(Object.keys(small));
    for (const other of ['열려라 참개', '', null])
      expect(await refusalOf(read(file, other))).toContain('The passphrase does not open this file');
  });

  it('shows nothing of an encrypted content', async () => {
    const secret = new TextEncoder().encode('very secret, very secret');
    const text = new TextDecoder('latin1').decode(await write({ 'name of it': secret }, { passphrase }));
    expect(text).not.toContain('secret');
    expect(text).not.toContain('name of it');
  });

  it('is never the same file twice under one passphrase', async () => {
    const [first, second] = [await write(small, { passphrase }), await write(small, { passphrase })];
    expect(toHex(first.subarray(-60))).not.toBe(toHex(second.subarray(-60)));
  });
});

describe('a container that is not as it was written', () => {
  it('is refused in a sentence, whatever byte is another one or missing, in the clear', async () => {
    const file = await write(small);
    for (let at = 0; at < file.length; at++) {
      const altered = file.slice();
      altered[at] = (altered[at] as number) ^ 1;
      expect(await refusalOf(read(altered)), `byte ${at}`).toMatch(/\.$/);
      expect(await refusalOf(read(file.slice(0, at))), `cut at ${at}`).toMatch(/\.$/);
    }
    expect(await refusalOf(read(joinBytes([file, new Uint8Array(1)])))).toMatch(/\.$/);
  });

  it('is refused in a sentence, whatever byte is another one or missing, encrypted', async () => {
    const file = await write(small, { passphrase });
    const header = beginningOf(file);
    // Each byte of the beginning asks for a key of its own, which takes a while: some of them, and all of the content.
    for (let at = 0; at < file.length; at += at < header ? 17 : 1) {
      const altered = file.slice();
      altered[at] = (altered[at] as number) ^ 1;
      const opened = at < header ? null : await openedWith(file);
      const reading = (bytes: Bytes) => (opened === null ? read(bytes, passphrase) : readAs(opened, bytes));
      expect(await refusalOf(reading(altered)), `byte ${at}`).toMatch(/\.$/);
      expect(await refusalOf(reading(file.slice(0, at))), `cut at ${at}`).toMatch(/\.$/);
    }
    expect(await refusalOf(readAs(await openedWith(file), joinBytes([file, new Uint8Array(1)])))).toMatch(/\.$/);
  });

  it('is refused where whole chunks or entries are missing or change places', async () => {
    const file = await write({ a: noise(3 * chunkBytes) }, { passphrase });
    const { body } = await openedWith(file);
    const start = file.length - body.size;
    const chunk = (n: number) =>
      file.slice(start + n * (chunkBytes + tagBytes), start + (n + 1) * (chunkBytes + tagBytes));
    const [beginning, zero, one, two, rest] = [file.slice(0, start), chunk(0), chunk(1), chunk(2), chunk(3)];
    for (const parts of [
      [zero, one, two],
      [zero, two, rest],
      [zero, two, one, rest],
      [zero, one, one, rest],
    ])
      expect(await refusalOf(read(joinBytes([beginning, ...parts]), passphrase))).toMatch(/\.$/);
    const clear = await write({ a: noise(9), b: noise(9) });
    const place = new TextDecoder('latin1').decode(clear);
    const [a, b, end] = ['{"name":"a"', '{"name":"b"', '{"end"'].map((head) => place.indexOf(head) - 4);
    const swapped = [clear.slice(0, a), clear.slice(b, end), clear.slice(a, b), clear.slice(end)];
    expect(await refusalOf(read(joinBytes(swapped)))).toContain('a hash differs');
    expect(await refusalOf(read(joinBytes([clear.slice(0, b), clear.slice(end)])))).toContain('a hash differs');
  });

  it('is refused where it is of a newer format, or says what no such file says', async () => {
    const text = (json: string) =>
      new TextEncoder().encode(`AIRLOCK\n${String.fromCharCode(json.length, 0, 0, 0)}${json}`);
    expect(await refusalOf(read(text('{"version":2}')))).toContain('a newer Airlock (format 2');
    expect(await refusalOf(read(text('{"version":1}')))).toContain('beginning of x.airlock is damaged');
    expect(await refusalOf(read(new TextEncoder().encode('PK\u0003\u0004 something else')))).toContain('is no backup');
  });
});

type Opened = Awaited<ReturnType<Awaited<ReturnType<typeof readContainer>>['open']>>;
const keys = new Map<Bytes, Opened>();

async function openedWith(file: Bytes): Promise<Opened> {
  const known = keys.get(file) ?? (await (await readContainer('x', new Blob([file]))).open(passphrase));
  keys.set(file, known);
  return known;
}

/** Reads other content under the key of the file that it was made of; the beginning is as it was. */
async function readAs(opened: Opened, file: Bytes): Promise<void> {
  const body = new Blob([file.slice(beginningOf(file))]);
  await walkContainer({ ...opened, body }, { wants: () => true, onEntry: () => {} });
}

const beginningOf = (file: Bytes): number => 12 + new DataView(file.buffer, file.byteOffset).getUint32(8, true);

describe('a value', () => {
  const values: Readonly<Record<string, unknown>> = {
    plain: { text: '가\u0000\ud800"', n: -1.5e-300, list: [1, null, true, [], {}] },
    numbers: [NaN, Infinity, -Infinity, -0, 0, Number.MAX_VALUE, 5e-324],
    absent: { there: undefined, list: [undefined] },
    arrays: { f: new Float32Array([1, NaN, -0]), u: new Uint8Array([1, 2, 255]), d: new Float64Array([1e300]) },
    alike: { $: 'x', more: { $: ['Uint8Array', [0, 9]] } },
    others: [new Date(5), new Date(NaN), new Map([['a', new Set([1])]]), 12n, new Uint8Array([7]).buffer],
    proto: JSON.parse('{"__proto__": {"x": 1}, "constructor": 2}') as unknown,
  };

  it.each(Object.keys(values))('comes back as it was: %s', (name) => {
    const value = values[name];
    const bytes = joinBytes(encodeValue(name, value));
    const back = decodeValue(name, bytes);
    expect(back).toEqual(value);
    expect(toHex(joinBytes(encodeValue(name, back)))).toBe(toHex(bytes));
  });

  it('leaves the prototype of everything alone', () => {
    const back = decodeValue('x', joinBytes(encodeValue('x', values['proto']))) as object;
    expect(Object.keys(back)).toEqual(['__proto__', 'constructor']);
    expect(({} as { readonly x?: unknown }).x).toBeUndefined();
  });

  it('that no record holds is refused by name', () => {
    for (const value of [() => {}, new Blob(), /x/, Symbol('s')])
      expect(() => encodeValue('run/a', { value })).toThrow('"run/a" holds a value of the kind');
    const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 1);
    expect(() => encodeValue('run/a', deep)).toThrow('too deep');
  });

  it('that is not written so is refused by name, whatever it is', () => {
    const json = (text: string) => {
      const bytes = new TextEncoder().encode(text);
      return joinBytes([new Uint8Array([bytes.length & 255, bytes.length >> 8, 0, 0]), bytes]);
    };
    for (const text of [
      ...['', '{', '{"$":1}', '{"$":["Blob",[0,0]]}', '{"$":["Uint8Array",[0,1]]}', '{"$":["Uint8Array",[-1,1]]}'],
      ...['{"$":["Float32Array",[0,3]]}', '{"$":["number","7"]}', '{"$":["bigint","x"]}', '{"$":["Map",3]}'],
      ...['{"$":["constructor",[0,0]]}', `${'['.repeat(5000)}${']'.repeat(5000)}`],
    ])
      expect(() => decodeValue('run/a', json(text)), text).toThrow('"run/a" in this file is not written as Airlock');
    expect(() => decodeValue('run/a', new Uint8Array([1]))).toThrow('"run/a" in this file');
  });
});
