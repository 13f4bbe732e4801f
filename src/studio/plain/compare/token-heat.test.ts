import { expect, it } from 'vitest';
import { heatLimit, heatOf, heatShare, plainHeat, sumOfRatios } from './token-heat';

const token = (text: string, logp: number, reference: number, isSpecial = false) => ({
  text,
  logp,
  reference,
  isSpecial,
});

it('puts the tokens of one character together and loses none', () => {
  const tokens = [
    token(' a', -1, -2),
    token('', -1, -1.5),
    token('한', -1, -0.5),
    token('<eos>', -0.25, -0.5, true),
    token('', -1, -1),
  ];
  const heat = heatOf(tokens);
  expect(heat.map(({ text, tokens: count, ratio }) => [text, count, ratio])).toEqual([
    [' a', 1, 1],
    ['한', 2, 0],
    ['<eos>', 1, 0.25],
    ['', 1, 0],
  ]);
  expect(heat.reduce((sum, { ratio }) => sum + ratio, 0)).toBeCloseTo(sumOfRatios(tokens), 12);
});

it('leaves out what an audience does not read', () => {
  const heat = heatOf([token(' a', -1, -2), token(' b', -1, -2), token('<eos>', -1, -2, true)]);
  expect(plainHeat(heat).map(({ text }) => text)).toEqual(['a', ' b']);
});

it('is full at what 95 of 100 tokens do not pass', () => {
  const many = heatOf(Array.from({ length: 100 }, (_, i) => token('x', i === 0 ? 50 : -1, i === 0 ? 0 : -1.5)));
  expect(heatLimit([many])).toBe(0.5);
  expect([50, 0.25, -0.5, -9].map((ratio) => heatShare({ ratio }, 0.5))).toEqual([1, 0.5, -1, -1]);
  expect(heatLimit([])).toBe(0.01);
});
