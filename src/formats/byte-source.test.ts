/** @file Byte sources, and the sentences for text and JSON files that cannot be read. */
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { measureJson } from '../core/json';
import { blobSource, bytesSource, readAll, readJson, readJsonObject, readText } from './byte-source';
import { maxJsonDepth, maxJsonMembers, maxSettingsBytes, maxTextBytes } from './byte-source';
import type { ByteSource } from './byte-source';

const encode = (text: string) => new TextEncoder().encode(text);

describe.each([
  ['bytes', (bytes: Uint8Array<ArrayBuffer>) => bytesSource('a.bin', bytes)],
  ['a blob', (bytes: Uint8Array<ArrayBuffer>) => blobSource('a.bin', new Blob([bytes]))],
])('a source over %s', (_, make) => {
  const source = make(Uint8Array.of(1, 2, 3, 4));

  it('reads parts, nothing and all', async () => {
    expect([source.name, source.sizeBytes]).toEqual(['a.bin', 4]);
    expect([...(await source.read(1, 2))]).toEqual([2, 3]);
    expect([...(await source.read(4, 0))]).toEqual([]);
    expect([...(await readAll(source))]).toEqual([1, 2, 3, 4]);
  });

  it('does not read past its end', async () => {
    await expect(async () => source.read(3, 2)).rejects.toThrow(/read of 2 bytes at 3 in a\.bin, which has 4/);
    await expect(async () => source.read(-1, 2)).rejects.toThrow(/Internal error/);
  });
});

describe('a blob whose file is gone', () => {
  it('is a UserError that asks to choose it again', async () => {
    const blob = {
      size: 4,
      slice: () => ({ arrayBuffer: () => Promise.reject(new Error('NotReadableError')) }),
    } as unknown as Blob;
    await expect(blobSource('model.safetensors', blob).read(0, 4)).rejects.toThrow(
      /model\.safetensors could not be read \(NotReadableError\).*choose it again/,
    );
  });
});

describe('text', () => {
  it('is UTF-8, with or without a byte order mark', async () => {
    expect(await readText(bytesSource('a.txt', encode('\ufeff가\n')))).toBe('가\n');
  });

  it('of another encoding, or too long, is a UserError', async () => {
    await expect(readText(bytesSource('a.txt', Uint8Array.of(0xb0, 0xa1)))).rejects.toThrow(
      'a.txt is not UTF-8 text. Save it as UTF-8',
    );
    const huge: ByteSource = {
      name: 'big.json',
      sizeBytes: maxTextBytes + 1,
      read: () => Promise.reject(new Error('must not be read')),
    };
    await expect(readText(huge, maxTextBytes)).rejects.toThrow(
      `big.json has ${maxTextBytes + 1} bytes; a text file may have at most ${maxTextBytes}.`,
    );
    await expect(readText({ ...huge, sizeBytes: maxSettingsBytes + 1 })).rejects.toThrow(/has 16777217 bytes/);
  });
});

describe('JSON', () => {
  const json = (text: string) => readJson(bytesSource('config.json', encode(text)));

  it('is parsed', async () => {
    expect(await json('{"a": [1, null]}')).toEqual({ a: [1, null] });
  });

  it('has the numbers that Python writes, and strings that look like them stay strings', async () => {
    expect(
      await json('{"model_max_length": Infinity, "a": [NaN, -Infinity, 1], "NaN": "NaN? \\" Infinity", "b": NaN}'),
    ).toEqual({ model_max_length: Infinity, a: [NaN, -Infinity, 1], NaN: 'NaN? " Infinity', b: NaN });
  });

  it.each(['{"a": -NaN}', '{"a": Infinityx}', '{"a": nan}', '{"a": +Infinity}', '{"a": inf, "b": NaN}', '{NaN: 1'])(
    '%s is refused, as by Python',
    async (text) => {
      await expect(json(text)).rejects.toThrow(/^config\.json is not valid JSON: /);
    },
  );

  it('has limits to its depth and its members, by signs outside strings', async () => {
    const nested = (depth: number) => `${'['.repeat(depth)}"[[\\\\\\"[[{\\\\"${']'.repeat(depth)}`;
    expect(measureJson(nested(3))).toEqual({ depth: 3, members: 0 });
    expect(measureJson('{"a:": {"b": ":"}, "c": [{}]}')).toEqual({ depth: 3, members: 3 });
    await expect(json(nested(maxJsonDepth))).resolves.toBeDefined();
    await expect(json(nested(maxJsonDepth + 1))).rejects.toThrow('has more than 256 levels of nesting');
    await expect(json('['.repeat(5_000_000))).rejects.toThrow('has more than 256 levels of nesting');
    const many = `[${'{"a":1},'.repeat(maxJsonMembers)}{"a":1}]`;
    await expect(json(many)).rejects.toThrow(`has ${maxJsonMembers + 1} members of objects; at most 1000000 are read`);
  });

  it.each([
    ['{\n  "a": 1,\n  "b" 2\n}', /line 3,? column 7/],
    ['{"a": [1, 2', /line 1,? column 12/],
    ['', /line 1,? column 1/],
  ])('%j is refused with file, reason and place', async (text, place) => {
    await expect(json(text)).rejects.toThrow(UserError);
    await expect(json(text)).rejects.toThrow(/^config\.json is not valid JSON: .*Correct it or take a fresh copy/);
    await expect(json(text)).rejects.toThrow(place);
  });

  it.each([
    ['[1]', 'a list'],
    ['null', 'null'],
    ['3', 'a number'],
  ])('%s is no object', async (text, kind) => {
    await expect(readJsonObject(bytesSource('config.json', encode(text)))).rejects.toThrow(
      `config.json holds ${kind}; it should hold a JSON object`,
    );
  });
});
