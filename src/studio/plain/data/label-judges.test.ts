import { expect, it } from 'vitest';
import { initialForm, readForm, withMethod } from '../train/options';
import type { Run } from '../runs/run';
import { judgingRuns, settingsOfJobs, settingsOfRun } from './label-judges';

const jobsOf = (method: Parameters<typeof withMethod>[1]) =>
  readForm({ ...initialForm, ...withMethod(initialForm, method) }, ['q_proj'], 2).jobs;

it('takes the settings of the run that rewards answers, and of no other', () => {
  expect(settingsOfJobs(jobsOf('dpo'), 'r')).toMatchObject({ config: { method: 'dpo' }, startFrom: 'r' });
  expect(settingsOfJobs(jobsOf('reward'), null)).toMatchObject({ config: { method: 'reward' } });
  // The second of two runs goes on from the first, which the halves have not.
  expect(settingsOfJobs(jobsOf('both'), 'r')).toMatchObject({ config: { method: 'dpo' }, startFrom: null });
  for (const method of ['sft', 'kto'] as const) expect(settingsOfJobs(jobsOf(method), null)).toBeNull();
});

it('offers the finished runs of the open model', () => {
  const run = { id: 'r', method: 'dpo', status: 'finished', modelFingerprint: 'm', config: { beta: 0.3 } } as Run;
  const others: readonly Partial<Run>[] = [
    { method: 'sft' },
    { status: 'stopped' },
    { modelFingerprint: 'n' },
    { imported: { ancestors: [], knowsBase: true } },
  ];
  expect(judgingRuns([run, ...others.map((change) => ({ ...run, ...change }))], 'm')).toEqual([run]);
  expect(settingsOfRun({ ...run, startedFrom: 's' })).toEqual({
    config: { beta: 0.3, method: 'dpo' },
    startFrom: 's',
  });
});
