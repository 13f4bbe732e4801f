/** @file Answers that wait for a judge: what it is asked, and what its preferences come to. */
import { expect, it } from 'vitest';
import { comparisonsOf, pairsToAsk, settle, withDrawn, type WaitingAnswers } from './waiting-answers';

const waiting: WaitingAnswers = {
  judge: 'j',
  drawn: [
    { prompt: 'same', answers: ['a', 'a '] },
    { prompt: [{ role: 'user', content: 'p' }], answers: ['x', 'y', 'y'] },
    { prompt: 'q', answers: ['u', 'v'] },
  ],
  preferences: [],
};
const before = { answered: [{ prompt: 'o', candidates: [] }], waiting };

it('asks nothing of equal answers, which are worth 1/2, and settles such a prompt at once', () => {
  expect(comparisonsOf(waiting)).toBe(3);
  expect([...pairsToAsk(waiting)]).toEqual([
    [
      { prompt: 'p', a: 'x', b: 'y' },
      { prompt: 'p', a: 'x', b: 'y' },
      { prompt: 'q', a: 'u', b: 'v' },
    ],
  ]);
  const half = { text: 'a', reward: 0.5 };
  expect(settle(before)).toEqual({
    answered: [...before.answered, { prompt: 'same', candidates: [half, { ...half, text: 'a ' }] }],
    waiting: { ...waiting, drawn: waiting.drawn.slice(1) },
  });
});

it('moves a prompt to those judged when all is said of it, the best answer first', () => {
  const rest = settle(before);
  const say = (preferences: readonly number[]) => settle({ ...rest, waiting: { ...rest.waiting!, preferences } });
  expect(say([0.25])).toEqual({ ...rest, waiting: { ...rest.waiting, preferences: [0.25] } });
  expect([...pairsToAsk(say([0.25]).waiting!)].flat()).toHaveLength(2);
  const judged = say([0.25, 0.5]);
  // x: (0.25 + 0.5) / 2; the first y: (0.75 + 0.5) / 2; the other: (0.5 + 0.5) / 2.
  expect(judged.answered.at(-1)?.candidates).toEqual([
    { text: 'y', reward: 0.625 },
    { text: 'y', reward: 0.5 },
    { text: 'x', reward: 0.375 },
  ]);
  expect(judged.waiting).toEqual({ judge: 'j', drawn: waiting.drawn.slice(2), preferences: [] });
  const { answered, waiting: left } = settle({ ...judged, waiting: { ...judged.waiting!, preferences: [1] } });
  expect([answered.length, left]).toEqual([4, null]);
});

it('asks in portions of whole prompts, each pair once', () => {
  const answers = Array.from({ length: 16 }, (_, at) => `answer ${at}`);
  const prompts = ['a', 'b', 'c', 'd'];
  const all = prompts.reduce<WaitingAnswers | null>((so, prompt) => withDrawn(so, 'j', { prompt, answers }), null)!;
  const portions = [...pairsToAsk({ ...all, preferences: Array.from({ length: 100 }, () => 0.5) })];
  expect(portions.map((pairs) => pairs.length)).toEqual([260, 120]);
  expect(portions.flat().filter(({ prompt }) => prompt === 'a')).toHaveLength(20);
  expect(new Set(portions.flat().map((pair) => JSON.stringify(pair))).size).toBe(380);
});
