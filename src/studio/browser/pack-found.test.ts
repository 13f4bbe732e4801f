import { strFromU8, unzipSync } from 'fflate';
import { expect, it, vi } from 'vitest';
import { packFound } from './pack-found';

it('is JSON as it was found, where JSON can say it', () => {
  const found = { version: 1, value: { name: 'dpo-1', method: 'ppo' } };
  const { name, bytes, type } = packFound('run/r/2026-01-01T00:00:00.000Z', { found, beside: {} });
  expect([name, type]).toEqual(['airlock-run-r-2026-01-01T00-00-00.000Z.json', 'application/json']);
  expect(JSON.parse(strFromU8(bytes))).toEqual(found);
});

it('is JSON too where nothing or no JSON was found', () => {
  for (const found of [undefined, null, 'text', '{"version": 1, "val', [], 3n, NaN])
    expect(() => JSON.parse(strFromU8(packFound('x', { found, beside: {} }).bytes))).not.toThrow();
});

it('is a zip where there are bytes or vectors, each in a file that the JSON names', () => {
  const found = { version: 1, value: { step: 1, best: { value: NaN, parameter: [new Float32Array([1, 2])] } } };
  const beside = { 'adapter/r': { version: 1, value: { 'a.bin': new Uint8Array([7, 8]) } } };
  const { name, bytes } = packFound('run/r/T', { found, beside });
  expect(name).toBe('airlock-run-r-T.zip');
  const files = unzipSync(bytes);
  expect(JSON.parse(strFromU8(files['record.json']!))).toEqual({
    found: {
      version: 1,
      value: { step: 1, best: { value: { $number: 'NaN' }, parameter: [{ $Float32Array: 'part-1.bin' }] } },
    },
    beside: { 'adapter/r': { version: 1, value: { 'a.bin': { $Uint8Array: 'part-2.bin' } } } },
  });
  expect([...new Float32Array(new Uint8Array(files['part-1.bin']!).buffer)]).toEqual([1, 2]);
  expect([...files['part-2.bin']!]).toEqual([7, 8]);

  // The audit log's hash of a deleted record is that of the file that somebody took away another day.
  vi.useFakeTimers({ now: Date.parse('2031-05-06T07:08:09Z') });
  expect(packFound('run/r/T', { found, beside }).bytes).toEqual(bytes);
  vi.useRealTimers();
});
