/**
 * @file Chat templates against transformers (fixtures/chat-templates.json), and the sentences for those that fail.
 */
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import type { ChatMessage } from '../data/preference-pair';
import { formatTime, renderChat } from './chat-template';
import fixture from './fixtures/chat-templates.json';

const tokens = { bosToken: '<s>', eosToken: '</s>' };
const hello: ChatMessage[] = [{ role: 'user', content: 'Hello' }];
const render = (template: string, messages = hello) => renderChat(template, messages, { addGenerationPrompt: false, ...tokens });

describe('agrees with transformers', () => {
  const templates: Record<string, string> = fixture.templates;
  const conversations: Record<string, ChatMessage[]> = fixture.conversations;

  it.each(fixture.rows)('$template, $conversation, generation prompt $add_generation_prompt', (row) => {
    const run = () =>
      renderChat(templates[row.template] ?? '', conversations[row.conversation] ?? [], {
        addGenerationPrompt: row.add_generation_prompt,
        ...tokens,
      });
    if (row.text === null) expect(run).toThrow(UserError);
    else expect(run()).toBe(row.text);
  });

  it('over rows of which some render and some are refused', () => {
    expect(fixture.rows.filter(({ text }) => text === null).length).toBeGreaterThan(3);
    expect(fixture.rows.filter(({ text }) => text !== null).length).toBeGreaterThan(50);
  });
});

describe('the context', () => {
  it('has tools and documents as None, and leaves tokens that do not exist undefined', () => {
    expect(render('{{ tools is none }} {{ documents is none }} {{ unk_token is defined }} {{ bos_token }}')).toBe('true true false <s>');
  });

  it('strips the given characters alone', () => {
    expect(render("{{ '\\n a \\n'.strip('\\n') + '|' + '  a '.lstrip() + '|' + 'xxay'.rstrip('ya') }}")).toBe(' a |a |xx');
    expect(render("{{ {'k': 'xax'.strip('x')}['k'] }}")).toBe('a');
  });

  it('writes the time in English whatever the language of the browser', () => {
    const date = new Date(2026, 10, 3, 15, 4, 5);
    expect(formatTime(date, '%d %b %Y, %A %B %H:%M:%S %I %p %y %m %a %% %Q')).toBe('03 Nov 2026, Tuesday November 15:04:05 03 PM 26 11 Tue % %Q');
    expect(render("{{ strftime_now('%Y') | length }}")).toBe('4');
  });

  it('keeps two templates apart', () => {
    expect([render('A'), render('B'), render('A')]).toEqual(['A', 'B', 'A']);
  });
});

describe('a template that fails is a UserError that says why', () => {
  it.each([
    ['refuses', "{{ raise_exception('Roles must alternate.') }}", /does not take these messages \(roles: user\): Roles must alternate\. /],
    ['is broken', '{% for x in %}', /chat template could not be read/],
    ['calls what is not there', '{{ nothing() }}', /does not take these messages/],
    ['counts to a billion', '{% for i in range(1000000000) %}{% endfor %}', /range\(\) over 1000000000 items/],
    ['reaches for the constructor', "{{ messages.constructor.constructor('return 1')() }}", /does not take these messages/],
  ])('%s', (_, template, message) => {
    expect(() => render(template)).toThrow(message);
    expect(() => render(template)).toThrow(UserError);
  });

  it('caps template and output', () => {
    expect(() => render(' '.repeat(1_000_001))).toThrow(/1000001 characters; at most 1000000/);
    const long = [{ role: 'user', content: 'x'.repeat(100_000) }];
    expect(() => render('{% for i in range(41) %}{{ messages[0].content }}{% endfor %}', long)).toThrow(/4100000 characters/);
  });
});
