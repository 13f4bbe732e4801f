/** @file A show goes voting, names, next prompt, and ends with the result; the order of the columns is the seed's. */
import { describe, expect, it } from 'vitest';
import { exampleDemonstration as demonstration, exampleEvents } from './example';
import { canTakeBack, firstOpen, letterOf, orderAt, phaseOf, stepBack, stepForward } from './show';

const after = (...events: Parameters<typeof exampleEvents>[0]) => ({
  ...demonstration,
  judgements: exampleEvents(events),
});

describe('a show', () => {
  it('reveals the names of a prompt before it goes on, and ends with the result', () => {
    expect([phaseOf(demonstration, 0), stepForward(demonstration, 0)]).toEqual(['voting', 'reveal']);
    const revealed = after([0, 1], [0]);
    expect([phaseOf(revealed, 0), stepForward(revealed, 0)]).toEqual(['revealed', 1]);
    expect([phaseOf(revealed, 1), stepForward(revealed, 1)]).toEqual(['voting', 'reveal']);
    expect([phaseOf(revealed, 2), stepForward(revealed, 2)]).toEqual(['waiting', 3]);
    expect([phaseOf(revealed, 3), stepForward(revealed, 3)]).toEqual(['result', null]);
    expect([stepBack(3), stepBack(1), stepBack(0)]).toEqual([2, 0, null]);
  });

  it('goes on at the first prompt whose names nobody has seen', () => {
    expect(firstOpen(demonstration)).toBe(0);
    expect(firstOpen(after([0]))).toBe(1);
    expect(firstOpen(after([1]))).toBe(0);
    expect(firstOpen(after([0], [1], [2]))).toBe(3);
  });

  it('takes back a vote on the prompt at hand, and no reveal', () => {
    expect(canTakeBack(demonstration, 0)).toBe(false);
    expect(canTakeBack(after([0, 2]), 0)).toBe(true);
    expect(canTakeBack(after([0, 2]), 1)).toBe(false);
    expect(canTakeBack(after([0, 2], [0]), 0)).toBe(false);
  });
});

it('shuffles the columns by the kept seed, each prompt by itself', () => {
  const orders = Array.from({ length: 60 }, (_, at) => orderAt(demonstration, at));
  expect(orders).toEqual(Array.from({ length: 60 }, (_, at) => orderAt({ ...demonstration }, at)));
  for (const order of orders) expect([...order].sort()).toEqual([0, 1, 2]);
  expect(new Set(orders.map(String)).size).toBe(6);
  const other = { ...demonstration, orderSeed: 8 };
  expect(orders.map((_, at) => orderAt(other, at))).not.toEqual(orders);
  expect([0, 1, 2].map(letterOf)).toEqual(['A', 'B', 'C']);
});
