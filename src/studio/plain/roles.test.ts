import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { roleColours, spareColours } from './roles';

it('gives base, SFT and DPO their own colour wherever they stand, and a second of a role a spare one', () => {
  expect(roleColours(['base', 'sft', 'dpo'])).toEqual(['base', 'sft', 'dpo']);
  expect(roleColours(['dpo', 'base'])).toEqual(['dpo', 'base']);
  expect(roleColours(['base', 'dpo', 'base'])).toEqual(['base', 'dpo', 'base']);
  expect(roleColours(['dpo', 'dpo', 'sft', null, 'dpo', 'dpo'])).toEqual([
    'dpo',
    'spare-1',
    'sft',
    'spare-2',
    'spare-3',
    'spare-1',
  ]);
});

it('has a colour of its own for each role, spare or answer, in light and in dark', () => {
  const tokens = readFileSync('src/studio/styles/tokens.css', 'utf8');
  const names = ['base', 'sft', 'dpo', ...spareColours, 'chosen', 'rejected'];
  const colours = names.map((name) => new RegExp(`--series-${name}: light-dark\\((#\\w+), (#\\w+)\\)`).exec(tokens));
  for (const side of [1, 2]) expect(new Set(colours.map((found) => found?.[side])).size).toBe(names.length);
});
