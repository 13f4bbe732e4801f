/** @file The form of a run that goes on from an adapter asks for that adapter's shape, whatever was typed. */
import { expect, it } from 'vitest';
import { parseRunConfig } from '../../../run/config';
import { heldForm } from './held-shape';
import { initialForm, planSettings, readForm, type TrainForm } from './options';

const linears = ['q_proj', 'v_proj', 'up_proj'];
const shape = { lora_r: 3, lora_alpha: 7.5, lora_target_modules: ['q_proj', 'v_proj'], layers_to_transform: [0, 2] };
const typed: TrainForm = { ...initialForm, method: 'dpo', lora_r: 'many', lora_alpha: '64', layers: 'last' };
const configOf = (form: TrainForm) => parseRunConfig(readForm(form, linears, 4).jobs[0]?.config);

it('has the rank, alpha, modules and layers of the adapter, in the settings and in the plan', () => {
  const held = heldForm(typed, shape, linears);
  expect(configOf(held)).toMatchObject(shape);
  expect(planSettings(held).lora_r).toBe(3);
  expect(heldForm(held, shape, linears)).toEqual(held);
});

it('asks for all linears and layers where the adapter has all', () => {
  const whole = { ...shape, lora_target_modules: [...linears].reverse(), layers_to_transform: null };
  expect(configOf(heldForm(typed, whole, linears))).toMatchObject({
    ...{ lora_r: 3, lora_target_modules: 'all-linear', layers_to_transform: null },
  });
});

it('knows linears of an adapter from elsewhere by their paths', () => {
  const paths = { ...shape, lora_target_modules: ['self_attn.q_proj'], layers_to_transform: null };
  expect(configOf(heldForm(typed, paths, linears)).lora_target_modules).toEqual(['q_proj']);
});

it('is as it was typed for a fresh adapter, and for twin runs, which begin with fresh ones', () => {
  expect(heldForm(typed, null, linears)).toBe(typed);
  const both: TrainForm = { ...typed, method: 'both' };
  expect(heldForm(both, shape, linears)).toBe(both);
});
