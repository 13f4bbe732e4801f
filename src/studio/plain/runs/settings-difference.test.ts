import { expect, it } from 'vitest';
import type { Run } from './run';
import { compareSettings } from './settings-difference';

it('sets runs side by side and marks what differs, a missing setting too', () => {
  const runs = [
    {
      method: 'sft',
      pairs: 10,
      config: { method: 'sft', seed: 1, learning_rate: 2e-4, lora_target_modules: ['q_proj', 'v_proj'] },
    },
    {
      method: 'dpo',
      pairs: 10,
      config: { method: 'dpo', seed: 1, learning_rate: 1e-4, lora_target_modules: ['q_proj', 'v_proj'], beta: 0.1 },
      evaluation: { pairs: 2, settings: { eval_steps: 5 } },
    },
  ] as unknown as Run[];
  const rows = compareSettings(runs, [
    ['method', ({ method }) => method],
    ['pairs', ({ pairs }) => pairs],
  ]);
  expect(rows).toEqual([
    { key: 'method', values: ['sft', 'dpo'], differs: true },
    { key: 'pairs', values: ['10', '10'], differs: false },
    { key: 'seed', values: ['1', '1'], differs: false },
    { key: 'learning_rate', values: ['0.0002', '0.0001'], differs: true },
    { key: 'lora_target_modules', values: ['q_proj, v_proj', 'q_proj, v_proj'], differs: false },
    { key: 'beta', values: [null, '0.1'], differs: true },
    { key: 'eval_steps', values: [null, '5'], differs: true },
  ]);
});
