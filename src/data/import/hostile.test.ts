/**
 * @file Files of pairs that are made to cost more than they hold: each ends in a row or in a sentence that names the
 * limit. What is written here took minutes or the whole tab before it was bounded; a test that does not end is one that
 * fails.
 */
import { readFileSync } from 'node:fs';
import { gzipSync, strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../core/errors';
import { sentenceOf } from '../../messages/message';
import { maxRowDepth } from '../json-lines';
import { makePairs } from './make-pairs';
import { planFrom } from './plan';
import { readTable } from './read-table';
import { maxCells, maxColumns, maxFileBytes, maxPairs, maxRows } from './table-limits';
import { writeWorkbook } from './workbook';

const read = (text: string, name = 'a.jsonl') => readTable(new TextEncoder().encode(text), name);

async function refusal(given: Promise<unknown>): Promise<string> {
  const error: unknown = await given.then(
    () => new Error('it was read'),
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

describe('more than the limits', () => {
  const megabyte = 'x'.repeat(2 ** 20);
  const row = '{"prompt":"a","chosen":"b","rejected":"c"}\n';

  it.each([
    ['rows of JSON Lines', () => read(row.repeat(maxRows + 1)), `more than ${maxRows} rows; at most ${maxRows} can`],
    ['objects in one line', () => read('{} '.repeat(maxRows + 1)), `more than ${maxRows} rows`],
    ['rows of a list', () => read(`[${'{},'.repeat(maxRows)}{}]`, 'a.json'), `more than ${maxRows} rows`],
    ['rows of a table', () => read(`a,b\n${'c,d\n'.repeat(maxRows + 1)}`, 'a.csv'), `more than ${maxRows} rows`],
    ['broken lines', () => read('{"a":\n'.repeat(maxRows + 5)), `more than ${maxRows} rows`],
    [
      'columns of objects',
      () => read(Array.from({ length: maxColumns + 1 }, (_, i) => `{"k${i}":1}`).join('\n')),
      `${maxColumns + 1} columns; at most ${maxColumns} can be read`,
    ],
    [
      'columns of a table',
      () => read(`${Array.from({ length: maxColumns + 1 }, (_, i) => `k${i}`).join()}\n1,2\n`, 'a.csv'),
      `${maxColumns + 1} columns; at most ${maxColumns} can be read`,
    ],
    ['cells', () => read(`a,b\n${','.repeat(maxCells)}\n`, 'a.csv'), `more than ${maxCells} values`],
    [
      'bytes in gzip',
      () => readTable(Uint8Array.from(gzipSync(new Uint8Array(maxFileBytes + 1))), 'a.jsonl.gz'),
      'more than 128 MiB',
    ],
    [
      'bytes in a workbook, whatever it says of them',
      () =>
        readTable(
          lyingZip(zipSync({ '[Content_Types].xml': new Uint8Array(1), 'xl/a.xml': new Uint8Array(maxFileBytes + 1) })),
          'a.xlsx',
        ),
      'more than 128 MiB',
    ],
    [
      'columns of a workbook',
      async () => readTable(await writeWorkbook('a', [Array.from({ length: 5000 }, (_, i) => `k${i}`)]), 'a.xlsx'),
      `${maxColumns + 1} columns; at most ${maxColumns} can be read`,
    ],
    ['bytes', () => readTable(new Uint8Array(maxFileBytes + 1), 'a.jsonl'), 'more than 128 MiB'],
  ])('%s', async (_, given, sentence) => {
    expect(await refusal(given())).toContain(sentence);
  });

  it('pairs of few rows, and characters of a prompt that stands in all of them', () => {
    const plan = planFrom('pairs', { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' });
    const made = (prompt: string, count: number) => {
      const value = { prompt, chosen: 'c', rejected: Array.from({ length: count }, (_, i) => `r${i}`) };
      return makePairs({ format: 'JSON', decoded: null, rows: [{ row: 1, value }] }, plan, 'a.json');
    };
    const [many, long] = [made('p', maxPairs + 5), made(megabyte, 300)];
    expect([many.pairs.length, many.errors.length, long.errors.length]).toEqual([maxPairs, 1, 1]);
    expect(long.pairs.length).toBe(255);
    expect(sentenceOf(long.errors[0]?.message ?? '')).toBe(
      `Row 1 of a.json makes more pairs than a data set takes: at most ${maxPairs}, with 268435456 characters. It and those after it are left out; split the file.`,
    );
  });
});

/** Writes into each header of a zip that its file has ten bytes. */
function lyingZip(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 30 < bytes.length; at++) {
    if (view.getUint32(at, true) === 0x04034b50) view.setUint32(at + 22, 10, true);
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 10, true);
  }
  return Uint8Array.from(bytes);
}

/** By tools/make_parquet.py. */
describe('Parquet files of few kilobytes that hold more than a tab has', () => {
  it.each([
    ['long-list', /holds more than 5000000 values/],
    ['same-text', /holds more than 128 MiB/],
    ['dictionary', /holds more than 128 MiB/],
  ])('%s', async (name, says) => {
    const bytes = Uint8Array.from(readFileSync(`fixtures/parquet/bombs/${name}.parquet`));
    expect(bytes.length).toBeLessThan(40_000);
    expect(await refusal(readTable(bytes, 'a.parquet'))).toMatch(says);
  });
});

describe('texts that a reader goes over again and again', () => {
  it.each([
    [
      'NaN with ever more signs',
      Array.from({ length: 4000 }, (_, i) => `{"a":"NaN${'?'.repeat(i)}"}`).join('\n'),
      4000,
    ],
    [
      'the same in one value',
      `{"b":NaN,"a":"${Array.from({ length: 4000 }, (_, i) => `NaN${'?'.repeat(i)}`).join('')}"}`,
      1,
    ],
    ['escapes without an end', `{"b":NaN,"a":"${'\\"'.repeat(3e6)}`, 1],
    ['escapes in a broken object', `{"b":1,"a":"${'\\"'.repeat(3e6)}"`, 1],
    ['brackets without an end', '['.repeat(3e6), 1],
    ['objects without an end', '{"a":'.repeat(1e6), 1],
    ['quotation marks', '"'.repeat(3e6), 1],
  ])('JSON: %s', async (_, text, rows) => {
    expect((await read(text)).rows).toHaveLength(rows);
  });

  it.each([
    ['a cell of spaces', `${' '.repeat(3e6)}`],
    ['a cell of brackets', `[${'] '.repeat(2e6)}x`],
    ['a cell of open brackets', '([（'.repeat(1e6)],
    ["Python's lists in lists", `[{'role': 'user', 'content': '${'[('.repeat(2e6)}`],
    ['quotes after quotes', 'a""'.repeat(1e6)],
  ])('a table: %s', async (_, cell) => {
    expect((await read(`prompt,chosen,rejected\n"${cell}",b,c\n`, 'a.csv')).rows.length).toBeGreaterThan(0);
  });

  it('rows that are too deep are refused one by one', async () => {
    const deep = (levels: number) => `{"a":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`;
    const { rows } = await read(`${deep(maxRowDepth)}\n${deep(maxRowDepth)}\n`);
    expect(rows.map(({ error }) => error)).toEqual([undefined, undefined]);
    const { rows: mixed } = await read(`${deep(maxRowDepth + 1)}\n{"a":1}\n`);
    expect(mixed.map(({ error }) => error && sentenceOf(error))).toEqual([
      `more than ${maxRowDepth} lists and objects inside each other`,
      undefined,
    ]);
  });
});

it('a workbook is read as before, repacked', async () => {
  const lines = [
    ['prompt', 'chosen', 'rejected'],
    ['질문', 'a & <b>', 'c'],
  ];
  const { rows } = await readTable(await writeWorkbook('쌍', lines), 'a.xlsx');
  expect(rows).toEqual([{ row: 2, value: { prompt: '질문', chosen: 'a & <b>', rejected: 'c' } }]);
  const broken = zipSync({ '[Content_Types].xml': strToU8('no') });
  expect(await refusal(readTable(Uint8Array.from(broken), 'a.xlsx'))).toMatch(/cannot be read as an Excel workbook/);
});
