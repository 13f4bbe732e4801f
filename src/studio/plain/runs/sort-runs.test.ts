import { expect, it } from 'vitest';
import type { Run } from './run';
import { firstOrder, pressed, sortRuns } from './sort-runs';

const run = (name: string, change: Partial<Run> = {}) =>
  ({ name, finalLoss: null, finalMargin: null, startedAt: '2026-01-01', ...change }) as Run;
const names = (runs: readonly Run[]) => runs.map(({ name }) => name);
const runs = [
  run('dpo-10', { finalEvalLoss: 0.6 }),
  run('dpo-2', { finalEvalLoss: 0.5, startedAt: '2026-02-01' }),
  run('sft-1', { finalEvalLoss: NaN }),
  run('old'),
];

it('sorts numbers within names, and by evaluation loss with runs that have none last in either direction', () => {
  expect(names(sortRuns(runs, { by: 'name', isDescending: false }))).toEqual(['dpo-2', 'dpo-10', 'old', 'sft-1']);
  expect(names(sortRuns(runs, { by: 'evalLoss', isDescending: false })).slice(0, 2)).toEqual(['dpo-2', 'dpo-10']);
  expect(names(sortRuns(runs, { by: 'evalLoss', isDescending: true })).slice(0, 2)).toEqual(['dpo-10', 'dpo-2']);
  expect(names(sortRuns(runs, firstOrder))[0]).toBe('dpo-2');
});

it('sorts by the reward of the last steps, the highest first', () => {
  const rewarded = [run('dpo-1'), run('rloo-1', { finalReward: 0.2 }), run('rloo-2', { finalReward: 0.9 })];
  expect(names(sortRuns(rewarded, pressed(firstOrder, 'reward')))).toEqual(['rloo-2', 'rloo-1', 'dpo-1']);
});

it('turns round where a column is pressed again', () => {
  const byLoss = pressed(firstOrder, 'evalLoss');
  expect(byLoss).toEqual({ by: 'evalLoss', isDescending: false });
  expect(pressed(byLoss, 'evalLoss')).toEqual({ by: 'evalLoss', isDescending: true });
});
