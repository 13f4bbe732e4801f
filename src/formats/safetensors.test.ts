/**
 * @file safetensors files: the reference's verdict on good and broken ones (fixtures/safetensors-cases.json), values
 * and bytes of files that Python wrote (fixtures/safetensors-written.json), and round trips.
 */
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { bytesSource } from './byte-source';
import type { ByteSource } from './byte-source';
import cases from './fixtures/safetensors-cases.json';
import written from './fixtures/safetensors-written.json';
import { readSafetensorsHeader, readTensorAsFloat32, writeSafetensors } from './safetensors';

const fromBase64 = (text: string) => Uint8Array.from(Buffer.from(text, 'base64'));
const open = (text: string) => bytesSource('a.safetensors', fromBase64(text));

/** Files that Python's safetensors accepts and Airlock does not: equal names hide a tensor. */
const refusedByUsAlone = ['identical duplicate', 'different duplicate'];

describe('the reference accepts', () => {
  const good = cases.filter(({ accepted, name }) => accepted && !refusedByUsAlone.includes(name));

  it.each(good)('$name', async (row) => {
    const { tensors, metadata } = await readSafetensorsHeader(open(row.base64));
    expect([...tensors.keys()].sort()).toEqual(row.names);
    expect(Object.fromEntries(metadata)).toEqual(row.metadata ?? {});
  });

  it('enough to mean something', () => expect(good.length).toBeGreaterThanOrEqual(20));
});

describe('the reference refuses', () => {
  const bad = cases.filter(({ accepted, name }) => !accepted || refusedByUsAlone.includes(name));

  it.each(bad)('$name', async ({ base64 }) => {
    await expect(readSafetensorsHeader(open(base64))).rejects.toThrow(UserError);
    await expect(readSafetensorsHeader(open(base64))).rejects.toThrow(
      /^a\.safetensors is not a valid safetensors file: .*\. The download/,
    );
  });

  it('enough to mean something', () => expect(bad.length).toBeGreaterThanOrEqual(50));

  it.each([
    ['hole', /"b" leaves a hole before it \(it begins at byte \d+, expected \d+\)/],
    ['overlap', /"b" overlaps the one before it/],
    ['trailing bytes', /its tensors end at byte \d+, but the file has \d+ bytes/],
    ['header over the limit', /a header length of 100000001 bytes, and at most 100000000/],
    ['header past the end', /its header should have 3 bytes, but the file has only 10/],
    ['different duplicate', /the key "a" a second time/],
    ['size is not shape x dtype', /spans bytes 0 to 8, but F32 of shape \[3\] has 12 bytes/],
    ['float dimension', /has a shape that holds 2\.0, which is not an integer/],
    ['unknown dtype', /the unknown dtype "F128"/],
    ['dtype toString', /the unknown dtype "toString"/],
    ['non-string metadata', /the metadata "a" is not a string/],
    ['overflow', /too many elements/],
    ['F4 half a byte', /no whole number of bytes/],
    ['byte order mark', /its header is not valid JSON \(no JSON value at character 0\)/],
    ['not UTF-8', /its header is not UTF-8 text/],
  ])('%s, and the sentence says why', async (name, message) => {
    await expect(readSafetensorsHeader(open(cases.find((row) => row.name === name)?.base64 ?? ''))).rejects.toThrow(
      message,
    );
  });
});

describe('integers above 2^53', () => {
  it('are refused though the reference takes them', async () => {
    const header = '{"a":{"dtype":"U8","shape":[9007199254740993,0],"data_offsets":[0,0]}}';
    const bytes = new Uint8Array(8 + header.length);
    new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
    bytes.set(new TextEncoder().encode(header), 8);
    await expect(readSafetensorsHeader(bytesSource('a.safetensors', bytes))).rejects.toThrow(
      /9007199254740993, which is not an integer up to 2\^53/,
    );
  });
});

