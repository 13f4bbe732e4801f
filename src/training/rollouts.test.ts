/** @file What a step's drawn answers become, by hand: pairs in their micro-batches, and what is told of them. */
import { expect, it } from 'vitest';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { PairTokenLogps } from '../objectives/objective';
import { parseRunConfig } from '../run/config';
import type { EncodedPair } from '../text/encode-pair';
import { rollOut, type DrawnAnswer } from './rollouts';

it('puts the better answer before the worse, in the micro-batch of their prompt, and leaves out what is not judged', async () => {
  const prompts = [0, 1, 2, 3].map((token): EncodedPair => ({
    ...{ promptIds: [token, token], chosenIds: [], rejectedIds: [], warnings: [], faults: [] },
  }));
  const answer = (reward: number | null, ...ids: number[]): DrawnAnswer => ({
    ...{ reward, ids, text: '', isEnded: ids.length < 3 },
  });
  const drawn = [
    ...[answer(0, 10), answer(1, 11, 11)], // prompt 2
    ...[answer(1, 12, 12, 12), answer(0.75, 13)], // prompt 0: the first is cut off
    ...[answer(0.5, 14), answer(0.5, 15)], // prompt 3
    ...[answer(null, 16), answer(1, 17)], // prompt 1
  ];
  const seen: string[] = [];
  const scoring = (pairs: readonly EncodedPair[], adapter: DeviceAdapter | null): Promise<PairTokenLogps[]> => {
    seen.push(pairs.map(({ chosenIds, rejectedIds }) => `${chosenIds.join()} > ${rejectedIds.join()}`).join('; '));
    const logps = ({ length }: readonly number[]) => new Float64Array(length).fill(adapter === null ? -3 : -1);
    return Promise.resolve(
      pairs.map(({ chosenIds, rejectedIds }) => ({ chosen: logps(chosenIds), rejected: logps(rejectedIds) })),
    );
  };
  const config = parseRunConfig({ method: 'online_dpo', missing_eos_penalty: 0.5 });
  const batch = { step: 1, epoch: 1, microBatches: [[2], [0, 3], [1]] };
  const policy = {} as DeviceAdapter;
  const answering = (asked: readonly { readonly prompt: number }[]): Promise<DrawnAnswer[]> => {
    expect(asked.map(({ prompt }) => prompt)).toEqual([2, 2, 0, 0, 3, 3, 1, 1]);
    return Promise.resolve(drawn);
  };
  const rollout = await rollOut(config, batch, { prompts, answering, scoring, policy, reference: null });
  expect(seen).toEqual(new Array(2).fill('11,11 > 10; 13 > 12,12,12; 14 > 15'));
  expect(rollout.examples.map(({ promptIds }) => promptIds[0])).toEqual([2, 0, 3]);
  expect(rollout.microBatches).toEqual([[0], [1, 2]]);
  expect(rollout.facts).toEqual([]);
  expect(rollout.tokens).toBe(8 * 2 + 11);
  expect(rollout.metrics).toMatchObject({
    ...{ kl: 2, 'completions/mean_surprise': 1, 'completions/mean_length': 11 / 8, 'completions/clipped_ratio': 1 / 8 },
    ...{ 'objective/scores_margin': (1 + 0.25) / 3, frac_reward_zero_std: 1 / 3 },
  });
});

it('tells nothing of divergence and surprise where no answer was scored', async () => {
  const prompts = [{ promptIds: [1], chosenIds: [], rejectedIds: [], warnings: [], faults: [] }];
  const drawn = [10, 11].map((id) => ({ reward: null, ids: [id], text: '', isEnded: true }));
  const { examples, metrics } = await rollOut(
    parseRunConfig({ method: 'online_dpo' }),
    { step: 1, epoch: 1, microBatches: [[0]] },
    {
      prompts,
      answering: () => Promise.resolve(drawn),
      scoring: (pairs) =>
        Promise.resolve(pairs.map(() => ({ chosen: new Float64Array(1), rejected: new Float64Array(1) }))),
      ...{ policy: {} as DeviceAdapter, reference: null },
    },
  );
  expect(examples).toEqual([]);
  expect(Object.keys(metrics).toSorted()).toEqual([
    ...['completions/clipped_ratio', 'completions/mean_length', 'completions/mean_terminated_length'],
  ]);
});
