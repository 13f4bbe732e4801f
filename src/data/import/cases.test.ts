/**
 * @file Files of the shapes that people bring: each is recognised and gives its right pairs, its other columns named.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { dataCases } from './cases';
import { makePairs } from './make-pairs';
import { readTable } from './read-table';
import { recognise } from './recognise';

const folder = 'fixtures/data';

it.each(dataCases)('$file', async ({ file, shape, pairs, leftOver = [] }) => {
  const table = await readTable(Uint8Array.from(readFileSync(`${folder}/${file}`)), file);
  const recognition = recognise(table);
  expect(recognition).toMatchObject({ plan: { shape }, leftOver, doubt: null });
  const made = recognition.plan && makePairs(table, recognition.plan, file);
  expect(made).toMatchObject({ pairs, errors: [] });
});

it('no file of the folder is left out', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.\w+$/.test(name));
  expect(files.sort()).toEqual(dataCases.map(({ file }) => file).sort());
});
