/**
 * @file The engine against transformers, PEFT and TRL: fixtures/golden, made by tools/make_golden.py.
 */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uploadAdapter } from '../engine/device-adapter';
import type { LoadedModel } from '../engine/loaded-model';
import type { LoraAdapter } from '../formats/peft';
import { toPeft } from '../models/lora';
import { supportedModelTypes } from '../models/registry';
import { chooseObjective } from '../run/choose-objective';
import type { Executor } from '../runtime/executor';
import { openWasmExecutor } from '../runtime/ort';
import type { EncodedPair } from '../text/encode-pair';
import { parseRunConfig } from '../run/config';
import { groupIntoRows, packRow } from './packing';
import type { LogpsRow } from './golden-case';
import { completions, json, namedTensors, openGolden, readTensors, relativeL2, repeatRun, sum } from './golden-case';
import { RowRunner } from './row-runner';
import { computeLogps, splitLogps, train } from './trainer';

/** A model of each architecture, two of some; all goldens of llama and mistral, the most telling ones of the others. */
const models = [
  { name: 'tinystories-260k', path: '../shared/models/tinystories-260k' },
  ...readdirSync('fixtures')
    .filter((name) => name.startsWith('tiny-'))
    .map((name) => ({ name, path: `fixtures/${name}` })),
];

it('holds every registered architecture to log-probs, gradients and a run', () => {
  const held = models
    .filter(({ name }) => name !== 'tinystories-260k')
    .filter(({ name }) =>
      ['logps.json', 'dpo-gradients.safetensors', 'dpo/metrics.jsonl'].every((file) =>
        existsSync(join('fixtures/golden', name, file)),
      ),
    )
    .map(({ path }) => (json(join(path, 'config.json')) as { model_type: string }).model_type);
  expect([...new Set(held)].sort()).toEqual([...supportedModelTypes].sort());
});

/** The largest errors by model and quantity; `WORST=1 npx vitest run src/training/golden.test.ts` prints them. */
const worst: Record<string, Record<string, number>> = {};
function note(model: string, quantity: string, error: number): number {
  const row = (worst[model] ??= {});
  row[quantity] = Math.max(row[quantity] ?? 0, error);
  return error;
}
afterAll(() => {
  if (!process.env['WORST']) return;
  for (const [name, row] of Object.entries(worst)) {
    process.stdout.write(
      `${name}: ${Object.entries(row)
        .map(([quantity, error]) => `${quantity} ${error.toExponential(1)}`)
        .join(', ')}\n`,
    );
  }
});

