/** @file The choice of a chat template, and what the built-in ones write. */
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import { renderChat } from './chat-template';
import { builtInTemplates, chooseTemplate } from './template-choice';

describe('chooseTemplate', () => {
  it("takes the model's own unless told otherwise, and guesses none", () => {
    expect(chooseTemplate('own', undefined)).toEqual({ source: 'own', isOwn: true, described: "the base model's own" });
    expect(chooseTemplate(null, undefined)).toEqual({
      source: null,
      isOwn: true,
      described: 'none; pairs of plain text',
    });
    expect(chooseTemplate('own', 'none')).toMatchObject({ source: null, isOwn: false });
    expect(chooseTemplate('own', { source: 'given', file: 'a.jinja' })).toEqual({
      source: 'given',
      isOwn: false,
      described: 'a.jinja, given for this run',
    });
    expect(chooseTemplate(null, 'chatml')).toMatchObject({ source: builtInTemplates['chatml'], isOwn: false });
  });

  it.each(['zephyrus', '__proto__', ''])('refuses the name %j', (name) => {
    expect(() => chooseTemplate(null, name)).toThrow(
      `There is no built-in chat template "${name}"; name one of plain, chatml, none, or a file of Jinja.`,
    );
    expect(() => chooseTemplate(null, name)).toThrow(UserError);
  });
});

describe('built-in templates', () => {
  const specialTokens = { eos_token: '</s>' };
  const prompt = [
    { role: 'system', content: 'Be brief.' },
    { role: 'user', content: 'Hi' },
  ];
  const whole = [...prompt, { role: 'assistant', content: 'Hello.' }];

  it.each(Object.entries(builtInTemplates))(
    '%s: the prompt is the beginning of the whole, as training needs it',
    (_, template) => {
      const opening = renderChat(template, prompt, { addGenerationPrompt: true, specialTokens });
      expect(renderChat(template, whole, { addGenerationPrompt: false, specialTokens }).startsWith(opening)).toBe(true);
    },
  );

  it('plain ends an answer with the end-of-sequence token, where there is one', () => {
    const { plain = '' } = builtInTemplates;
    expect(renderChat(plain, whole, { addGenerationPrompt: false, specialTokens })).toBe(
      'System: Be brief.\nUser: Hi\nAssistant: Hello.</s>\n',
    );
    expect(renderChat(plain, whole, { addGenerationPrompt: false, specialTokens: {} })).toBe(
      'System: Be brief.\nUser: Hi\nAssistant: Hello.\n',
    );
  });
});
