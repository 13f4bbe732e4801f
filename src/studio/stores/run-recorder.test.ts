/** @file The recorder of a run on a clock that the test moves: what is shown and written, when, in which order. */
import { beforeEach, expect, it } from 'vitest';
import { AbortError, UserError } from '../../core/errors';
import { message } from '../../messages/message';
import type { Progress, TrainResult } from '../../worker/protocol';
import type { StepMetrics } from '../../run/metrics';
import type { TrainingCheckpoint } from '../../run/training-checkpoint';
import type { Run } from '../plain/runs/run';
import type { ActiveRun } from './active-run';
import type { Clock } from './clock';
import { RunRecorder, showEveryMs, withRound, writeEveryMs, type RecordTarget } from './run-recorder';

class TestClock implements Clock {
  private time = 1_000_000;
  private waiting: { readonly at: number; readonly work: () => void }[] = [];

  now(): number {
    return this.time;
  }
  after(milliseconds: number, work: () => void): () => void {
    const entry = { at: this.time + milliseconds, work };
    this.waiting.push(entry);
    return () => (this.waiting = this.waiting.filter((other) => other !== entry));
  }
  pass(milliseconds: number): void {
    this.time += milliseconds;
    const due = this.waiting.filter(({ at }) => at <= this.time);
    this.waiting = this.waiting.filter(({ at }) => at > this.time);
    for (const { work } of due) work();
  }
}

const run = {
  id: 'a',
  name: 'dpo-1',
  status: 'running',
  steps: 0,
  totalSteps: 9,
  seconds: 0,
  adapterBytes: 0,
  warnings: [],
  error: null,
} as unknown as Run;
const pairs = { train: [], evaluation: [] };

const metricsOf = (step: number) =>
  ({ step, epoch: step, loss: 1 / step, grad_norm: 1, learning_rate: 1e-4, 'rewards/margins': step }) as StepMetrics;
const stepEvent = (step: number, more: Partial<StepMetrics> = {}): Progress => ({
  kind: 'step',
  metrics: { ...metricsOf(step), ...more },
  totalSteps: 9,
  secondsPerStep: 1,
  secondsLeft: 9 - step,
});
const checkpointEvent = (step: number): Progress => ({
  kind: 'checkpoint',
  checkpoint: { step } as unknown as TrainingCheckpoint,
});
const result = (change: Partial<TrainResult> = {}): TrainResult => ({
  adapter: { file: new Uint8Array(5) },
  steps: 2,
  totalSteps: 9,
  stopped: false,
  bestStep: null,
  endedEarly: false,
  warnings: ['One row was left out.'],
  seconds: 3,
  ...change,
});

interface Write {
  readonly kind: 'run' | 'checkpoint';
  readonly run: Run;
  readonly steps: readonly number[];
  readonly done: () => void;
}

let clock: TestClock;
let shown: Partial<ActiveRun>[];
/** Writes that were begun; each goes on until the test ends it, unless `writesEnd`. */
let writes: Write[];
let writesEnd: boolean;
let isDiskFull: boolean;
let target: RecordTarget;

beforeEach(() => {
  clock = new TestClock();
  [shown, writes, writesEnd, isDiskFull] = [[], [], true, false];
  const write = (kind: Write['kind'], written: Run, metrics: readonly StepMetrics[] = []) =>
    new Promise<void>((done) => {
      writes.push({ kind, run: written, steps: metrics.map(({ step }) => step), done });
      if (writesEnd) done();
    });
  target = {
    show: (change) => shown.push(change),
    library: {
      save: (written, parts) => write('run', written, parts?.metrics),
      saveCheckpoint: async (written, { step }, _, { metrics }) => {
        await write('checkpoint', written, metrics);
        const { checkpoints = [] } = written;
        return isDiskFull ? checkpoints : [...checkpoints, step];
      },
    },
  };
});

const begin = (change: Partial<Run> = {}, steps: readonly number[] = []) =>
  new RunRecorder({ run: { ...run, ...change }, pairs, metrics: steps.map(metricsOf), samples: [] }, target, clock);
/** Lets every promise that is settled be heard of. */
const heard = () => new Promise((resolve) => setTimeout(resolve));

it('shows what was told since it last showed something, at most ten times a second', () => {
  const recorder = begin();
  recorder.record({ kind: 'encoded', chosenTokens: [3], rejectedTokens: [2] } as unknown as Progress);
  recorder.record(stepEvent(1));
  recorder.record(stepEvent(2));
  clock.pass(showEveryMs - 1);
  expect(shown).toEqual([]);
  clock.pass(1);
  expect(shown).toEqual([
    {
      lengths: { chosen: [3], rejected: [2] },
      phase: { kind: 'training', detail: '', done: 2, total: 9 },
      totalSteps: 9,
      secondsPerStep: 1,
      secondsLeft: 7,
      metrics: [metricsOf(1), metricsOf(2)],
    },
  ]);
  clock.pass(showEveryMs);
  expect(shown).toHaveLength(1);
});

it('adds to the steps that a continued run had, and to its seconds', async () => {
  const recorder = begin({ seconds: 60, steps: 2 }, [1, 2]);
  clock.pass(writeEveryMs);
  recorder.record(stepEvent(3));
  await heard();
  expect(writes).toMatchObject([{ steps: [1, 2, 3], run: { steps: 3, seconds: 60 + writeEveryMs / 1000 } }]);
  expect(await recorder.finish(result({ steps: 4 }), 'stopped')).toMatchObject({ steps: 4, seconds: 63 });
});

