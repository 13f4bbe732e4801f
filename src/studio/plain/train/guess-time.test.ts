import { expect, it } from 'vitest';
import type { Run } from '../runs/run';
import { guessTime } from './guess-time';
import { initialForm, readForm } from './options';
import { planRuns } from './plan';

const pairs = Array.from({ length: 20 }, (_, i) => ({ prompt: `p${i}`, chosen: 'c', rejected: 'r' }));
const form = { ...initialForm, duration: 'steps', max_steps: '30', budget: 'steps' } as const;
const plan = (change: Partial<typeof form> | { method: 'both' }) =>
  planRuns(readForm({ ...form, ...change }, []).jobs, pairs, null, null);
const run = (change: Partial<Run>) =>
  ({
    name: 'dpo-1',
    method: 'dpo',
    modelFingerprint: 'print',
    config: { max_length: 512, per_device_train_batch_size: 2 },
    steps: 10,
    seconds: 20,
    ...change,
  }) as Run;

it('takes the time of a step from the newest run that is alike', () => {
  expect(guessTime(plan({}), [run({}), run({ seconds: 90 })], 'print')).toEqual({ seconds: 60, by: 'dpo-1' });
  expect(guessTime(plan({}), [run({})], 'other')).toBeNull();
  expect(guessTime(plan({}), [run({ config: { max_length: 1024 } })], 'print')).toBeNull();
  expect(guessTime([], [run({})], 'print')).toBeNull();
});

it('says nothing of a twin run as long as one half is like no run', () => {
  expect(guessTime(plan({ method: 'both' }), [run({})], 'print')).toBeNull();
  const sft = run({ name: 'sft-1', method: 'sft', seconds: 10 });
  expect(guessTime(plan({ method: 'both' }), [run({}), sft], 'print')).toEqual({ seconds: 90, by: 'sft-1' });
});

it('goes by a run whose answers were as many and as long', () => {
  const config = { max_length: 512, per_device_train_batch_size: 8, num_generations: 4, max_completion_length: 64 };
  const like = run({ name: 'rloo-1', method: 'rloo', config });
  const asked = plan({
    ...{ method: 'rloo', reward: 'sentiment', per_device_train_batch_size: '8', num_generations: '4' },
    max_completion_length: '64',
  } as Partial<typeof form>);
  expect(guessTime(asked, [like], 'print')).toEqual({ seconds: 60, by: 'rloo-1' });
  expect(guessTime(asked, [{ ...like, config: { ...config, max_completion_length: 128 } }], 'print')).toBeNull();
});
