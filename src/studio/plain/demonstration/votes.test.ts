/** @file Votes are counted by prompt; a prompt is one contest however many voted, and equal answers are ties. */
import { expect, it } from 'vitest';
import { wilsonInterval } from '../../../evaluation/win-rate';
import { exampleDemonstration, exampleEvents } from './example';
import { decidedPrompts, isRevealed, pairRatesOf, votesOf } from './votes';

const after = (...events: Parameters<typeof exampleEvents>[0]) => ({
  ...exampleDemonstration,
  judgements: exampleEvents(events),
});

it('counts the votes of a prompt at once, and in all once the names are revealed', () => {
  const voted = after([0, 2], [0, 2], [0, 0], [1, 1]);
  expect(votesOf(voted, 0)).toEqual([1, 0, 2]);
  expect(votesOf(voted, 1)).toEqual([0, 1, 0]);
  expect(votesOf(voted)).toEqual([0, 0, 0]);
  const revealed = after([0, 2], [0, 2], [0, 0], [0], [1, 1]);
  expect([isRevealed(revealed, 0), isRevealed(revealed, 1)]).toEqual([true, false]);
  expect(votesOf(revealed)).toEqual([1, 0, 2]);
});

it('takes a prompt as one contest, with Wilson’s interval over prompts', () => {
  const rates = pairRatesOf(after([0, 2], [0, 2], [0, 0], [0]));
  expect(rates.map(({ column, against, rate }) => [column, against, rate?.wins, rate?.ties, rate?.losses])).toEqual([
    [2, 0, 1, 0, 0],
    [2, 1, 1, 0, 0],
    [1, 0, 0, 0, 1],
  ]);
  expect(rates[0]?.rate?.interval).toEqual(wilsonInterval(1, 1));
});

it('calls equal answers a tie, whoever of them got the votes', () => {
  const rates = pairRatesOf(after([1, 1], [1, 1], [1]));
  expect(rates.map(({ rate }) => [rate?.wins, rate?.ties, rate?.losses])).toEqual([
    [0, 1, 0],
    [0, 0, 1],
    [0, 1, 0],
  ]);
});

it('counts no prompt that nobody voted on, nor one whose names are hidden', () => {
  const nothing = after([0], [1, 2]);
  expect(decidedPrompts(nothing)).toEqual([]);
  expect(pairRatesOf(nothing).map(({ rate }) => rate)).toEqual([null, null, null]);
});
