/** @file When the browser is asked to keep what is stored: at every writing until it has promised, once a minute. */
import { expect, it } from 'vitest';
import { askAgainMs, createSpaceStore } from './space';

it('asks again until the browser has promised', async () => {
  let [time, asked, isKept] = [0, 0, false];
  const source = {
    readSpace: async () => ({ usedBytes: 1, roomBytes: 1, persisted: isKept }),
    requestPersistence: async () => (asked++, isKept),
  };
  const store = createSpaceStore(source, () => time);
  await store.getState().measure();
  expect(asked).toBe(0);
  for (const [passes, wanted] of [
    [0, 1],
    [askAgainMs - 1, 1],
    [1, 2],
  ] as const) {
    time += passes;
    await store.getState().measureStored();
    expect(asked).toBe(wanted);
  }
  isKept = true;
  time += askAgainMs;
  await store.getState().measureStored();
  time += askAgainMs;
  await store.getState().measureStored();
  expect(asked).toBe(3);
  expect(store.getState().space?.persisted).toBe(true);
});
