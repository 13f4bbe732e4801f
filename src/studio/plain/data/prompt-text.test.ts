/** @file Prompts as text, as they are shown and as they are scored. */
import { expect, it } from 'vitest';
import { askedText, textOfPrompt } from './prompt-text';

const names = { system: '시스템', user: '사용자' };

it('shows a question as its words and a conversation with its roles', () => {
  expect(textOfPrompt('as it stands', names)).toBe('as it stands');
  expect(textOfPrompt([{ role: 'user', content: 'Why?' }], names)).toBe('Why?');
  expect(
    textOfPrompt(
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'ipython', content: '4' },
        { role: 'user', content: 'Why?' },
      ],
      names,
    ),
  ).toBe('시스템: Be brief.\nipython: 4\n사용자: Why?');
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
