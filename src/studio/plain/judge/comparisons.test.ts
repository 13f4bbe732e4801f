import { expect, it } from 'vitest';
import type { AnsweredPrompt, Judgement } from '../../../storage/judging-record';
import { comparisonsOf, countUndecidable, pairOf } from './comparisons';

const promptOf = (prompt: string, ...texts: string[]): AnsweredPrompt => ({
  prompt,
  answers: texts.map((text, voice) => ({ voice, text, isCut: false })),
});

const shown = (answered: readonly AnsweredPrompt[], orderSeed: number) =>
  comparisonsOf({ answered, orderSeed }).map(({ prompt, a, b }) => `${String(prompt)}:${a.text}${b.text}`);

const judged = (verdict: Judgement['verdict'], edited: string | null = null): Judgement => ({
  verdict,
  edited,
  at: '2026-01-01T00:00:00.000Z',
});

it('shows every two answers once, the same for the same seed, prompt after prompt', () => {
  const answered = [promptOf('p', 'x', 'y', 'z'), promptOf('q', 'x', 'y')];
  expect(shown(answered, 7)).toEqual(shown(answered, 7));
  const unordered = (seed: number) => shown(answered, seed).map((pair) => [...pair].sort().join(''));
  for (const seed of [1, 2, 3]) {
    expect(unordered(seed).slice(0, 3).sort()).toEqual([':pxy', ':pxz', ':pyz']);
    expect(unordered(seed).slice(3)).toEqual([':qxy']);
  }
});

it('moves nothing when later prompts are answered', () => {
  const answered = Array.from({ length: 30 }, (_, i) => promptOf(`${i}`, 'x', 'y', 'z'));
  const all = shown(answered, 11);
  for (const count of [1, 7, 29]) expect(shown(answered.slice(0, count), 11)).toEqual(all.slice(0, count * 3));
});

it('puts either answer on either side about as often', () => {
  const answered = Array.from({ length: 2000 }, (_, i) => promptOf(`${i}`, 'x', 'y'));
  const firstOnA = comparisonsOf({ answered, orderSeed: 5 }).filter(({ a }) => a.text === 'x').length;
  // Four standard deviations of a fair coin.
  expect(Math.abs(firstOnA - 1000)).toBeLessThan(4 * Math.sqrt(2000 / 4));
  const firstComparison = Array.from({ length: 400 }, (_, seed) => shown([promptOf('', 'x', 'y')], seed)[0]);
  expect(new Set(firstComparison)).toEqual(new Set([':xy', ':yx']));
});

it('shows no answer beside its like, nor an empty one', () => {
  const answered = [promptOf('same', 'x', ' x '), promptOf('empty', '', 'x'), promptOf('three', 'x', 'y', 'x')];
  expect(shown(answered, 1).map((pair) => pair.split(':')[0])).toEqual(['three']);
  expect(countUndecidable(answered)).toBe(2);
});

it('makes a pair of a choice and of an edit, none of a tie and of two bad ones', () => {
  const [comparison] = comparisonsOf({ answered: [promptOf('p', 'x', 'y')], orderSeed: 0 });
  const { a, b } = comparison!;
  expect(pairOf(comparison!, judged('a'))).toEqual({ prompt: 'p', chosen: a.text, rejected: b.text });
  expect(pairOf(comparison!, judged('b'))).toEqual({ prompt: 'p', chosen: b.text, rejected: a.text });
  expect(pairOf(comparison!, judged('b', 'better'))).toEqual({ prompt: 'p', chosen: 'better', rejected: b.text });
  const spaced = { prompt: 'p', a: { voice: 0, text: ' x', isCut: false }, b: { voice: 0, text: ' y', isCut: false } };
  expect(pairOf(spaced, judged('a', 'better'))).toEqual({ prompt: 'p', chosen: ' better', rejected: ' x' });
  expect(pairOf(comparison!, judged('tie'))).toBeNull();
  expect(pairOf(comparison!, judged('bad'))).toBeNull();
});

it('makes chat messages of the answers to a chat prompt', () => {
  const prompt = [{ role: 'user', content: 'Hello?' }];
  const answers = [
    { voice: 0, text: 'x', isCut: false },
    { voice: 1, text: 'y', isCut: false },
  ];
  const [comparison] = comparisonsOf({ answered: [{ prompt, answers }], orderSeed: 0 });
  expect(pairOf(comparison!, judged('a'))).toEqual({
    prompt,
    chosen: [{ role: 'assistant', content: comparison!.a.text }],
    rejected: [{ role: 'assistant', content: comparison!.b.text }],
  });
});
