import { expect, it } from 'vitest';
import type { Run } from './run';
import { chainOf } from './chain';

const run = (id: string, startedFrom: string | null, imported?: Run['imported']) =>
  ({ id, name: `run-${id}`, modelName: 'base', startedFrom, ...(imported && { imported }) }) as Run;

it('goes from the base over every adapter, imported and deleted ones too', () => {
  const [a, b, c] = [run('a', null, { ancestors: ['older'], knowsBase: true }), run('b', 'a'), run('c', 'b')];
  expect(chainOf(a, [a], 'gone')).toEqual(['base', 'older', 'run-a']);
  expect(chainOf(c, [a, b, c], 'gone')).toEqual(['base', 'older', 'run-a', 'run-b', 'run-c']);
  expect(chainOf(c, [b, c], 'gone')).toEqual(['base', 'gone', 'run-b', 'run-c']);
  expect(chainOf(run('x', 'x'), [run('x', 'x')], 'gone')).toEqual(['base', 'run-x']);
});
