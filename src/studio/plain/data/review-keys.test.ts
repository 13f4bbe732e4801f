import { expect, it } from 'vitest';
import { readReviewKey } from './review-keys';

const none = { ctrlKey: false, metaKey: false, altKey: false, isComposing: false, repeat: false };
const press = (key: string, code: string, change = {}) => readReviewKey({ ...none, key, code, ...change });

it('reads the keys by their place, under a Korean layout too', () => {
  expect(press('k', 'KeyK')).toBe('keep');
  expect(press('ㄹ', 'KeyF')).toBe('flip');
  expect(press('d', 'KeyD')).toBe('drop');
  expect(press('u', 'KeyU')).toBe('undo');
  expect(press('ArrowDown', 'ArrowDown')).toEqual({ step: 1 });
  expect(press('x', 'KeyX')).toBeNull();
});

it('leaves keys that are held or with others', () => {
  expect(press('d', 'KeyD', { repeat: true })).toBeNull();
  expect(press('ArrowUp', 'ArrowUp', { repeat: true })).toEqual({ step: -1 });
  expect(press('f', 'KeyF', { ctrlKey: true })).toBeNull();
  expect(press('ㅏ', 'KeyK', { isComposing: true })).toBeNull();
});
