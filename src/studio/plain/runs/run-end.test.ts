import { expect, it } from 'vitest';
import { textIn } from '../../text/text';
import type { Run } from './run';
import { endOf } from './run-end';

const run = (change: Partial<Run>) => ({ name: 'dpo-3', steps: 9, totalSteps: 115, ...change }) as Run;
const said = (change: Partial<Run>, language: 'en' | 'ko' = 'en') => {
  const { result } = textIn(language).train;
  return result.ended('dpo-3', endOf(run(change)), '12 s');
};

it('says early stopping and the step whose adapter is kept', () => {
  expect(said({ status: 'finished', bestStep: 3 })).toBe(
    'dpo-3 stopped early at step 9 of 115, in 12 s; the adapter of step 3 is kept',
  );
  expect(said({ status: 'finished', bestStep: 3 }, 'ko')).toMatch(/조기 종료.*3스텝/);
  expect(textIn('en').runs.steps(endOf(run({ status: 'finished', bestStep: 3 })))).toBe('9 of 115');
});

it('says that a run is paused or stopped, never that it finished', () => {
  expect(said({ status: 'paused' })).toBe('dpo-3 is paused at step 9 of 115, after 12 s');
  expect(said({ status: 'stopped' })).toBe('dpo-3 was stopped at step 9 of 115, after 12 s');
  expect(said({ status: 'interrupted' })).toContain('interrupted');
  for (const status of ['paused', 'stopped', 'interrupted', 'failed', 'running'] as const)
    expect(`${said({ status })} ${said({ status }, 'ko')}`).not.toMatch(/finished|완료/);
});

it('says that a run has finished, and the step kept where that is not the last', () => {
  expect(said({ status: 'finished', steps: 115, bestStep: 115 })).toBe('dpo-3 finished: 115 steps in 12 s');
  expect(said({ status: 'finished', steps: 115, bestStep: 90 })).toBe(
    'dpo-3 finished: 115 steps in 12 s; the adapter of step 90, the best evaluation, is kept',
  );
});
