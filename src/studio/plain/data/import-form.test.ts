/** @file Another shape for a file keeps the columns that still fit. */
import { expect, it } from 'vitest';
import { columnRoles, importShapes, planOfShape, withColumn } from './import-form';

it('gives every shape its columns, each another one while there are enough', () => {
  for (const shape of importShapes) {
    const plan = planOfShape(shape, ['a', 'b', 'c'], null) as unknown as Record<string, unknown>;
    expect(plan['shape']).toBe(shape);
    const columns = columnRoles[shape].map((role) => plan[role]).filter((column) => column !== null);
    expect(new Set(columns).size).toBe(columns.length);
  }
});

it('keeps columns that both shapes have', () => {
  const pairs = withColumn(planOfShape('pairs', ['q', 'good', 'bad'], null), 'chosen', 'bad');
  expect(planOfShape('implicit', ['q', 'good', 'bad'], pairs)).toMatchObject({ chosen: 'bad', rejected: 'bad' });
  expect(planOfShape('ratings', ['q', 'good', 'bad'], pairs)).toEqual({
    shape: 'ratings',
    prompt: 'q',
    answer: 'good',
    score: 'bad',
    pairing: 'all',
  });
});
