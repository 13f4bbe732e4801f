import { expect, it } from 'vitest';
import { sumOf } from '../../core/statistics';
import { uploadAdapter } from '../../engine/device-adapter';
import { parseRunConfig } from '../../run/config';
import { encodeDataset } from '../../training/encode-dataset';
import { RowRunner } from '../../training/row-runner';
import { computeLogps, train } from '../../training/trainer';
import { openDirectory } from '../node-files';
import { openModelDirectory } from '../session';
import { openMerged } from './merged-model';

it('says of answers what base and adapter say together, and trains the layers that are asked for', async () => {
  const path = 'fixtures/tiny-llama';
  const opened = await openModelDirectory(path);
  const rows = [{ prompt: 'The valve', chosen: ' is open.', rejected: ' was shut.' }];
  const { pairs } = await encodeDataset(opened, rows, 64);
  const config = parseRunConfig({
    method: 'sft',
    max_steps: 3,
    learning_rate: 3e-2,
    lora_target_modules: 'all-linear',
  });
  const { adapter } = await train(opened.model, { config, pairs });
  const merged = await openMerged(openDirectory(path).directory, opened.model, adapter);
  const items = pairs.map(({ promptIds, chosenIds }) => ({ promptIds, completions: [chosenIds] }));
  const [base, together, alone] = await Promise.all(
    (
      [
        [opened, null],
        [opened, adapter],
        [merged, null],
      ] as const
    ).map(async ([{ model }, lora]) => {
      const found = await computeLogps(new RowRunner(model), items, lora && uploadAdapter(model, lora));
      return sumOf(found[0]?.chosen ?? []);
    }),
  );
  expect(Math.abs((together ?? NaN) - (base ?? NaN))).toBeGreaterThan(0.1);
  expect(alone).toBeCloseTo(together ?? NaN, 4);
  const one = await train(merged.model, { config: { ...config, layers_to_transform: [1] }, pairs });
  expect([...one.adapter.modules.keys()].every((name) => name.includes('layers.1.'))).toBe(true);
});
