/** @file Rewards are told only where loss and beta of an adapter are known. */
import { expect, it } from 'vitest';
import type { RunSettings } from '../../../run/config';
import type { Run } from '../runs/run';
import { isLossKnown, knownSettingsOf, policyOrder, rewardBetaOf } from './policies';

const importedSettings = { lora_r: 4, lora_alpha: 8, lora_target_modules: ['q_proj'] };
const imported = { ancestors: [], knowsBase: true };

it('does not guess the beta of an adapter that was made elsewhere', () => {
  expect(rewardBetaOf({ method: 'dpo', config: importedSettings })).toBeNull();
  const known = knownSettingsOf({ method: 'dpo', config: importedSettings, imported });
  expect(known.config).toEqual(importedSettings);
  expect(rewardBetaOf(known)).toBeNull();
  expect(isLossKnown(known)).toBe(false);
});

it('knows the defaults of a run that was trained here', () => {
  const betaOf = (config: RunSettings, method: Run['method'] = 'dpo') => {
    const known = knownSettingsOf({ method, config });
    expect(isLossKnown(known)).toBe(true);
    return rewardBetaOf(known);
  };
  expect(betaOf({})).toBe(0.1);
  expect(betaOf({ beta: 0.3, loss_type: ['sft', 'ipo'] })).toBe(0.3);
  expect(betaOf({ loss_type: ['simpo'] })).toBeNull();
  expect(betaOf({ loss_type: ['simpo', 'sft'] })).toBeNull();
  expect(betaOf({ loss_type: ['unlikelihood'] })).toBeNull();
  expect(betaOf({ reference_free: true })).toBeNull();
  expect(betaOf({}, 'sft')).toBeNull();
});

it('lets policies whose rewards are known go first', () => {
  const run = (id: string, more: Partial<Run>) => ({ run: { id, method: 'dpo', config: {}, ...more } as Run });
  const ordered = policyOrder([run('elsewhere', { imported }), run('sft', { method: 'sft' }), run('here', {})]);
  expect(ordered.map(({ run: { id } }) => id)).toEqual(['here', 'elsewhere', 'sft']);
});
