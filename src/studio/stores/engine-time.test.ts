/** @file Foreground work, background work that gives way to it, and what the page is told of both. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { eventually } from './eventually';
import { EngineTime } from './engine-time';

/** A promise that the test settles. */
function deferred<T = void>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}

const settleMs = 400;
let time: EngineTime;
/** What each attempt of the background work was given, and how the test ends it. */
let attempts: { readonly signal: AbortSignal; readonly input: string; readonly end: () => void }[];
let input: string;
let askForBackground: () => void;

const inputs = () => attempts.map((attempt) => attempt.input);
const settle = () => vi.advanceTimersByTimeAsync(settleMs);

beforeEach(() => {
  vi.useFakeTimers();
  time = new EngineTime(settleMs);
  attempts = [];
  input = 'first';
  askForBackground = time.addBackground((signal) => {
    const { promise, resolve } = deferred();
    attempts.push({ signal, input, end: resolve });
    signal.addEventListener('abort', () => resolve());
    return promise;
  });
});
afterEach(() => {
  vi.useRealTimers();
});

it('tells what runs, the outer of nested work first, and answers with what the work answers with', async () => {
  const [inner, outer] = [deferred(), deferred<string>()];
  const whole = time.run('starter', async () => {
    await time.run('training', () => inner.promise);
    return outer.promise;
  });
  expect(time.state.getState().foreground).toEqual(['starter', 'training']);
  inner.resolve();
  await eventually(() => expect(time.state.getState().foreground).toEqual(['starter']));
  outer.resolve('done');
  expect(await whole).toBe('done');
  expect(time.state.getState().foreground).toEqual([]);
});

it('stops work by its kind and nothing else', async () => {
  const end = deferred();
  const signals: AbortSignal[] = [];
  const keepSignal = (signal: AbortSignal) => (signals.push(signal), end.promise);
  const works = [time.run('training', keepSignal), time.run('scoring', keepSignal)];
  time.stop('training');
  expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
  expect([time.isRunning('training'), time.isRunning('probing')]).toEqual([true, false]);
  end.resolve();
  await Promise.all(works);
  expect(time.isRunning('training')).toBe(false);
});

it('knows the newest work of a kind', async () => {
  const end = deferred();
  const signals: AbortSignal[] = [];
  const keepSignal = (signal: AbortSignal) => (signals.push(signal), end.promise);
  const works = [time.run('loading', keepSignal), time.run('loading', keepSignal), time.run('scoring', keepSignal)];
  expect(signals.map((signal) => time.isNewest('loading', signal))).toEqual([false, true, false]);
  end.resolve();
  await Promise.all(works);
});

it('begins background work once its input has stayed the same for a moment, and does it once', async () => {
  askForBackground();
  await vi.advanceTimersByTimeAsync(settleMs - 1);
  input = 'second';
  askForBackground();
  await vi.advanceTimersByTimeAsync(settleMs - 1);
  expect(inputs()).toEqual([]);
  await settle();
  attempts[0]!.end();
  await settle();
  await time.run('comparing', async () => {});
  await settle();
  expect(inputs()).toEqual(['second']);
});

it('stops background work for foreground work and repeats it afterwards until it ends', async () => {
  askForBackground();
  await settle();
  for (const kind of ['probing', 'scoring'] as const) {
    const before = attempts.at(-1)!;
    const work = deferred();
    const done = time.run(kind, () => work.promise);
    expect(before.signal.aborted).toBe(true);
    await settle();
    expect(attempts.at(-1)).toBe(before);
    work.resolve();
    await done;
    await settle();
  }
  attempts[2]!.end();
  await settle();
  expect(inputs()).toEqual(['first', 'first', 'first']);
});

it('waits until the last of several foreground works has ended', async () => {
  askForBackground();
  const [first, second] = [deferred(), deferred()];
  const works = [time.run('scoring', () => first.promise), time.run('training', () => second.promise)];
  first.resolve();
  await works[0];
  await settle();
  expect(inputs()).toEqual([]);
  second.resolve();
  await works[1];
  await settle();
  expect(inputs()).toEqual(['first']);
});

it('does not begin between two foreground works, one right after the other', async () => {
  askForBackground();
  await time.run('loading', async () => {});
  await vi.advanceTimersByTimeAsync(settleMs - 1);
  await time.run('probing', async () => {});
  await vi.advanceTimersByTimeAsync(settleMs - 1);
  expect(inputs()).toEqual([]);
  await settle();
  expect(inputs()).toEqual(['first']);
});

it.each([
  ['rejects', () => Promise.reject(new Error('The device is gone.'))],
  [
    'throws at once',
    () => {
      throw new Error('The device is gone.');
    },
  ],
])('takes background work up again after foreground work that %s', async (_, work: () => Promise<void>) => {
  askForBackground();
  await settle();
  await expect(time.run('loading', work)).rejects.toThrow('The device is gone.');
  expect(time.state.getState().foreground).toEqual([]);
  await settle();
  expect(inputs()).toEqual(['first', 'first']);
});

it('begins anew when the input changes during an attempt, and never has two attempts at once', async () => {
  const released = deferred();
  const seen: string[] = [];
  let [running, most] = [0, 0];
  const ask = time.addBackground(async () => {
    seen.push(input);
    most = Math.max(most, ++running);
    if (seen.length === 1) await released.promise;
    running--;
  });
  ask();
  await settle();
  input = 'second';
  ask();
  await settle();
  expect(seen).toEqual(['first']);
  released.resolve();
  await settle();
  expect(seen).toEqual(['first', 'second']);
  expect(most).toBe(1);
  await settle();
  expect(seen).toHaveLength(2);
});

it('does what is asked for during foreground work when that has ended', async () => {
  const work = deferred();
  const done = time.run('training', () => work.promise);
  input = 'second';
  askForBackground();
  await settle();
  expect(inputs()).toEqual([]);
  work.resolve();
  await done;
  await settle();
  expect(inputs()).toEqual(['second']);
});
