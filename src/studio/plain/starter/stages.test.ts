/** @file The time left over all stages. */
import { expect, it } from 'vitest';
import { lookAhead, stages } from './stages';

const whole = stages.reduce((sum, { expectedSeconds }) => sum + expectedSeconds, 0);
const expected = Object.fromEntries(stages.map(({ key, expectedSeconds }) => [key, expectedSeconds])) as Record<
  string,
  number
>;

it('begins with what was measured, and does not take the network for the PC', () => {
  expect(lookAhead({ stage: 'download', secondsInStage: 0, secondsLeftInStage: null, finished: {} })).toEqual({
    secondsLeft: whole,
    share: 0,
  });
  const slow = lookAhead({ stage: 'sft', secondsInStage: 0, secondsLeftInStage: null, finished: { download: 60 } });
  expect(slow.secondsLeft).toBeCloseTo(whole - expected['download']!);
});

it('lets a PC that is half as fast take twice the time for what is still to come', () => {
  const { secondsLeft } = lookAhead({
    stage: 'sft',
    secondsInStage: expected['sft']!,
    secondsLeftInStage: expected['sft']!,
    finished: { download: 1 },
  });
  expect(secondsLeft).toBeCloseTo(expected['sft']! + 2 * (expected['dpo']! + expected['answers']!));
});

it('comes to its end', () => {
  const finished = { download: 1, sft: 10, dpo: 10 };
  const { share, secondsLeft } = lookAhead({ stage: 'answers', secondsInStage: 10, secondsLeftInStage: 0, finished });
  expect(secondsLeft).toBe(0);
  expect(share).toBe(1);
});

it('does not promise that a late stage is over', () => {
  const late = lookAhead({ stage: 'answers', secondsInStage: 1000, secondsLeftInStage: null, finished: {} });
  expect(late.secondsLeft).toBeGreaterThan(0);
});
