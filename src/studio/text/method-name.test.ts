import { expect, it } from 'vitest';
import { methodName } from './method-name';
import { textIn } from './text';

const imported = { ancestors: [], knowsBase: true };

it.each([
  ['SFT', { method: 'sft', imported: undefined }],
  ['DPO', { method: 'dpo', imported: { ...imported, knowsMethod: true } }],
  ['Online DPO', { method: 'online_dpo', imported: undefined }],
  ['Reward model', { method: 'reward', imported: undefined }],
  ['method unknown', { method: 'sft', imported: { ...imported, knowsMethod: false } }],
  // Brought before it was kept whether the method is known: what told nothing was called SFT.
  ['method unknown', { method: 'sft', imported }],
  ['DPO', { method: 'dpo', imported }],
] as const)('is %s of %j', (name, run) => {
  expect(methodName(run as never, textIn('en'))).toBe(name);
});
