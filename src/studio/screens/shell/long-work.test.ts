import { expect, it } from 'vitest';
import type { ActiveRun } from '../../stores/active-run';
import { textIn } from '../../text/text';
import { longWorkOf, type WorkStates } from './long-work';

const active = {
  id: 'a-1',
  name: 'dpo-1',
  phase: { kind: 'training', detail: '', done: 10, total: 40 },
  metrics: [{ step: 10 }],
  totalSteps: 40,
  place: 1,
  places: 1,
  secondsLeft: 90,
} as unknown as ActiveRun;
const statesOf = (run: ActiveRun | null, progress: unknown = null) =>
  ({ training: { active: run }, starter: { progress } }) as unknown as WorkStates;
const text = textIn('en');

it('tells name, step, share, time left and where the run is shown', () => {
  expect(longWorkOf(statesOf(active), text)).toEqual({
    name: 'dpo-1',
    detail: 'step 10 of 40',
    share: 0.25,
    timeLeft: 'about 1 min 30 sec left',
    address: '#/train/run-a-1',
  });
  expect(longWorkOf(statesOf(null), text)).toBeNull();
});

it('counts the runs of a start that have ended, and takes the starter as one work', () => {
  expect(longWorkOf(statesOf({ ...active, place: 2, places: 2 }), text)?.share).toBe(0.625);
  const progress = { task: { id: 'dialogue' }, stage: 'dpo', share: 0.7, secondsLeft: 30 };
  expect(longWorkOf(statesOf(active, progress), text)).toMatchObject({ name: 'Helpful answers', share: 0.7 });
});
