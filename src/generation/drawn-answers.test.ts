import { expect, it } from 'vitest';
import { normalised, type Judging } from './drawn-answers';

const byLength: Judging = async (answers) => answers.map(({ text }) => (text === '' ? null : text.length));
const facts = { prompt: 'p', tokens: 1, reference: null, isEnded: true };

it('gives rewards mean 0 and standard deviation 1 on the answers that are known', async () => {
  // Mean 4, sample variance 4.
  const judging = normalised(byLength, [2, 4, 6, null]);
  const answers = ['12', '1234', '12345678', ''].map((text) => ({ ...facts, text }));
  expect(await judging(answers)).toEqual([-1, 0, 2, null]);
});

it('refuses rewards that do not differ', () => {
  expect(() => normalised(byLength, [3, 3, null])).toThrow('2 rewards');
  expect(() => normalised(byLength, [3])).toThrow('1 rewards');
});
