import { describe, expect, it, vi } from 'vitest';
import { lookEveryMs, WorkerWatch } from './worker-watch';

/** A watch whose time passes when the test says so. */
function openWatch() {
  let look: (() => void) | null = null;
  const ask = vi.fn();
  const onSilence = vi.fn();
  const watch = new WorkerWatch({ ask, onSilence }, (milliseconds, work) => {
    expect(milliseconds).toBe(lookEveryMs);
    look = work;
    return () => (look = null);
  });
  return { watch, ask, onSilence, look: () => look?.(), isLooking: () => look !== null };
}

describe('the watch over the worker', () => {
  it('tells of silence within 20 seconds, how long it lasts, and of its end', () => {
    const { watch, onSilence, look } = openWatch();
    watch.start();
    let looks = 0;
    while (onSilence.mock.calls.length === 0) {
      look();
      looks += 1;
    }
    expect(looks * lookEveryMs).toBeLessThanOrEqual(20_000);
    look();
    expect(onSilence.mock.calls).toEqual([[12], [16]]);
    watch.heard();
    expect(onSilence.mock.lastCall).toEqual([null]);
    watch.heard();
    expect(onSilence).toHaveBeenCalledTimes(3);
  });

  it('is content where every question is answered', () => {
    const { watch, ask, onSilence, look } = openWatch();
    ask.mockImplementation(() => watch.heard());
    watch.start();
    for (let i = 0; i < 10; i++) look();
    expect(ask).toHaveBeenCalledTimes(10);
    expect(onSilence).not.toHaveBeenCalled();
  });

  it('asks nothing where no call is under way', () => {
    const { watch, onSilence, look, isLooking } = openWatch();
    expect(isLooking()).toBe(false);
    watch.start();
    for (let i = 0; i < 5; i++) look();
    watch.stop();
    expect(isLooking()).toBe(false);
    expect(onSilence.mock.lastCall).toEqual([null]);
  });
});
