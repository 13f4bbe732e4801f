import { describe, expect, it, vi } from 'vitest';
import type { FromWorker, Progress, ToWorker } from '../../worker/protocol';
import { WorkerEngine, type WorkerPort } from './engine-client';

/** A worker that does nothing by itself: the test says what it answers. */
function scriptedWorker() {
  const sent: ToWorker[] = [];
  const listeners = new Map<string, (event: never) => void>();
  let isTerminated = false;
  const port: WorkerPort = {
    postMessage: (message) => void sent.push(message),
    terminate: () => void (isTerminated = true),
    addEventListener: (type: string, listener: (event: never) => void) => void listeners.set(type, listener),
  };
  return {
    port,
    sent,
    isTerminated: () => isTerminated,
    answer: (message: FromWorker) => listeners.get('message')?.({ data: message } as never),
    crash: (message: string) => listeners.get('error')?.({ message } as never),
  };
}

const device = { device: 'wasm', reason: 'No GPU.', description: '2 threads' } as const;

describe('engine client', () => {
  it('gives each call its own answer and its progress', async () => {
    const worker = scriptedWorker();
    const engine = new WorkerEngine(() => worker.port);
    const events: Progress[] = [];
    const opening = engine.call('openDevice', { prefer: 'auto' });
    const loading = engine.call('openModel', { name: 'm', files: [] }, { onProgress: (event) => events.push(event) });
    const [first, second] = worker.sent.map(({ id }) => id);
    worker.answer({ id: second!, kind: 'progress', event: { kind: 'loading', what: 'weights', done: 1, total: 2 } });
    worker.answer({
      id: second!,
      kind: 'error',
      error: { name: 'UserError', message: 'No config.json.', stack: 'there' },
    });
    worker.answer({ id: first!, kind: 'result', out: device });
    expect(await opening).toEqual(device);
    await expect(loading).rejects.toMatchObject({ name: 'UserError', message: 'No config.json.', stack: 'there' });
    expect(events).toEqual([{ kind: 'loading', what: 'weights', done: 1, total: 2 }]);
  });

  it('asks the worker to stop and still waits for its answer', async () => {
    const worker = scriptedWorker();
    const engine = new WorkerEngine(() => worker.port);
    const controller = new AbortController();
    const call = engine.call('memory', {}, { signal: controller.signal });
    controller.abort();
    expect(worker.sent.map(({ kind }) => kind)).toEqual(['memory', 'cancel']);
    const out = { deviceBytes: 1, wasmHeapBytes: 2, jsHeapBytes: 3 };
    worker.answer({ id: worker.sent[0]!.id, kind: 'result', out });
    expect(await call).toEqual(out);
  });

  it.each(['crash', 'deviceLost'] as const)('fails all calls after %s, until it is restarted', async (way) => {
    const workers = [scriptedWorker(), scriptedWorker()];
    let started = 0;
    const engine = new WorkerEngine(() => workers[started++]!.port);
    const onDown = vi.fn();
    engine.onDown(onDown);
    const call = engine.call('openDevice', { prefer: 'auto' });
    if (way === 'crash') workers[0]!.crash('out of memory');
    else
      workers[0]!.answer({
        id: -1,
        kind: 'deviceLost',
        error: { name: 'Error', message: 'The device is gone.', stack: '' },
      });
    await expect(call).rejects.toThrow(way === 'crash' ? 'out of memory' : 'The device is gone.');
    await expect(engine.call('memory', {})).rejects.toThrow();
    expect(onDown).toHaveBeenCalledTimes(1);

    engine.restart();
    expect(workers[0]!.isTerminated()).toBe(true);
    const again = engine.call('openDevice', { prefer: 'auto' });
    const { id } = workers[1]!.sent[0]!;
    workers[0]!.answer({ id, kind: 'result', out: { ...device, reason: 'late answer of the old worker' } });
    workers[1]!.answer({ id, kind: 'result', out: device });
    expect(await again).toEqual(device);
  });

  it('knows by the lock that the worker held that it ended without a word', async () => {
    const worker = scriptedWorker();
    /** Given when the worker lets go. */
    const wanted = new Map<string, () => void>();
    const request = async (name: string, { signal }: LockOptions, work: () => void) => {
      await new Promise<void>((given, aborted) => {
        wanted.set(name, given);
        signal?.addEventListener('abort', () => aborted(signal.reason));
      });
      work();
    };
    const engine = new WorkerEngine(() => worker.port, { locks: { request } as unknown as LockManager });
    const onDown = vi.fn();
    engine.onDown(onDown);
    const call = engine.call('memory', {});
    worker.answer({ id: -1, kind: 'alive', lock: 'life' });
    expect(onDown).not.toHaveBeenCalled();
    wanted.get('life')?.();
    await expect(call).rejects.toMatchObject({ code: 'engineDied' });
    expect(onDown.mock.lastCall?.[1]).toBe('died');

    engine.restart();
    const next = engine.call('memory', {});
    worker.answer({ id: -1, kind: 'alive', lock: 'second life' });
    engine.restart();
    wanted.get('second life')?.();
    await expect(next).rejects.toMatchObject({ name: 'AbortError' });
    expect(onDown).toHaveBeenCalledTimes(1);
  });

  it('goes down where something failed in the worker outside of all calls', async () => {
    const worker = scriptedWorker();
    const engine = new WorkerEngine(() => worker.port);
    const call = engine.call('memory', {});
    worker.answer({ id: -1, kind: 'fault', error: { name: 'TypeError', message: 'x is null', stack: '' } });
    await expect(call).rejects.toThrow('The engine stopped: x is null.');
  });

  it('tells of silence while a call is under way, and takes any message for a sign of life', async () => {
    const worker = scriptedWorker();
    let look = () => {};
    const engine = new WorkerEngine(() => worker.port, {
      every: (_, work) => ((look = work), () => (look = () => {})),
    });
    const heard: (number | null)[] = [];
    engine.onSilence((seconds) => heard.push(seconds));
    const call = engine.call('openDevice', { prefer: 'auto' });
    for (let i = 0; i < 4; i++) look();
    expect(worker.sent.map(({ kind }) => kind)).toEqual(['openDevice', 'ping']);
    expect(heard).toEqual([12]);
    worker.answer({ id: -1, kind: 'pong' });
    expect(heard).toEqual([12, null]);
    worker.answer({ id: worker.sent[0]!.id, kind: 'result', out: device });
    await call;
    for (let i = 0; i < 9; i++) look();
    expect(heard).toEqual([12, null]);
  });

  it('fails the calls under way when it is restarted', async () => {
    const worker = scriptedWorker();
    const engine = new WorkerEngine(() => worker.port);
    const call = engine.call('memory', {});
    engine.restart();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});
