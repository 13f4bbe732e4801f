import { expect, it } from 'vitest';
import { z } from '../core/zod';
import { quickList } from './quick-list';
import { rowSchema } from './records';

const pair = { prompt: 'p', chosen: 'c', rejected: 'r' };
const row = { pair, file: 'a.jsonl', row: 1 };
const message = { role: 'user', content: 'x' };
const chat = { prompt: [message], chosen: [message], rejected: [] };

it.each<readonly [unknown]>([
  [[]],
  [[row, { ...row, pair: chat, more: 1 }]],
  [null],
  [{}],
  [[row, null]],
  [[{ ...row, scores: { chosen: 1.5, rejected: -1 } }]],
  [[{ ...row, scores: undefined }]],
  [[{ ...row, scores: null }]],
  [[{ ...row, scores: { chosen: NaN, rejected: 0 } }]],
  [[{ ...row, scores: { chosen: 1 } }]],
  [[{ ...row, row: 1.5 }]],
  [[{ ...row, row: 2 ** 60 }]],
  [[{ ...row, file: undefined }]],
  [[{ ...row, pair: [pair] }]],
  [[row, { ...row, pair: { ...chat, prompt: 'p' } }]],
  [[{ ...row, pair: { ...chat, chosen: [{ role: 'user' }] } }]],
])('reads %j as z.array does, and says the same of it', (value) => {
  const [quick, slow] = [quickList(rowSchema).safeParse(value), z.array(rowSchema).safeParse(value)];
  expect(quick.success).toBe(slow.success);
  if (quick.success) expect(quick.data).toBe(value);
  const placesOf = ({ error }: typeof quick | typeof slow) => error?.issues.map(({ code, path }) => [code, path]);
  expect(placesOf(quick)).toEqual(placesOf(slow));
});

it('takes no schema that its plain functions would read less strictly', () => {
  for (const item of [z.float32(), z.string().min(1), z.int().min(1), z.object({ at: z.string().nullable() })])
    expect(() => quickList(item)).toThrow('Internal error');
});
