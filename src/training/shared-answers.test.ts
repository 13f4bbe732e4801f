/**
 * @file Pairs that share prompts and answers have them in a row once; their numbers are those of rows that share
 * nothing.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import type { LoadedModel } from '../engine/loaded-model';
import { buildRandomModel } from '../engine/random-model';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import { parseRunConfig } from '../run/config';
import type { EncodedPair } from '../text/encode-pair';
import { train } from './trainer';

describe('pairs of the same answers', () => {
  let executor: Executor;
  let model: LoadedModel;
  const random = new Random(4);
  const tokens = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
  /** All pairs of four answers to each of two prompts; those of one lie apart. */
  const pairs = [7, 4]
    .flatMap((prompt, which) => {
      const promptIds = tokens(prompt);
      const answers = [6, 3, 9, 5].map(tokens);
      return answers.flatMap((chosenIds, better) =>
        answers.slice(better + 1).map((rejectedIds, gap): EncodedPair & { readonly order: number } => ({
          ...{ promptIds, chosenIds, rejectedIds, warnings: [], faults: [], order: gap * 10 + which },
          scores: { chosen: 3 - better, rejected: 2 - better - gap },
        })),
      );
    })
    .toSorted((a, b) => a.order - b.order);
  beforeAll(async () => {
    executor = await openWasmExecutor({ threads: 1, assets: null });
    model = await buildRandomModel('tiny', executor);
  });
  afterAll(() => executor.close());

  const cases: readonly Record<string, unknown>[] = [
    { loss_type: 'sigmoid' },
    { loss_type: 'sigmoid', use_weighting: true },
    { loss_type: 'rebel' },
    { loss_type: 'aot_unpaired' },
    { loss_type: ['sigmoid', 'sft'], loss_weights: [1, 1] },
    { method: 'sft' },
    { method: 'kto' },
    { method: 'reward' },
  ];
  it.each(cases)('%o has the numbers of rows of their own', async (given) => {
    const config = parseRunConfig({
      ...{
        max_steps: 3,
        per_device_train_batch_size: 8,
        learning_rate: 1e-3,
        lora_r: 2,
        lr_scheduler_type: 'constant',
      },
      ...given,
    });
    const kept = { metric_for_best_model: 'eval_loss', load_best_model_at_end: false } as const;
    const settings = { ...kept, eval_steps: 3, early_stopping_patience: null };
    const evaluation = { pairs: [...pairs].reverse(), settings };
    const run = async (rowCapacity: number) => (await train(model, { config, pairs, evaluation, rowCapacity })).metrics;
    const [shared, apart] = [await run(512), await run(1)];
    expect(shared.length).toBe(3);
    shared.forEach((line, step) => {
      const other = apart[step] as unknown as Record<string, number>;
      expect(Object.keys(line)).toEqual(Object.keys(other));
      for (const [name, value] of Object.entries(line))
        expect(Math.abs((value as number) - (other[name] as number)), `step ${step + 1}, ${name}`).toBeLessThan(
          1e-4 * Math.max(1, Math.abs(other[name] as number)),
        );
    });
  });
});
