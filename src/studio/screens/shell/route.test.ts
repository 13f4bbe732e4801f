import { expect, it } from 'vitest';
import { addressOf, parseRoute } from './route';

it.each([
  ['#/data', 'data', null],
  ['#/train/runs', 'train', 'runs'],
  ['', '', null],
  ['#model', '', null],
  ['#/', '', null],
  ['#/a/b/c', '', null],
])('reads %j', (hash, screen, part) => expect(parseRoute(hash)).toEqual({ screen, part }));

it('writes what it reads', () => {
  expect(parseRoute(addressOf('train', 'runs'))).toEqual({ screen: 'train', part: 'runs' });
  expect(parseRoute(addressOf('train'))).toEqual({ screen: 'train', part: null });
});
