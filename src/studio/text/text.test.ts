/**
 * @file Both languages say the same things: the types hold the keys, this holds that nothing was left empty or
 * untranslated.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { formatBytes, formatDate, formatDuration } from './format';
import { preferences, revivePreferences } from './preferences';
import { currentText, textIn } from './text';

/** Every entry by its path; of a function only that it is one. */
function entriesOf(part: unknown, path = ''): [path: string, text: string][] {
  if (typeof part === 'string') return [[path, part]];
  if (typeof part === 'function') return [[path, 'function']];
  return Object.entries(part as object).flatMap(([key, value]) =>
    entriesOf(value, path === '' ? key : `${path}.${key}`),
  );
}

const korean = /[가-힣]/;

/** Names and signs that are written the same in both languages. */
const shared =
  /^[\s–()]*$|^(Airlock|English|WebGPU|WASM \(CPU\)|WebAssembly|JavaScript|SFT|DPO|KTO|RLOO|PPO|Top-[kp]|Adam .|95%|PEFT|GGUF|SHA-256|function)/;

afterEach(() => preferences.setState({ language: 'en' }));

describe('the two languages', () => {
  const [en, ko] = [entriesOf(textIn('en')), entriesOf(textIn('ko'))];

  it('have the same entries, none empty', () => {
    expect(ko.map(([path]) => path)).toEqual(en.map(([path]) => path));
    expect([...en, ...ko].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('are each in their own script', () => {
    expect(en.filter(([path, text]) => korean.test(text) && path !== 'shell.language.names.ko')).toEqual([]);
    expect(ko.filter(([, text]) => !korean.test(text) && !shared.test(text))).toEqual([]);
  });

  it('write a share without a space', () => {
    expect([...en, ...ko].filter(([, text]) => / %/.test(text))).toEqual([]);
  });

  it('name in the tour what the screens have', () => {
    for (const { shell, train, handOver } of [textIn('en'), textIn('ko')]) {
      const bodies = shell.help.tour.steps.map(({ body }) => body);
      expect(bodies[2]).toContain(`“${train.methods.both.name}”`);
      expect(bodies[4]).toContain(`“${handOver.open}”`);
    }
  });

  it('count in their own way', () => {
    expect(textIn('en').common.pairs(1)).toBe('1 pair');
    expect(textIn('ko').common.pairs(1200)).toBe('선호 쌍 1,200개');
  });
});

it('follows the chosen language, numbers too', () => {
  expect(currentText().train.title).toBe('Train');
  expect(formatDuration(65)).toBe('1 min 5 sec');
  expect(formatDate('2026-03-05T09:07:00')).toBe('Mar\u00a05,\u00a02026, 9:07\u00a0AM');
  preferences.setState({ language: 'ko' });
  expect(currentText().train.title).toBe('학습');
  expect(formatDuration(65)).toBe('1분 5초');
  // A line breaks between day and time only.
  expect(formatDate('2026-03-05T09:07:00')).toMatch(/^2026\.\u00a03\.\u00a05\. \S+\u00a09:07$/);
  expect(formatBytes(1500)).toBe('1.5 kB');
});

it('takes of stored preferences what it knows', () => {
  const current = { language: 'en', theme: 'system', shortcuts: true, advanced: false, trlNames: false } as const;
  expect(revivePreferences({ language: 'ko', theme: 'dark', shortcuts: false, advanced: true }, current)).toEqual({
    language: 'ko',
    theme: 'dark',
    shortcuts: false,
    advanced: true,
    trlNames: false,
  });
  for (const stored of [undefined, null, 'x', { language: 'fr', theme: 1, shortcuts: 'no' }])
    expect(revivePreferences(stored, current)).toEqual(current);
});
