import { expect, it } from 'vitest';
import type { Run } from '../runs/run';
import {
  answererOf,
  clampStrength,
  initialColumns,
  maxColumns,
  columnsSchema,
  rewardReferenceOf,
  withOneMore,
} from './columns';

const runOf = (id: string, method: Run['method'], change: Partial<Run> = {}) =>
  ({
    id,
    name: `${method}-${id}`,
    method,
    modelFingerprint: 'print',
    adapterBytes: 1,
    startedFrom: null,
    ...change,
  }) as Run;

const runs = [
  runOf('c', 'dpo'),
  runOf('b', 'sft'),
  runOf('a', 'dpo'),
  runOf('x', 'dpo', { modelFingerprint: 'other' }),
  runOf('y', 'dpo', { adapterBytes: 0 }),
];

it('shows the newest adapter of a method, a run, or says why there is none', () => {
  const of = (choice: string, all = runs) => {
    const answerer = answererOf({ choice }, all, 'print');
    return answerer.kind === 'run' ? answerer.run.id : answerer.kind;
  };
  expect(['base', 'latest-sft', 'latest-dpo', 'a', 'x', 'y'].map((choice) => of(choice))).toEqual([
    'base',
    'b',
    'c',
    'a',
    'gone',
    'gone',
  ]);
  expect(of('latest-dpo', [])).toBe('none');
});

it('adds columns up to four, each with a run that is not shown yet', () => {
  const four = withOneMore(initialColumns, runs, 'print');
  expect(four.at(-1)).toEqual({ id: 'column-4', choice: 'a', strength: 100 });
  expect(four).toHaveLength(maxColumns);
  expect(withOneMore(four, runs, 'print')).toBe(four);
  const again = withOneMore(
    four.filter(({ id }) => id !== 'column-2'),
    runs,
    'print',
  );
  expect(again.at(-1)).toEqual({ id: 'column-2', choice: 'b', strength: 100 });
});

it('reads the columns that were stored, and refuses what the screen cannot show', () => {
  const kept = [
    { id: 'column-1', choice: 'base', strength: 100 },
    { id: 'column-2', choice: 'a', strength: 50 },
  ];
  expect(columnsSchema.parse(kept)).toEqual(kept);
  const [one, two] = kept;
  const refused = [
    'nothing',
    [],
    [one, 1],
    [one, { id: 3 }],
    [one, { ...two, strength: NaN }],
    [one, { ...two, strength: 155 }],
    [one, { ...two, id: 'column-1' }],
    [1, 2, 3, 4, 5].map((number) => ({ ...one, id: `column-${number}` })),
  ];
  expect(refused.filter((stored) => columnsSchema.safeParse(stored).success)).toEqual([]);
  expect([-5, 0, 151, 147.6].map(clampStrength)).toEqual([0, 0, 150, 150]);
});

it('measures rewards against what the run was trained against', () => {
  const reference = (run: Run) => {
    const found = rewardReferenceOf(run, runs);
    return [found.run?.id ?? null, found.isStandIn];
  };
  expect(reference(runOf('d', 'dpo'))).toEqual([null, false]);
  expect(reference(runOf('d', 'dpo', { startedFrom: 'b' }))).toEqual(['b', false]);
  expect(reference(runOf('d', 'dpo', { startedFrom: 'b', reference: 'a' }))).toEqual(['a', false]);
  expect(reference(runOf('d', 'dpo', { startedFrom: 'b', reference: 'base' }))).toEqual([null, false]);
  expect(reference(runOf('d', 'dpo', { startedFrom: 'gone' }))).toEqual([null, true]);
  expect(reference(runOf('d', 'dpo', { imported: { ancestors: ['sft'], knowsBase: true } }))).toEqual([null, true]);
});
