/** @file Another shape for a file keeps the columns that still fit, finds others by name, and guesses none by place. */
import { expect, it } from 'vitest';
import { importShapes, isComplete } from './plan';
import { planOfShape, withColumn } from './plan-of-shape';
import { readTextTable } from './read-table';

const table = (header: string) => readTextTable(`${header}\n${header.replace(/[^,]+/g, 'some words here')}\n`, 'x.csv');

it('takes no column for its place', () => {
  const unnamed = table('red,blue,green,grey');
  for (const shape of importShapes) {
    const plan = planOfShape(shape, unnamed, null);
    expect(plan.shape).toBe(shape);
    expect(isComplete(plan)).toBe(shape === 'openai');
    expect(Object.values(plan)).not.toContain('red');
  }
});

it('finds columns by name and keeps those that were chosen', () => {
  const named = table('번호,질문,좋은 답변,나쁜 답변');
  const pairs = planOfShape('pairs', named, null);
  expect(pairs).toMatchObject({ prompt: '질문', chosen: '좋은 답변', rejected: '나쁜 답변' });
  const swapped = withColumn(withColumn(pairs, 'chosen', '나쁜 답변', named), 'rejected', '좋은 답변', named);
  expect(planOfShape('implicit', named, swapped)).toMatchObject({ chosen: '나쁜 답변', rejected: '좋은 답변' });
  expect(planOfShape('ratings', named, pairs)).toMatchObject({ prompt: '질문', answer: '', score: '' });
});

it('tells what a verdict means once its columns are chosen', () => {
  const rows = readTextTable('q,good one,bad one,v\nIs it?,Yes it is.,No it is not.,good one\n', 'x.csv');
  const start = planOfShape('compared', rows, null);
  const chosen = (['first', 'second', 'better'] as const).reduce(
    (plan, role, i) => withColumn(plan, role, ['good one', 'bad one', 'v'][i] ?? null, rows),
    start,
  );
  expect(chosen).toMatchObject({ first: 'good one', second: 'bad one', better: 'v', meaning: 'name' });
});