it('writes the run at a step every few seconds, not at each', async () => {
  const recorder = begin();
  recorder.record(stepEvent(1));
  clock.pass(writeEveryMs);
  recorder.record(stepEvent(2));
  recorder.record(stepEvent(3));
  clock.pass(writeEveryMs - 1);
  recorder.record(stepEvent(4));
  await heard();
  // When the write has its turn, it is of all that is known by then.
  expect(writes).toMatchObject([{ kind: 'run', run: { finalLoss: 1 / 4, finalMargin: 4, seconds: 9.999 } }]);
});

it('writes one after the other, the end last', async () => {
  writesEnd = false;
  const recorder = begin();
  recorder.record(stepEvent(1));
  recorder.record(checkpointEvent(1));
  await heard();
  recorder.record(stepEvent(2));
  recorder.record(checkpointEvent(2));
  const finished = recorder.finish(result(), 'stopped');
  await heard();
  expect(writes.map(({ kind, steps }) => [kind, steps])).toEqual([['checkpoint', [1]]]);
  writes[0]!.done();
  await heard();
  writes[1]!.done();
  await heard();
  expect(writes.map(({ kind, steps }) => [kind, steps])).toEqual([
    ['checkpoint', [1]],
    ['checkpoint', [1, 2]],
    ['run', [1, 2]],
  ]);
  writes[2]!.done();
  await finished;
});

it('writes the newest alone of the checkpoints that come while one is written', async () => {
  writesEnd = false;
  const recorder = begin();
  recorder.record(checkpointEvent(1));
  await heard();
  for (const step of [2, 3, 4]) recorder.record(checkpointEvent(step));
  writes[0]!.done();
  await heard();
  expect(writes).toHaveLength(2);
  writes[1]!.done();
  const finished = recorder.finish(result({ stopped: true }), 'paused');
  await heard();
  writes[2]!.done();
  expect((await finished).checkpoints).toEqual([1, 4]);
});

it('names no checkpoint that could not be written', async () => {
  const recorder = begin({ checkpoints: [1] });
  isDiskFull = true;
  recorder.record(checkpointEvent(2));
  await heard();
  expect((await recorder.finish(result({ stopped: true }), 'paused')).checkpoints).toEqual([1]);
});

it.each([
  ['finished', { stopped: false, bestStep: 1 }, 'paused', { status: 'finished', bestStep: 1 }],
  ['stopped', { stopped: true }, 'stopped', { status: 'stopped' }],
  ['paused', { stopped: true }, 'paused', { status: 'paused' }],
] as const)('writes a run that was %s with its adapter', async (_, change, stoppedAs, expected) => {
  const recorder = begin();
  recorder.record(stepEvent(1));
  const ended = await recorder.finish(result(change), stoppedAs);
  expect(ended).toMatchObject({ ...expected, adapterBytes: 5, seconds: 3, warnings: ['One row was left out.'] });
  expect(writes.at(-1)).toMatchObject({ run: ended, steps: [1] });
  expect(shown.at(-2)).toMatchObject({ metrics: [metricsOf(1)] });
  expect(shown.at(-1)).toMatchObject({ phase: { kind: 'saving' }, secondsLeft: null });
});

it('writes a run that failed, with the steps that it made, and shows them', async () => {
  const recorder = begin();
  recorder.record(stepEvent(1));
  await recorder.fail(Object.assign(new Error('The device is gone.'), { name: 'UserError' }));
  expect(writes).toMatchObject([{ steps: [1], run: { status: 'failed', error: 'The device is gone.', steps: 1 } }]);
  expect(shown).toMatchObject([{ metrics: [metricsOf(1)] }]);
  await begin().fail(new DOMException('Stopped.', 'AbortError'));
  expect(writes.at(-1)).toMatchObject({ run: { status: 'stopped', error: null } });
});

it.each([
  new UserError('engineDied'),
  // As a person does who sees that it hangs: that stops no run.
  new AbortError(message('engineRestarted')),
])('writes a run that the end of the engine cut off as interrupted, with why: %s', async (error) => {
  await begin().fail(error);
  expect(writes).toMatchObject([{ run: { status: 'interrupted', error: error.said } }]);
});

it('keeps the first and the newest answers that a run has drawn, and all of its evaluations', () => {
  type Rounds = Parameters<typeof withRound>[0];
  const steps = Array.from({ length: 100 }, (_, i) => i + 1);
  const drawn = steps.reduce<Rounds>((rounds, step) => withRound(rounds, { step, prompt: 'p', answers: [] }), []);
  expect(drawn.map(({ step }) => step)).toEqual([1, ...steps.slice(-39)]);
  expect(steps.reduce<Rounds>((rounds, step) => withRound(rounds, { step, answers: [] }), [])).toHaveLength(100);
});

it('keeps the mean reward of the last steps of a run on answers of its own, and none of another', async () => {
  const recorder = begin({ method: 'rloo' });
  for (let step = 1; step <= 12; step++) recorder.record(stepEvent(step, { reward: step }));
  // Of steps 3 to 12.
  expect((await recorder.finish(result(), 'stopped')).finalReward).toBe(7.5);
  const pairwise = begin({ method: 'dpo' });
  pairwise.record(stepEvent(1));
  expect(await pairwise.finish(result(), 'stopped')).not.toHaveProperty('finalReward');
});

it('says no loss of a run on answers of its own, whose loss says nothing', async () => {
  const recorder = begin({ method: 'rloo' });
  recorder.record(stepEvent(1));
  const ended = await recorder.finish(result(), 'stopped');
  expect(ended.finalLoss).toBeNull();
  expect(ended).not.toHaveProperty('curve');
  const pairwise = begin({ method: 'dpo' });
  pairwise.record(stepEvent(1));
  expect(await pairwise.finish(result(), 'stopped')).toMatchObject({ finalLoss: 1, curve: [1] });
});
