import { expect, it } from 'vitest';
import type { PairReport } from '../../../run/reports';
import { initialForm } from './options';
import { isOfPresets, presetIds, presetOf, presets, recommendedPreset } from './presets';

it('tells the preset that a form stands at, whatever of it no preset changes', () => {
  expect(presetOf(initialForm)).toBe('standard');
  for (const id of presetIds) expect(presetOf({ ...initialForm, method: 'sft', ...presets[id] })).toBe(id);
  expect(presetOf({ ...initialForm, ...presets.small, beta: '0.3' })).toBeNull();
});

it('has none for methods whose rates and losses are others', () => {
  expect((['dpo', 'both', 'sft', 'kto', 'reward', 'rloo'] as const).map(isOfPresets)).toEqual([
    ...[true, true, true, false, false, false],
  ]);
});

it('recommends by the number of pairs and the length of their answers', () => {
  const answers = (tokens: number) => [{ chosenTokens: tokens, rejectedTokens: tokens } as PairReport];
  expect(recommendedPreset(60, null)).toBe('small');
  expect(recommendedPreset(60, answers(40))).toBe('small');
  expect(recommendedPreset(800, answers(40))).toBe('standard');
  expect(recommendedPreset(60, answers(600))).toBe('long');
});
