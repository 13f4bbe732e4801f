/** @file Uses of columns: one column a role, one role a column; plans are remembered by a file's columns. */
import { expect, it } from 'vitest';
import { planFrom } from '../../../data/import/plan';
import { readTextTable } from '../../../data/import/read-table';
import { cellText, roleOf, withUse } from './column-use';
import { recallPlan, rememberedPlansSchema, rememberPlan, type RememberedPlans } from './remembered-plans';

const table = readTextTable('a,b,c\nx,y,z\n', 'x.csv');
const plan = planFrom('pairs', { prompt: 'a', chosen: 'b', rejected: 'c' });

it('moves a column to another role, and frees what had it', () => {
  const moved = withUse(plan, 'a', 'chosen', table);
  expect(moved).toMatchObject({ prompt: '', chosen: 'a', rejected: 'c' });
  expect([roleOf(moved, 'a'), roleOf(moved, 'b'), roleOf(moved, 'c')]).toEqual(['chosen', null, 'rejected']);
  expect(withUse(withUse(plan, 'a', 'input', table), 'a', null, table)).toMatchObject({ prompt: '', input: null });
});

it('shows any cell in a line', () => {
  expect(['text', { a: 1 }, null, undefined, NaN, 'x'.repeat(300)].map(cellText)).toEqual([
    'text',
    '{"a":1}',
    '',
    '',
    'null',
    `${'x'.repeat(200)}…`,
  ]);
});

it('remembers a plan for the same columns, in any order, the latest one, and no more than thirty', () => {
  const other = planFrom('implicit', { chosen: 'b', rejected: 'c' });
  const plans = rememberPlan(rememberPlan([], ['a', 'b', 'c'], other), ['c', 'b', 'a'], plan);
  expect(recallPlan(plans, ['b', 'c', 'a'])).toEqual(plan);
  expect(recallPlan(plans, ['a', 'b'])).toBeNull();
  const many = Array.from({ length: 40 }, (_, i) => `column ${i}`);
  expect(many.reduce<RememberedPlans>((all, name) => rememberPlan(all, [name], plan), plans)).toHaveLength(30);
  expect(rememberedPlansSchema.safeParse(plans).success).toBe(true);
  expect(rememberedPlansSchema.safeParse([{ columns: [], plan: { shape: 'other' } }]).success).toBe(false);
});