/** A file of one tensor with the given bytes of data. */
function fileOf(dtype: string, shape: number[], data: Uint8Array, before = 0): ByteSource {
  const pad = before === 0 ? '' : `"0":{"dtype":"U8","shape":[${before}],"data_offsets":[0,${before}]},`;
  const entry = { dtype, shape, data_offsets: [before, before + data.length] };
  const header = new TextEncoder().encode(`{${pad}"a":${JSON.stringify(entry)}}`);
  const bytes = new Uint8Array(8 + header.length + before + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  bytes.set(data, 8 + header.length + before);
  return bytesSource('a.safetensors', bytes);
}

async function readValues(source: ByteSource, name = 'a'): Promise<Float32Array> {
  const info = (await readSafetensorsHeader(source)).tensors.get(name);
  if (info === undefined) throw new Error(`no tensor ${name}`);
  return readTensorAsFloat32(source, info);
}

describe('files that Python wrote', () => {
  it.each(Object.entries(written))('%s: names, shapes and values', async (_, file) => {
    const source = open(file.base64);
    const { tensors, metadata } = await readSafetensorsHeader(source);
    expect([...tensors.keys()].sort()).toEqual(Object.keys(file.tensors).sort());
    expect(Object.fromEntries(metadata)).toEqual(file.metadata ?? {});
    for (const [name, expected] of Object.entries(
      file.tensors as Record<string, { shape: number[]; values: number[]; dtype: string }>,
    )) {
      expect(tensors.get(name)?.shape).toEqual(expected.shape);
      if (expected.dtype !== 'uint8') expect([...(await readValues(source, name))]).toEqual(expected.values);
    }
  });

  it('of mixed dtypes hold F32, F16 and BF16', async () => {
    const { tensors } = await readSafetensorsHeader(open(written.mixed.base64));
    expect([...tensors.values()].map(({ dtype }) => dtype).sort()).toEqual(['BF16', 'F16', 'F32', 'U8']);
  });

  it.each(['odd names', 'no metadata', 'nothing'] as const)('%s: are written byte for byte', (name) => {
    const file = written[name];
    const tensors = Object.entries(file.tensors as Record<string, { shape: number[]; values: number[] }>).map(
      ([tensor, { shape, values }]) => ({
        name: tensor,
        shape,
        data: Float32Array.from(values),
      }),
    );
    const bytes = writeSafetensors(tensors.reverse(), file.metadata ?? {});
    expect(Buffer.from(bytes).toString('base64')).toBe(file.base64);
  });
});

describe('tensor data', () => {
  it('keeps every bit of F32, NaNs and infinities included', async () => {
    const bits = Uint32Array.of(0x7fc00000, 0x7f800001, 0xff800000, 0x80000000, 1);
    const values = await readValues(fileOf('F32', [5], new Uint8Array(bits.buffer)));
    expect(new Uint32Array(values.buffer)).toEqual(bits);
  });

  it.each([1, 2, 3])('is read from offsets that are %i bytes off', async (before) => {
    expect([
      ...(await readValues(fileOf('F32', [1, 2], new Uint8Array(Float32Array.of(1.5, -2).buffer), before))),
    ]).toEqual([1.5, -2]);
    expect([
      ...(await readValues(fileOf('F16', [2], new Uint8Array(Uint16Array.of(0x3c00, 0xfc00).buffer), before))),
    ]).toEqual([1, -Infinity]);
    expect([
      ...(await readValues(fileOf('BF16', [2], new Uint8Array(Uint16Array.of(0x3f80, 0xc000).buffer), before))),
    ]).toEqual([1, -2]);
  });

  it('belongs to the caller: writing to it does not change the file', async () => {
    const source = fileOf('F32', [1], new Uint8Array(Float32Array.of(5).buffer));
    (await readValues(source)).fill(0);
    expect([...(await readValues(source))]).toEqual([5]);
  });

  it('is joined from several reads where it is large', async () => {
    const lengths: number[] = [];
    const byteLength = 150 * 1024 * 1024;
    const source: ByteSource = {
      name: 'large',
      sizeBytes: 100 + byteLength,
      // Every read begins with its own place in the file, as a float32 would hold it.
      read(offset, length) {
        lengths.push(length);
        const bytes = new Uint8Array(length);
        new DataView(bytes.buffer).setFloat32(0, offset - 100, true);
        return Promise.resolve(bytes);
      },
    };
    const values = await readTensorAsFloat32(source, {
      name: 'a',
      dtype: 'F32',
      shape: [byteLength / 4],
      byteOffset: 100,
      byteLength,
    });
    const chunk = 64 * 1024 * 1024;
    expect(lengths).toEqual([chunk, chunk, byteLength - 2 * chunk]);
    expect([values[0], values[chunk / 4], values[chunk / 2]]).toEqual([0, chunk, 2 * chunk]);
  });

  it('of other dtypes is a UserError', async () => {
    await expect(readValues(fileOf('I64', [1], new Uint8Array(8)))).rejects.toThrow(
      /"a" of a\.safetensors is stored as I64; Airlock reads F32, F16 and BF16/,
    );
    await expect(readValues(fileOf('I64', [1], new Uint8Array(8)))).rejects.toThrow(UserError);
  });
});

describe('writeSafetensors', () => {
  it('round-trips, __proto__ included', async () => {
    const data = Float32Array.from({ length: 12 }, (_, i) => Math.sin(i));
    const bytes = writeSafetensors(
      [
        { name: '__proto__', shape: [3, 4], data },
        { name: 'x', shape: [], data: data.slice(0, 1) },
      ],
      { a: '가' },
    );
    const source = bytesSource('a.safetensors', bytes);
    const { tensors, metadata } = await readSafetensorsHeader(source);
    expect(tensors.get('__proto__')).toMatchObject({ dtype: 'F32', shape: [3, 4], byteLength: 48 });
    expect(await readValues(source, '__proto__')).toEqual(data);
    expect(metadata).toEqual(new Map([['a', '가']]));
    expect((tensors.get('__proto__')?.byteOffset ?? 1) % 8).toBe(0);
  });

  it('refuses what no reader would take', () => {
    const data = new Float32Array(2);
    expect(() => writeSafetensors([{ name: 'a', shape: [3], data }], {})).toThrow(/2 values for the shape \[3\]/);
    expect(() =>
      writeSafetensors(
        [
          { name: 'a', shape: [2], data },
          { name: 'a', shape: [2], data },
        ],
        {},
      ),
    ).toThrow(/used twice/);
    expect(() => writeSafetensors([{ name: '__metadata__', shape: [2], data }], {})).toThrow(/reserved/);
  });
});
