import { expect, it } from 'vitest';
import { secondsLeft } from './time-left';

const at = (...seconds: number[]) => seconds.map((s) => ({ at: new Date(s * 1000).toISOString() }));

it('takes the median of the last judgements, without breaks', () => {
  expect(secondsLeft(at(0, 5, 11, 15), 10)).toBe(50);
  expect(secondsLeft(at(0, 5, 11, 15, 3600, 3604), 2)).toBe(10);
});

it('says nothing before there are enough', () => {
  expect(secondsLeft([], 10)).toBeNull();
  expect(secondsLeft(at(0, 5, 10), 10)).toBeNull();
  expect(secondsLeft(at(0, 500, 1000, 1500), 10)).toBeNull();
});
