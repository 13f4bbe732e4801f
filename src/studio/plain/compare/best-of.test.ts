import { expect, it } from 'vitest';
import type { Generation } from '../../../worker/protocol';
import { newRule } from '../data/rule-form';
import { bestFirst, judgeAnswer, referencesOf, rewardOf } from './best-of';

const generation = (text: string, finish: Generation['finish'] = 'eos'): Generation => ({
  ...{ label: '0', text, tokens: 3, ids: [1, 2, 3], finish, secondsPerToken: 1 },
});

it('puts the best first, and of equals the one that was asked first', () => {
  const made = [null, 0.5, 1, 0.5, 1].map((reward, index) => ({
    ...{ index, text: '', tokens: 0, ids: [], finish: 'eos' as const, reward, results: [] },
  }));
  expect(bestFirst(made.toReversed()).map(({ index }) => index)).toEqual([2, 4, 1, 3, 0]);
});

it('judges by the rules of the form, with tokens, end and right answer; not where a rule needs correction', () => {
  const forms = [
    { ...newRule('length', 'a'), unit: 'tokens' as const, max: '3', weight: '2' },
    newRule('ends_properly', 'b'),
    newRule('reference', 'c'),
  ];
  const reward = rewardOf('rules', forms)!;
  expect(judgeAnswer(reward, 'p', 'Stop.', generation('Stop.'), 4)).toMatchObject({ index: 4, reward: 1 });
  expect(judgeAnswer(reward, 'p', 'Stop.', generation('Stop.', 'length'), 0).reward).toBe(3 / 4);
  const judged = judgeAnswer(reward, 'p', null, generation('Go'), 0);
  expect(judged.reward).toBe(2 / 3);
  expect(judged.results.map(({ isKept }) => isKept)).toEqual([true, false, null]);
  expect(rewardOf('rules', [...forms, newRule('contains', 'd')])).toBeNull();
  expect(rewardOf('rules', [])).toBeNull();
  expect(rewardOf('sentiment', [])?.name).toBe('sentiment');
});

it('takes the first chosen answer to a prompt, text or chat, as its right answer', () => {
  const ask = (content: string) => [{ role: 'user', content }];
  const say = (content: string) => [{ role: 'assistant', content }];
  const pairs = [
    { prompt: 'p', chosen: 'first', rejected: 'x' },
    { prompt: 'p', chosen: 'second', rejected: 'x' },
    { prompt: ask('p'), chosen: say('in chat'), rejected: say('x') },
  ];
  const referenceOf = referencesOf(pairs.map((pair, row) => ({ pair, file: 'a', row })));
  expect([referenceOf('p'), referenceOf(ask('p')), referenceOf('q')]).toEqual(['first', 'in chat', null]);
});

it('has no right answer to a prompt without one, and takes that of a later pair', () => {
  const pairs = [
    { prompt: 'p', chosen: '', rejected: '' },
    { prompt: 'p', chosen: 'right', rejected: '' },
    { prompt: 'q', chosen: '', rejected: 'bad' },
    { prompt: [{ role: 'user', content: 'q' }], chosen: [], rejected: [] },
  ];
  const referenceOf = referencesOf(pairs.map((pair, row) => ({ pair, file: 'a', row })));
  expect([referenceOf('p'), referenceOf('q'), referenceOf([{ role: 'user', content: 'q' }])]).toEqual([
    ...['right', null, null],
  ]);
});

it('takes the score of a reward model as the engine gave it', () => {
  expect(judgeAnswer(null, 'p', null, { ...generation('Go'), reward: -2.5 }, 1)).toMatchObject({ reward: -2.5 });
  expect(judgeAnswer(null, 'p', null, { ...generation('Go'), reward: null }, 1).reward).toBeNull();
});
