import { expect, it } from 'vitest';
import { Random } from '../core/random';
import { changeBetween, reversed, takeBack, takeBackBelow, type RowChange } from './row-changes';

interface Row {
  readonly text: string;
}
const rowsOf = (...texts: string[]): Row[] => texts.map((text) => ({ text }));
const textsOf = (rows: readonly Row[]) => rows.map(({ text }) => text);
/** As it comes back from storage: no row is the same object. */
const stored = (change: RowChange<Row>): RowChange<Row> => structuredClone(change);

it('takes any row of changes back to the first list and does them again, from what was stored alone', () => {
  const random = new Random(7);
  const upTo = (n: number) => Math.floor(random.uniform() * n);
  const lists = [rowsOf('a', 'b', 'a', 'c')];
  for (let i = 0; i < 60; i++) {
    const kept = lists.at(-1)!.filter(() => random.uniform() > 0.2);
    for (let n = upTo(3); n > 0; n--) kept.splice(upTo(kept.length + 1), 0, { text: 'abcd'.charAt(upTo(4)) });
    lists.push(kept);
  }
  const changes = lists.slice(1).map((after, i) => stored(changeBetween(lists[i]!, after)));
  let rows: readonly Row[] = structuredClone(lists.at(-1)!);
  for (const [i, change] of [...changes.entries()].reverse()) {
    rows = takeBack(rows, change);
    expect(textsOf(rows)).toEqual(textsOf(lists[i]!));
  }
  for (const [i, change] of changes.entries()) {
    rows = takeBack(rows, reversed(change));
    expect(textsOf(rows)).toEqual(textsOf(lists[i + 1]!));
  }
});

it('takes a change back from below later ones, which stay', () => {
  const all = rowsOf('one', 'two', 'three');
  const [, two] = all;
  const cut = all.slice(0, 1);
  const more = [...cut, ...rowsOf('four')];
  const last = more.slice(1);
  const [first, ...later] = [changeBetween(all, cut), changeBetween(cut, more), changeBetween(more, last)].map(stored);
  expect(textsOf(takeBackBelow(last, first!, later))).toEqual(['two', 'three', 'four']);
  const edited = [all[0]!, ...rowsOf('TWO'), all[2]!];
  const deleted = edited.slice(1);
  expect(
    textsOf(takeBackBelow(deleted, stored(changeBetween(all, edited)), [stored(changeBetween(edited, deleted))])),
  ).toEqual([two!.text, 'three']);
});

it('removes of rows that say the same the one that was added', () => {
  const before = rowsOf('same', 'other');
  const after = [before[0]!, ...rowsOf('same'), before[1]!];
  const change = changeBetween(before, after);
  expect(takeBack(after, stored(change))[0]).toBe(before[0]);
});
