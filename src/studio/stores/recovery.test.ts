/** @file The engine that goes down and comes up again, over a scripted one and a clock of the test's. */
import { describe, expect, it } from 'vitest';
import { UserError } from '../../core/errors';
import { says } from '../../messages/message';
import type { Requests } from '../../worker/protocol';
import type { Engine } from '../browser/engine-client';
import { mostFalls, withheldMs, type DownCause } from '../plain/engine/recovery';
import type { Run } from '../plain/runs/run';
import { EngineTime } from './engine-time';
import { eventually } from './eventually';
import { createNoticeStore } from './notices';
import { createOpenModelStore } from './open-model';
import { createRecoveryStore } from './recovery';

const device = { device: 'webgpu', reason: 'A GPU.', description: 'a GPU' } as const;
const withheld = new UserError('adapterWithheld');
const lost = new UserError('deviceLost', { reason: 'unknown' });

/** A studio's part: an engine that opens its device by what the test queued, else well. */
async function openParts(openings: (typeof device | Error)[] = [], runs: readonly Partial<Run>[] = []) {
  const opened: Requests['openDevice']['in'][] = [];
  const down: ((error: Error, cause: DownCause) => void)[] = [];
  const engine = {
    call: async (kind: string, input: Requests['openDevice']['in']) => {
      if (kind !== 'openDevice') return null;
      opened.push(input);
      const answer = (opened.length > 1 && openings.shift()) || device;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    onDown: (listener: (error: Error, cause: DownCause) => void) => (down.push(listener), () => {}),
    onSilence: () => () => {},
    restart: () => {},
  } as unknown as Engine;
  const engineTime = new EngineTime();
  const model = createOpenModelStore(engine, engineTime);
  const notices = createNoticeStore();
  const wentOn: string[] = [];
  const alarms: { atMs: number; work: () => void }[] = [];
  const clock = {
    nowMs: 1000,
    now: () => clock.nowMs,
    after(milliseconds: number, work: () => void) {
      const alarm = { atMs: clock.nowMs + milliseconds, work };
      alarms.push(alarm);
      return () => void alarms.splice(alarms.indexOf(alarm), 1);
    },
  };
  const last = { runIds: runs.map(({ id }) => id ?? ''), stopped: false, failure: null };
  const recovery = createRecoveryStore({
    engine,
    engineTime,
    model,
    notices,
    clock,
    training: { getState: () => ({ last }) },
    library: { getState: () => ({ runs: runs as readonly Run[] }) },
    comeBack: { getState: () => ({ goOn: async (id) => void wentOn.push(id) }) },
  });
  await model.getState().start();
  const fall = (error: Error, cause: DownCause) => down.forEach((listener) => listener(error, cause));
  const said = () =>
    notices
      .getState()
      .notices.map(({ message }) => JSON.stringify(message))
      .join('\n');
  return { model, recovery, opened, wentOn, alarms, clock, fall, said };
}

const run = { id: 'r', name: 'dpo-1', status: 'interrupted', checkpoints: [5] } as const;

describe('the engine that went down', () => {
  it('is started again after a loss of the device, without another one in its place, and its run goes on', async () => {
    const { model, opened, wentOn, fall, said } = await openParts([], [run]);
    fall(lost, 'deviceLost');
    await eventually(() => expect(wentOn).toEqual(['r']));
    expect(opened).toEqual([{ prefer: 'auto' }, { prefer: 'auto', afterLoss: true }]);
    expect(model.getState().down).toBeNull();
    expect(said()).toContain('dpo-1 goes on from its last checkpoint');
  });

  it('is started again after a death, and the run is offered and not begun', async () => {
    const { opened, wentOn, fall, said } = await openParts([], [run]);
    fall(new UserError('engineDied'), 'died');
    await eventually(() => expect(said()).toContain('It was started again by itself.'));
    expect(opened).toEqual([{ prefer: 'auto' }, { prefer: 'auto' }]);
    expect(wentOn).toEqual([]);
  });

  it('goes on with no run that ended otherwise, or that has no checkpoint', async () => {
    for (const other of [
      { ...run, status: 'failed' as const },
      { ...run, checkpoints: [] },
    ]) {
      const { wentOn, fall, said } = await openParts([], [other]);
      fall(lost, 'deviceLost');
      await eventually(() => expect(said()).toContain('It was started again by itself.'));
      expect(wentOn).toEqual([]);
    }
  });

  it('waits where the adapter is withheld, tries once more, and then leaves it to a person, with WASM offered', async () => {
    const { model, recovery, opened, alarms, clock, fall } = await openParts([withheld, withheld]);
    fall(lost, 'deviceLost');
    await eventually(() => expect(recovery.getState().retryAtMs).toBe(clock.nowMs + withheldMs));
    expect(recovery.getState().offersWasm).toBe(true);
    expect(says(model.getState().down!.sentence, 'adapterWithheld')).toBe(true);
    clock.nowMs += withheldMs;
    alarms.splice(0).forEach(({ work }) => work());
    await eventually(() => expect(opened).toHaveLength(3));
    await eventually(() => expect(model.getState().down).not.toBeNull());
    expect(recovery.getState()).toMatchObject({ retryAtMs: null, offersWasm: true });
    expect(alarms).toEqual([]);
    await recovery.getState().goOnWithWasm();
    expect(opened.at(-1)).toEqual({ prefer: 'wasm' });
    expect(model.getState().down).toBeNull();
  });

  it('does not try the device again where a person has started the engine meanwhile', async () => {
    const { model, recovery, alarms, fall } = await openParts([withheld]);
    fall(lost, 'deviceLost');
    await eventually(() => expect(alarms).toHaveLength(1));
    await model.getState().restart();
    expect(alarms).toEqual([]);
    expect(recovery.getState().retryAtMs).toBeNull();
  });

  it('is not started for ever', async () => {
    const { model, opened, fall } = await openParts();
    for (let i = 0; i < mostFalls + 2; i++) {
      fall(lost, 'deviceLost');
      await eventually(() => expect(opened).toHaveLength(1 + Math.min(i + 1, mostFalls)));
      await eventually(() => expect(model.getState().down === null).toBe(i < mostFalls));
    }
  });
});
