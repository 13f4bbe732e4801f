import { expect, it } from 'vitest';
import { createStore } from 'zustand/vanilla';
import type { Run } from '../plain/runs/run';
import type { Studio } from './studio-stores';
import { watchEnds } from './watch-ends';

function open() {
  const training = createStore(() => ({ active: null as unknown, last: null as unknown }));
  const starter = createStore(() => ({ progress: null as unknown, result: null as unknown }));
  const runs = [{ id: 'a', name: 'dpo-1', status: 'finished', steps: 9, totalSteps: 9, seconds: 12 } as Run];
  const library = createStore(() => ({ runs }));
  const told: string[] = [];
  watchEnds({ training, starter, library } as unknown as Studio, (title, body) => told.push(`${title} ${body}`));
  const end = (last: object) => {
    training.setState({ active: {}, last: null });
    training.setState({ active: null, last: { runIds: ['a'], stopped: false, failure: null, ...last } });
  };
  return { training, starter, told, end };
}

it('tells the end of a start and its failure, and nothing of one that a person stopped', () => {
  const { told, end } = open();
  end({});
  expect(told).toEqual(['Training has ended dpo-1 finished: 9 steps in 12 sec.']);
  end({ stopped: true });
  expect(told).toHaveLength(1);
  end({ failure: {} });
  expect(told[1]).toMatch(/^Training has failed/);
});

it('tells the starter as one work', () => {
  const { starter, told, end } = open();
  starter.setState({ progress: {} });
  end({});
  expect(told).toEqual([]);
  starter.setState({ progress: null, result: { seconds: 90, task: { id: 'dialogue' } } });
  expect(told).toEqual(['Training has ended Helpful answers']);
});
