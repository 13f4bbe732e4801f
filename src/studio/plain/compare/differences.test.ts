import { expect, it } from 'vitest';
import { differencesFrom } from './differences';

const fresh = (reference: string, answer: string) =>
  differencesFrom(reference, answer)
    .pieces.filter(({ isNew }) => isNew)
    .map(({ text }) => text.trim());

it('marks the words that the other answer has not', () => {
  expect(fresh('The pump is off.', 'The pump is running well.')).toEqual(['running well']);
  expect(fresh('A b c', 'A b c')).toEqual([]);
  expect(fresh('A b c', 'A c')).toEqual([]);
  expect(differencesFrom('a b', 'c d').share).toBe(1);
  expect(differencesFrom('', '').share).toBe(0);
});

it('takes Korean by the word', () => {
  expect(fresh('펌프가 멈췄습니다.', '펌프가 돌아갑니다.')).toEqual(['돌아갑니다']);
});

it.each([
  ['a  b\n\nc', ' a b\tc d '],
  ['', 'one two'],
  ['x', ''],
  ['The end.', 'the <b>end</b>\n'],
])('keeps every character of %j against %j', (reference, answer) => {
  expect(
    differencesFrom(reference, answer)
      .pieces.map(({ text }) => text)
      .join(''),
  ).toBe(answer);
});
