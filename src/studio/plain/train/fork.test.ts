/** @file What a fork keeps of its parent and what it does not. */
import { expect, it } from 'vitest';
import type { Run } from '../runs/run';
import { forkRun } from './fork';
import { initialForm, readForm } from './options';

const parentsSettings = { eval_steps: 4, early_stopping_patience: null, load_best_model_at_end: true };
const parent = {
  id: 'parent',
  name: 'dpo-1',
  method: 'dpo',
  status: 'finished',
  modelName: 'tiny',
  modelFingerprint: 'print',
  startedAt: '2026-01-01T00:00:00Z',
  config: { lora_r: 4, beta: 0.1 },
  pairs: 6,
  evaluation: { pairs: 3, settings: parentsSettings },
  startedFrom: 'sft-1',
  reference: 'sft-1',
  checkpoints: [2, 4],
  bestStep: 4,
  calibration: { pairs: 40 },
  steps: 8,
  totalSteps: 8,
  seconds: 40,
  finalLoss: 0.5,
  finalMargin: 1,
  adapterBytes: 100,
  warnings: ['One row was left out.'],
  error: null,
} as unknown as Run;

const own = { id: 'fork', name: 'dpo-2', startedAt: '2026-01-02T00:00:00Z' };
const jobOf = (change: Partial<typeof initialForm>) =>
  readForm({ ...initialForm, method: 'dpo', beta: '0.5', lora_r: '16', ...change }, ['q_proj']).jobs[0]!;

it('keeps the pairs, start, reference and adapter shape, and takes the other settings', () => {
  const { run, config } = forkRun(parent, 2, jobOf({ evaluate: true }), own);
  expect(run).toMatchObject({ ...own, pairs: 6, startedFrom: 'sft-1', reference: 'sft-1', method: 'dpo' });
  expect(config).toMatchObject({ lora_r: 4, beta: 0.5 });
  expect(run.forkedFrom).toEqual({ runId: 'parent', step: 2 });
});

it('keeps the layers of its parent too, all of them where it names none', () => {
  const listed = jobOf({ layers: 'listed', layer_list: '0' });
  expect(listed.config.layers_to_transform).toEqual([0]);
  expect(forkRun(parent, 2, listed, own).config).not.toHaveProperty('layers_to_transform');
  const before: Run = { ...parent, config: { lora_r: 4, layers_to_transform: [1] } };
  expect(forkRun(before, 2, listed, own).config).toMatchObject({ lora_r: 4, layers_to_transform: [1] });
});

it('has nothing that the parent reached after the checkpoint', () => {
  const { run } = forkRun(parent, 2, jobOf({ evaluate: true }), own);
  expect(run).not.toHaveProperty('bestStep');
  expect(run).not.toHaveProperty('calibration');
  expect(run).toMatchObject({ checkpoints: [], adapterBytes: 0, warnings: [], seconds: 0 });
});

it('is evaluated on the pairs that the parent held out, by its own settings', () => {
  const job = jobOf({ evaluate: true, eval_steps: '2' });
  const { run, settings } = forkRun(parent, 2, job, own);
  expect(run.evaluation).toEqual({ pairs: 3, settings });
  expect(settings).toMatchObject({ eval_steps: 2 });
});

it.each([
  ['the form asks for none', parent, false],
  ['the parent held out none', { ...parent, evaluation: undefined } as unknown as Run, true],
])('is not evaluated where %s', (_, from, evaluate) => {
  const { run, settings } = forkRun(from, 2, jobOf({ evaluate }), own);
  expect(settings).toBeNull();
  expect(run.evaluation).toBeUndefined();
});

it('is rewarded as its parent was, whatever the form asks for', () => {
  const rules = { version: 1 as const, rules: [{ kind: 'json' as const, weight: 1 }] };
  const before: Run = { ...parent, method: 'rloo', config: { reward: { rules } } };
  const { config } = forkRun(before, 2, jobOf({ method: 'rloo', reward: 'sentiment' }), own);
  expect(config.reward).toEqual({ rules });
});
