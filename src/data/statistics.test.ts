/** @file Counts, lengths and the length confound. */
import { expect, it } from 'vitest';
import type { PreferencePair } from './preference-pair';
import { computeStatistics } from './statistics';

const pair = (chosen: string, rejected: string): PreferencePair => ({ prompt: 'abc', chosen, rejected });
const say = (content: string) => [{ role: 'assistant', content }];

it('counts code points, kinds and duplicates', () => {
  const pairs: PreferencePair[] = [
    pair('😀한', 'x'),
    pair('😀한', 'x'),
    { prompt: [...say('12'), ...say('34')], chosen: say('wxyz'), rejected: say('wxyz!') },
  ];
  expect(computeStatistics(pairs)).toMatchObject({
    pairs: 3,
    textPairs: 2,
    chatPairs: 1,
    duplicates: 1,
    prompt: { mean: 10 / 3, median: 3, max: 4 },
    chosen: { mean: 8 / 3, median: 2, max: 4 },
    rejected: { mean: 7 / 3, median: 1, max: 5 },
  });
});

it('tells how often the longer completion is the chosen one', () => {
  const stats = computeStatistics([pair('long', 'l'), pair('longer', 'lo'), pair('s', 'short'), pair('same', 'size')]);
  expect([stats.chosenLonger, stats.rejectedLonger, stats.longerIsChosen]).toEqual([2, 1, 2 / 3]);
});

it('takes the middle of an even number of lengths', () => {
  expect(computeStatistics([pair('a', 'b'), pair('abcd', 'b')]).chosen).toEqual({ mean: 2.5, median: 2.5, max: 4 });
});

it('is zero, and without a share, for no pairs', () => {
  expect(computeStatistics([])).toMatchObject({
    pairs: 0,
    chosen: { mean: 0, median: 0, max: 0 },
    longerIsChosen: null,
  });
  expect(computeStatistics([pair('aa', 'bb')]).longerIsChosen).toBeNull();
});

it('compares no lengths where an answer is absent', () => {
  const { chosenLonger, rejectedLonger, longerIsChosen } = computeStatistics([
    { prompt: 'p', chosen: 'long enough', rejected: '' },
    { prompt: 'p', chosen: '', rejected: 'long enough' },
  ]);
  expect([chosenLonger, rejectedLonger, longerIsChosen]).toEqual([0, 0, null]);
});
