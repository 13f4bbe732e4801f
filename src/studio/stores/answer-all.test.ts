import { expect, it } from 'vitest';
import type { Generation, Progress } from '../../worker/protocol';
import type { Engine, EngineSignal } from '../browser/engine-client';
import { answerAll } from './answer-all';

const generation = (text: string): Generation => ({
  label: 'base',
  text,
  tokens: 1,
  ids: [1],
  finish: 'eos',
  secondsPerToken: 1,
});

/** An engine whose answers come in this order; then it fails, where it is told to. */
const engineOf = (order: readonly (number | Progress)[], failure?: Error): Engine => ({
  call: async (_kind: string, _input: unknown, { onProgress }: { onProgress?: (event: Progress) => void } = {}) => {
    for (const one of order)
      onProgress?.(
        typeof one === 'number' ? { kind: 'answers', asked: one, generations: [generation(`answer ${one}`)] } : one,
      );
    if (failure) throw failure;
    return null as never;
  },
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
});

async function follow(engine: Engine) {
  const [given, counts, under]: [string[], (number | string)[], number[]] = [[], [], [0]];
  const ended = answerAll(
    engine,
    { asked: [], variants: [] },
    {
      signal: new AbortController().signal as EngineSignal,
      showDone: (answers, comparing) =>
        counts.push(comparing === undefined ? answers : `${answers}: ${comparing.done} of ${comparing.total}`),
      onAnswers: async (asked, [answer]) => {
        under.push((under.at(-1) as number) + 1);
        await Promise.resolve();
        given.push(`${asked}: ${answer?.text}`);
        under.push((under.at(-1) as number) - 1);
      },
    },
  );
  await ended.catch(() => undefined);
  return { ended, given, counts, most: Math.max(...under) };
}

it('gives answers on in the order asked, one prompt at a time, whatever order they come in', async () => {
  const { given, counts, most } = await follow(engineOf([2, 0, 1, 4, 3]));
  expect(given).toEqual([0, 1, 2, 3, 4].map((asked) => `${asked}: answer ${asked}`));
  expect(counts).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(1);
});

it('keeps the first without a gap where the engine fails', async () => {
  const { ended, given } = await follow(engineOf([1, 0, 3], new Error('no memory')));
  expect(given).toEqual(['0: answer 0', '1: answer 1']);
  await expect(ended).rejects.toThrow('no memory');
});

it('counts answers that wait for a judge once, and tells how far it is with them', async () => {
  const drawn = (answers: number): Progress => ({ kind: 'drawn', answers });
  const compared = (done: number): Progress => ({ kind: 'compared', done, total: 1 });
  const { given, counts } = await follow(engineOf([drawn(1), drawn(2), compared(0), compared(1), 0, 1, drawn(1), 2]));
  expect(counts).toEqual([1, 2, '2: 0 of 1', '2: 1 of 1', 2, 2, 3, 3]);
  expect(given).toHaveLength(3);
});
