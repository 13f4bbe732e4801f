/** @file JSON Lines: rows, blank lines, line ends, broken lines. */
import { expect, it } from 'vitest';
import { parseJsonLines, writeJsonLines } from './json-lines';

it('numbers lines from 1 and skips blank ones', () => {
  expect(parseJsonLines('\ufeff{"a":1}\r\n\n  \r\n[2]\nnull')).toEqual([
    { row: 1, value: { a: 1 } },
    { row: 4, value: [2] },
    { row: 5, value: null },
  ]);
});

it('goes on after a broken line, with the reason', () => {
  const [first, second, third] = parseJsonLines('1\n{"a":\n3\n');
  expect([first, third]).toEqual([
    { row: 1, value: 1 },
    { row: 3, value: 3 },
  ]);
  expect(second).toMatchObject({ row: 2 });
  expect(second?.error).toMatch(/JSON/);
  expect(second).not.toHaveProperty('value');
});

it('does not take U+2028 for a line end', () => {
  expect(parseJsonLines('"a\u2028b"')).toEqual([{ row: 1, value: 'a\u2028b' }]);
});

it('of nothing is nothing', () => {
  expect(parseJsonLines(' \n\t\n')).toEqual([]);
});

it('writes one JSON object a line', () => {
  const step = { step: 1, epoch: 0.5, loss: 0.69, grad_norm: 1, learning_rate: 1e-4 };
  expect(
    writeJsonLines([step, { ...step, step: 2 }])
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([step, { ...step, step: 2 }]);
});
