/** @file Prompts as text, as they are shown and as they are scored. */
import { expect, it } from 'vitest';
import { askedText, textOfPrompt } from './prompt-text';

it('shows a question as its words and a conversation with its roles', () => {
  expect(textOfPrompt('as it stands')).toBe('as it stands');
  expect(textOfPrompt([{ role: 'user', content: 'Why?' }])).toBe('Why?');
  expect(
    textOfPrompt([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why?' },
    ]),
  ).toBe('system: Be brief.\nuser: Why?');
});

it('scores what was asked last', () => {
  expect(askedText('as it stands')).toBe('as it stands');
  expect(
    askedText([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Why?' },
    ]),
  ).toBe('Why?');
});