for (const { name, path } of models) {
  const golden = join('fixtures/golden', name);
  const present = existsSync(path);
  describe.skipIf(!present)(
    `${name} against transformers, PEFT and TRL${present ? '' : ` (skipped: ${path} is absent)`}`,
    () => {
      let executor: Executor;
      let model: LoadedModel;
      let adapter: LoraAdapter;
      let pairs: EncodedPair[];
      beforeAll(async () => {
        executor = await openWasmExecutor({ threads: 2, assets: null });
        ({ model, adapter, pairs } = await openGolden(name, path, executor));
      });
      afterAll(() => executor.close());

      for (const variant of ['base', 'init_adapter'] as const) {
        it(`gives the sequence log-probs of ${variant} within 1e-3 nats`, async () => {
          const expected = (json(join(golden, 'logps.json')) as Record<typeof variant, LogpsRow[]>)[variant];
          const runner = new RowRunner(model);
          const actual = await computeLogps(
            runner,
            pairs.map(completions),
            variant === 'base' ? null : uploadAdapter(model, adapter),
          );
          expect(actual.length).toBe(expected.length);
          expected.forEach((row, i) => {
            const { chosen, rejected } = actual[i] as (typeof actual)[number];
            expect(note(name, 'log-prob', Math.abs(sum(chosen) - row.chosen_logps))).toBeLessThan(1e-3);
            expect(note(name, 'log-prob', Math.abs(sum(rejected) - row.rejected_logps))).toBeLessThan(1e-3);
            row.chosen_token_logps?.forEach((logp, t) =>
              expect(Math.abs((chosen[t] as number) - logp)).toBeLessThan(2e-4),
            );
          });
          await runner.dispose();
        });
      }

      for (const method of (['dpo', 'sft'] as const).filter((each) =>
        existsSync(join(golden, `${each}-gradients.safetensors`)),
      )) {
        for (const policy of ['products', 'none'] as const) {
          it(`gives every LoRA gradient of ${method} within 1e-4 relative L2 (saving ${policy})`, async () => {
            const expected = await readTensors(join(golden, `${method}-gradients.safetensors`));
            const { beta, pairs: indices } = json(join(golden, 'gradients.json')) as { beta: number; pairs: number[] };
            const chosenPairs = indices.map((index) => pairs[index] as EncodedPair);
            const config = parseRunConfig({ method, beta });
            const { objective } = chooseObjective(config);
            const batch = {
              pairs: indices.length,
              chosenTokens: sum(chosenPairs.map(({ chosenIds }) => chosenIds.length)),
            };
            const items = chosenPairs.map(completions);
            const runner = new RowRunner(model, policy);
            const references = await computeLogps(runner, items, null);
            const device = uploadAdapter(model, adapter);
            const weight = method === 'dpo' ? 1 / items.length : 1 / batch.chosenTokens;
            let gradients = runner.zeroGradients(device);
            let done = 0;
            for (const group of groupIntoRows(items, 200)) {
              const row = packRow(group);
              const tape = await runner.forwardSaving(row, device);
              const seeds = new Float64Array(row.targets.length);
              const outcomes = splitLogps(row, group.length, tape.logps).map((logps, i) =>
                objective.evaluate(logps, references[done + i] as (typeof references)[number], config, batch),
              );
              for (const { item, completion, start } of row.segments) {
                const slopes = completion === 0 ? outcomes[item]?.chosen : outcomes[item]?.rejected;
                slopes?.forEach((slope, i) => (seeds[start + i] = weight * slope));
              }
              gradients = await runner.backward(tape, seeds, gradients);
              tape.dispose();
              done += group.length;
            }
            const blocks = await Promise.all(
              gradients.map(async (gradient) => Float32Array.from(await executor.read(gradient))),
            );
            const actual = namedTensors(toPeft(model.shape.architecture, device.layout, blocks, null));
            expect([...actual.keys()].sort()).toEqual([...expected.keys()].sort());
            for (const [tensor, values] of expected)
              expect(
                note(name, 'gradient', relativeL2(actual.get(tensor) as Float32Array, values)),
                tensor,
              ).toBeLessThan(1e-4);
            await runner.dispose();
          });
        }
      }

      const runs = readdirSync(golden).filter((entry) => /^(dpo|sft|kto|reward)(-[a-z]+)*$/.test(entry));
      for (const run of runs) {
        // What training moved is compared, not the adapter: of that a weight decay of 0.01 is a thousandth. The worst
        // that is reached in float32 is 1.5e-5 (tiny-smollm3); of TRL on two CPUs it is 5.3e-6.
        it(`follows TRL's ${run} run: losses within 1e-3, gradient norms within 1 %, the adapter's move within 1e-4`, async () => {
          const errors = await repeatRun(model, { golden, run }, adapter, pairs);
          for (const [quantity, error] of Object.entries(errors)) note(name, quantity, Number(error));
          expect(errors.steps).toBe(0);
          expect(errors.loss).toBeLessThan(1e-3);
          expect(errors.gradNorm).toBeLessThan(1e-2);
          expect(errors.learningRate).toBeLessThan(1e-12);
          expect(errors.rewards).toBeLessThan(1e-3);
          expect(errors.logps).toBeLessThan(1e-2);
          expect(errors.sameTokens).toBe(true);
          expect(errors.move).toBeLessThan(1e-4);
        });
      }

      it('leaves no tensor behind but the weights', async () => {
        const weights = [
          ...Object.values(model.embedding),
          ...Object.values(model.head),
          ...model.blocks.flatMap((block) => Object.values(block)),
        ];
        const weightBytes = sum([...new Set(weights)].map(({ sizeBytes }) => sizeBytes));
        const before = executor.memory().deviceBytes;
        await train(model, { config: parseRunConfig({ max_steps: 3, per_device_train_batch_size: 2 }), pairs });
        expect(executor.memory().deviceBytes).toBe(before);
        expect(before).toBeGreaterThanOrEqual(weightBytes);
      });
    },
  );
}
