import { expect, it } from 'vitest';
import { readJudgeKey } from './judge-keys';

const press = (code: string, key: string, more = {}) => ({
  code,
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  repeat: false,
  ...more,
});

it('reads digits, letters and arrows, under a Korean layout too', () => {
  expect(readJudgeKey(press('Digit1', '1'), true)).toEqual({ verdict: 'a' });
  expect(readJudgeKey(press('Numpad2', '2'), true)).toEqual({ verdict: 'b' });
  expect(readJudgeKey(press('ArrowRight', 'ArrowRight'), true)).toEqual({ verdict: 'b' });
  expect(readJudgeKey(press('KeyX', 'ㅌ'), true)).toEqual({ verdict: 'bad' });
  expect(readJudgeKey(press('KeyR', 'r'), true)).toEqual({ edit: 'b' });
  expect(readJudgeKey(press('KeyU', 'u'), true)).toBe('undo');
  expect(readJudgeKey(press('KeyG', 'g'), true)).toBeNull();
});

it('leaves alone what is held, composed, or belongs to the browser', () => {
  for (const more of [
    { repeat: true },
    { isComposing: true },
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
  ]) {
    expect(readJudgeKey(press('Digit1', '1', more), true)).toBeNull();
  }
});

it('keeps to the arrows where single keys are off', () => {
  expect(readJudgeKey(press('Digit1', '1'), false)).toBeNull();
  expect(readJudgeKey(press('ArrowLeft', 'ArrowLeft'), false)).toEqual({ verdict: 'a' });
});
