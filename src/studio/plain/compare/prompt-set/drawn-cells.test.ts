import { expect, it } from 'vitest';
import type { PromptSetDrawn } from '../../../../storage/prompt-set-record';
import { countDrawn, countLeft, judgesWaitedFor, waitingFor, withChoice, withDrawnCell } from './drawn-cells';

const column = { runId: null, name: 'base', strength: 100, role: null };
const empty = {
  columns: [
    column,
    { ...column, best: { count: 3, reward: 'judge:a' } },
    { ...column, best: { count: 2, reward: 'judge:b' } },
  ],
  temperatures: [0, 1],
  prompts: ['one', 'two'],
  answered: [],
  drawn: null,
};
const drawn = (...texts: string[]): PromptSetDrawn => ({
  answers: texts.map((text) => ({ text, isCut: false })),
  preferences: [],
});
const plain = (text: string): PromptSetDrawn => ({ answers: [{ text, isCut: true }] });
const cell = [plain('plain'), drawn('x', 'xx', 'xxx'), drawn('y', 'yy')];

it('waits until all columns of a cell have chosen, whichever judge comes first', () => {
  let set = withDrawnCell(withDrawnCell(empty, cell), cell);
  expect(countDrawn(set)).toBe(2);
  expect(set.answered).toEqual([]);
  expect(judgesWaitedFor(set)).toEqual(
    new Map([
      ['judge:a', 6],
      ['judge:b', 2],
    ]),
  );
  const [first, second] = waitingFor(set, 'judge:b');
  expect(first).toEqual({ cell: 0, column: 2, prompt: 'one', answers: ['y', 'yy'], made: 0 });
  set = withChoice(set, second!, [0.1])!;
  expect(waitingFor(set, 'judge:b')).toEqual([first]);
  set = withChoice(set, first!, [0.1])!;
  expect(waitingFor(set, 'judge:b')).toEqual([]);
  expect(set.answered).toEqual([]);
  const [own] = waitingFor(set, 'judge:a');
  // Of the three pairs x is worse in both, and xxx better than xx.
  set = withChoice(set, own!, [0.1, 0.1, 0.2])!;
  expect(set.answered).toEqual([
    [
      { text: 'plain', isCut: true },
      { text: 'xxx', isCut: false, reward: expect.closeTo(0.85, 12) as number },
      { text: 'yy', isCut: false, reward: 0.9 },
    ],
  ]);
  expect(countDrawn(set)).toBe(2);
  expect(set.drawn).toMatchObject({ from: 1, cells: [{ length: 3 }] });
});

it('keeps a part of what was said, and refuses what was said to an earlier state', () => {
  const set = withDrawnCell(empty, cell);
  const [draw] = waitingFor(set, 'judge:a');
  const part = withChoice(set, draw!, [0.1, 0.1])!;
  const [rest] = waitingFor(part, 'judge:a');
  expect([rest?.made, countLeft([rest!])]).toEqual([2, 1]);
  expect(withChoice(part, draw!, [0.1])).toBeNull();
  expect(withChoice({ ...part, drawn: null }, rest!, [0.2])).toBeNull();
});

it('has nothing asked of equal answers, of one alone, or of columns that chose at once', () => {
  const set = withDrawnCell(empty, [plain('plain'), drawn('same', 'same', ' same'), drawn('lone')]);
  expect(judgesWaitedFor(set)).toEqual(new Map());
  expect(set).toMatchObject({
    drawn: null,
    answered: [[{}, { text: 'same', reward: 0.5 }, { text: 'lone', reward: null }]],
  });
});

it('leaves out cells that another tab has answered meanwhile', () => {
  const set = withDrawnCell(withDrawnCell(empty, cell), cell);
  const answers = cell.map(({ answers: [first] }) => first!);
  const ahead = { ...set, answered: [answers] };
  expect(countDrawn(ahead)).toBe(2);
  expect(waitingFor(ahead, 'judge:b').map((each) => each.cell)).toEqual([1]);
  expect(countDrawn({ ...set, answered: [answers, answers, answers] })).toBe(3);
});
