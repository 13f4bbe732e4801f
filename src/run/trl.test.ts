/** @file What TRL's command line can repeat, and in which order it must take the pairs. */
import { expect, it } from 'vitest';
import { planSteps } from '../training/schedule';
import { parseRunConfig } from './config';
import { requireTrl, trainingOrder } from './trl';

it.each([
  [{ loss_type: 'unlikelihood' }, 'trlNoLoss'],
  [{ loss_type: 'simpo' }, 'trlOtherTrainer'],
  [{ loss_type: 'orpo' }, 'trlOtherTrainer'],
  [{ label_smoothing: 0.1 }, 'trlNoSoftLabels'],
  [{ loss_type: 'robust', label_smoothing: 0.1 }, null],
  [{ soft_labels: true }, 'trlNoScoreLabels'],
  [{ loss_type: 'rebel' }, 'trlNoLoss'],
  [{ loss_type: 'aot', label_smoothing: 0.1 }, null],
  [{ f_divergence_type: 'js_divergence' }, null],
  [{ reference_free: true }, 'trlNeedsReference'],
  [{ lora_alpha: 1.5 }, 'trlWholeAlpha'],
  [{ loss_type: ['sigmoid', 'bco_pair', 'sft'], loss_weights: [0.8, 0.2, 1] }, null],
  [{ method: 'sft' }, null],
  [{ method: 'sft', lora_alpha: 0.5 }, 'trlWholeAlpha'],
  [{ method: 'kto' }, null],
  [{ method: 'kto', per_device_train_batch_size: 1 }, 'trlKtoBatch'],
  [{ method: 'kto', per_device_train_batch_size: 1, loss_type: 'apo_zero_unpaired' }, null],
] as const)('of %j says %s', (settings, code) => {
  let seen: string | null = null;
  try {
    requireTrl(parseRunConfig(settings));
  } catch (error) {
    seen = (error as { code: string }).code;
  }
  expect(seen).toBe(code);
});

/** The pairs that a trainer without shuffling would see in each step, of these rows. */
function stepsOf(rows: readonly number[], settings: object, maxSteps: number | null): number[][] {
  const config = parseRunConfig({ ...settings, shuffle: false, ...(maxSteps !== null && { max_steps: maxSteps }) });
  return [...planSteps(config, rows.length)].map(({ microBatches }) =>
    microBatches.flat().map((at) => rows[at] as number),
  );
}

it.each([
  ['one pass', { num_train_epochs: 1 }, 7],
  ['a part of a pass', { max_steps: 2 }, 7],
  ['whole passes, each shuffled anew', { num_train_epochs: 3 }, 8],
  ['passes that end in a smaller step', { num_train_epochs: 3 }, 7],
  ['passes as they lie', { num_train_epochs: 3, shuffle: false }, 7],
])('lays out the rows of %s so that the steps are the same', (_, given, pairs) => {
  const settings = { ...given, per_device_train_batch_size: 2, gradient_accumulation_steps: 2, seed: 3 };
  const wanted = [...planSteps(parseRunConfig(settings), pairs)].map(({ microBatches }) => microBatches.flat());
  const { rows, exactSteps, maxSteps } = trainingOrder(parseRunConfig(settings), pairs);
  const seen = stepsOf(rows, settings, maxSteps);
  expect(seen).toHaveLength(wanted.length);
  expect(seen.slice(0, exactSteps)).toEqual(wanted.slice(0, exactSteps));
  if (exactSteps < wanted.length) expect(seen).not.toEqual(wanted);
});
