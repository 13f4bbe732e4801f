import { expect, it } from 'vitest';
import { createShortcutReader, patienceMs, type KeyPress } from './shortcuts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  code: /^[a-z]$/.test(key) ? `Key${key.toUpperCase()}` : '',
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  isComposing: false,
  repeat: false,
  ...change,
});

it('goes to the letter after g, if it comes soon', () => {
  let time = 0;
  const read = createShortcutReader(() => time);
  expect(read(press('g'))).toBeNull();
  expect(read(press('d'))).toEqual({ kind: 'go', letter: 'd' });
  expect(read(press('d'))).toBeNull();
  read(press('g'));
  time += patienceMs + 1;
  expect(read(press('t'))).toBeNull();
});

it('reads the key where a Korean layout writes a jamo', () => {
  const read = createShortcutReader(() => 0);
  read(press('ㅎ', { code: 'KeyG' }));
  expect(read(press('ㅇ', { code: 'KeyD' }))).toEqual({ kind: 'go', letter: 'd' });
});

it('leaves alone what is composed, repeated or pressed with a modifier', () => {
  const read = createShortcutReader(() => 0);
  for (const change of [
    { isComposing: true },
    { ctrlKey: true },
    { altKey: true },
    { metaKey: true },
    { repeat: true },
  ])
    read(press('g', change));
  expect(read(press('d'))).toBeNull();
  expect(read(press('?', { ctrlKey: true }))).toBeNull();
  expect(read(press('?'))).toEqual({ kind: 'help' });
});

it('waits through the shift key', () => {
  const read = createShortcutReader(() => 0);
  read(press('g'));
  expect(read(press('Shift', { code: 'ShiftLeft' }))).toBeNull();
  expect(read(press('T', { code: 'KeyT' }))).toEqual({ kind: 'go', letter: 't' });
});
