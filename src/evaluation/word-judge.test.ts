/** @file The judge by words on the pairs that the starter ships, a tenth of their labels flipped by lot. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { negativeLogLogistic } from '../core/logistic';
import { Random } from '../core/random';
import { meanOf } from '../core/statistics';
import { parsePairs } from '../data/parse-pairs';
import type { PreferencePair, TextPair } from '../data/preference-pair';
import { diagnoseLabels } from './label-doctor';
import { wordMargins } from './word-judge';

const turned = (pair: PreferencePair): PreferencePair =>
  ({ ...pair, chosen: pair.rejected, rejected: pair.chosen }) as PreferencePair;

function flipTenth(pairs: readonly PreferencePair[], seed: number) {
  const places = new Random(seed).shuffled(pairs.map((_, index) => index)).slice(0, Math.round(pairs.length / 10));
  const flipped = new Set(places);
  return { flipped, pairs: pairs.map((pair, index) => (flipped.has(index) ? turned(pair) : pair)) };
}

describe('a tenth of the labels of the starter flipped', () => {
  it.each([
    ['sentiment', 0.7],
    ['sentiment-ko', 0.95],
  ])('%s: of the first tenth named at least %d are flipped', async (task, wanted) => {
    const file = `public/starter/${task}/contrast.jsonl`;
    const { pairs, flipped } = flipTenth(parsePairs(readFileSync(file, 'utf8'), file).pairs, 7);
    const { noise, doubtful } = diagnoseLabels(pairs, await wordMargins(pairs));
    const named = doubtful.slice(0, flipped.size).filter(({ index }) => flipped.has(index));
    expect(named.length / flipped.size).toBeGreaterThanOrEqual(wanted);
    expect(noise.low).toBeLessThanOrEqual(0.1);
    expect(noise.high).toBeGreaterThanOrEqual(0.1);
  });
});

const pairs: readonly TextPair[] = Array.from({ length: 60 }, (_, i) => ({
  prompt: `p${i}`,
  chosen: `it was good and ${i % 7}`,
  rejected: `it was bad and ${i % 5}`,
}));

it('a label turned round turns the sign of its margin, and no pair is judged by a fit that has seen its prompt', async () => {
  const odd = { prompt: 'odd', chosen: 'it was bad', rejected: 'it was good' };
  const margins = await wordMargins([...pairs, odd]);
  expect(margins.slice(0, -1).every((margin) => margin > 0)).toBe(true);
  expect(margins.at(-1)).toBeLessThan(0);
  // Pairs of one prompt that all use a word of their own: a fit that saw any of them would know it.
  const own = Array.from({ length: 5 }, () => ({ prompt: 'own', chosen: 'xyz', rejected: 'uvw' }));
  expect((await wordMargins([...pairs, ...own])).slice(-5)).toEqual([0, 0, 0, 0, 0]);
});

it('is as sure as the labels let it be: not at all of labels by lot, and much of labels that a word tells', async () => {
  const random = new Random(3);
  const byLot = Array.from({ length: 120 }, (_, i) => {
    const words = random.shuffled(['red', 'blue', 'tall', 'old', 'wide', 'soft', 'cold', 'loud']);
    return { prompt: `p${i}`, chosen: words.slice(0, 4).join(' '), rejected: words.slice(4).join(' ') };
  });
  const lossOf = async (data: readonly TextPair[]) => meanOf((await wordMargins(data)).map(negativeLogLogistic));
  expect(await lossOf(byLot)).toBeLessThan(1);
  expect(await lossOf(pairs)).toBeLessThan(0.003);
});

it('says nothing of answers that no words tell apart, and refuses too few prompts', async () => {
  const same = Array.from({ length: 30 }, (_, i) => ({ prompt: String(i), chosen: 'a', rejected: 'a' }));
  expect(new Set(await wordMargins(same))).toEqual(new Set([0]));
  await expect(wordMargins(pairs.slice(0, 19))).rejects.toThrow('19 pairs are too few');
});

it('is stopped in between', async () => {
  const controller = new AbortController();
  const stopped = wordMargins(pairs, { signal: controller.signal, onProgress: () => controller.abort() });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
});
