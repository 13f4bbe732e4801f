/**
 * @file Chat templates against transformers (fixtures/chat-templates.json), and the sentences for those that fail.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import type { ChatMessage } from '../data/preference-pair';
import { renderChat } from './chat-template';
import fixture from './fixtures/chat-templates.json';
import { formatTime } from './strftime';

const tokens = { specialTokens: { bos_token: '<s>', eos_token: '</s>' } };
const hello: ChatMessage[] = [{ role: 'user', content: 'Hello' }];
const render = (template: string, messages = hello) =>
  renderChat(template, messages, { addGenerationPrompt: false, ...tokens });

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

interface FamilyGoldens {
  special_tokens: Record<string, string>;
  templates: Record<string, string>;
  conversations: Record<string, ChatMessage[]>;
  rows: {
    template: string;
    conversation: string;
    add_generation_prompt: boolean;
    text: string | null;
    error?: string;
  }[];
}

describe('templates in the style of well-known families agree with transformers (tools/make_templates.py)', () => {
  const goldens = JSON.parse(readFileSync('fixtures/chat-templates.json', 'utf8')) as FamilyGoldens;

  it.each(goldens.rows)(
    '$template, $conversation, generation prompt $add_generation_prompt',
    ({ template, conversation, add_generation_prompt: addGenerationPrompt, text, error = '' }) => {
      const run = () =>
        renderChat(goldens.templates[template] ?? '', goldens.conversations[conversation] ?? [], {
          addGenerationPrompt,
          specialTokens: goldens.special_tokens,
        });
      if (text !== null) expect(run()).toBe(text);
      // What a template raises itself is passed on; other reasons are worded differently.
      else
        expect(run).toThrow(/undefined|subscriptable|attribute/.test(error) ? UserError : error.replace(/[.\s]+$/, ''));
    },
  );
});

describe('one-line features render as by transformers, or are refused (tools/make_template_features.py)', () => {
  const goldens = JSON.parse(readFileSync('fixtures/template-features.json', 'utf8')) as {
    special_tokens: Record<string, string>;
    messages: ChatMessage[];
    features: [template: string, text: string | null][];
  };
  const refused: string[] = [];

  it.each(goldens.features)('%s', (template, expected) => {
    let text: string;
    try {
      text = renderChat(template, goldens.messages, {
        addGenerationPrompt: false,
        specialTokens: goldens.special_tokens,
      });
    } catch (error) {
      expect(error).toBeInstanceOf(UserError);
      if (expected !== null) refused.push(template);
      return;
    }
    expect(text).toBe(expected);
  });

  it('all but a few of those that transformers renders are rendered', () => {
    expect(goldens.features.length).toBeGreaterThan(900);
    expect(refused.length).toBeLessThanOrEqual(60);
  });
});

describe('the context', () => {
  it('has tools and documents as None, and leaves tokens that do not exist undefined', () => {
    expect(render('{{ tools is none }} {{ documents is none }} {{ unk_token is defined }} {{ bos_token }}')).toBe(
      'True True False <s>',
    );
  });

  it('strips the given characters alone', () => {
    expect(render("{{ '\\n a \\n'.strip('\\n') + '|' + '  a '.lstrip() + '|' + 'xxay'.rstrip('ya') }}")).toBe(
      ' a |a |xx',
    );
    expect(render("{{ {'k': 'xax'.strip('x')}['k'] }}")).toBe('a');
  });

  it('writes the time in English whatever the language of the browser', () => {
    const date = new Date(2026, 10, 3, 15, 4, 5);
    expect(formatTime(date, '%d %b %Y, %A %B %H:%M:%S %I %p %y %m %a %%')).toBe(
      '03 Nov 2026, Tuesday November 15:04:05 03 PM 26 11 Tue %',
    );
    expect(render("{{ strftime_now('%Y') | length }}")).toBe('4');
  });

  it('writes every directive of strftime as on Linux, or refuses it', () => {
    const date = new Date(2026, 2, 1, 0, 7, 9);
    expect(
      formatTime(date, '%-d|%-m|%-H|%-I|%-M|%e|%k|%j|%-j|%D|%F|%T|%R|%c|%U|%W|%u|%w|%C|%^a|%h|%Z%z|%_m|%n%t'),
    ).toBe(
      '1|3|0|12|7| 1| 0|060|60|03/01/26|2026-03-01|00:07:09|00:07|Sun Mar  1 00:07:09 2026|09|08|7|0|20|SUN|Mar|| 3|\n\t',
    );
    for (const format of ['%Q', '%-', '%E', '%G', '%f', '%s', '100%'])
      expect(() => formatTime(date, format), format).toThrow(/strftime_now has no directive %/);
    expect(() => render("{{ strftime_now('%Q') }}")).toThrow(UserError);
  });

  it('keeps what a round has printed before it is left', () => {
    const loop = '{% for i in range(3) %}{% if i == 1 %}[{{ i }}{% continue %}{% endif %}{{ i }},{% endfor %}';
    expect(render(loop)).toBe('0,[12,');
    expect(render(loop.replace('continue', 'break'))).toBe('0,[1');
  });

  it('keeps two templates apart', () => {
    expect([render('A'), render('B'), render('A')]).toEqual(['A', 'B', 'A']);
  });
});

describe('a template that fails is a UserError that says why', () => {
  it.each([
    [
      'refuses',
      "{{ raise_exception('Roles must alternate.') }}",
      /does not take these messages \(roles: user\): Roles must alternate\. /,
    ],
    ['is broken', '{% for x in %}', /chat template could not be read/],
    ['calls what is not there', '{{ nothing() }}', /does not take these messages/],
    ['counts to a billion', '{% for i in range(1000000000) %}{% endfor %}', /range\(\) over 1000000000 items/],
    [
      'reaches for the constructor',
      "{{ messages.constructor.constructor('return 1')() }}",
      /does not take these messages/,
    ],
  ])('%s', (_, template, message) => {
    expect(() => render(template)).toThrow(message);
    expect(() => render(template)).toThrow(UserError);
  });

  it.each([
    [
      'nested loops',
      '{% for a in range(99999) %}{% for b in range(99999) %}{% if b == -1 %}x{% endif %}{% endfor %}{% endfor %}',
      /stopped after 5 seconds on 1 messages; it may loop without end/,
    ],
    [
      'empty nested loops',
      '{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}',
      /stopped after 5 seconds/,
    ],
    ['a macro that calls itself', '{% macro f(x) %}{{ f(x) }}{% endmacro %}{{ f(1) }}', /does not take these messages/],
    [
      'a text that doubles',
      "{% set ns = namespace(x='ab') %}{% for i in range(99) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}",
      /made \d+ characters of 1 messages; at most 4000000/,
    ],
    [
      'a list that doubles',
      '{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}',
      /a list or object of more than 100000 values/,
    ],
    [
      'a list within lists',
      '{% set ns = namespace(x=[1]) %}{% for i in range(99) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x | tojson }}',
      /a list or object of more than 100000 values/,
    ],
    [
      'an object within objects',
      "{% set ns = namespace(x={}) %}{% for i in range(99) %}{% set ns.x = {'a': ns.x, 'b': ns.x} %}{% endfor %}{{ ns.x }}",
      /a list or object of more than 100000 values/,
    ],
    [
      'a namespace that holds itself',
      '{% set ns = namespace(x=1) %}{% set ns.x = ns %}{{ ns }}',
      /a list or object of more than 100000 values|does not take/,
    ],
    [
      'wide padding',
      "{{ {'a': [1, [2]]} | tojson(indent=999999999) }}",
      /does not take these messages|characters of 1 messages/,
    ],
  ])(
    '%s end in a sentence',
    (_, template, message) => {
      expect(() => render(template)).toThrow(message);
      expect(() => render(template)).toThrow(UserError);
    },
    120_000,
  );

  it('caps template and output', () => {
    expect(() => render(' '.repeat(1_000_001))).toThrow(/1000001 characters; at most 1000000/);
    const long = [{ role: 'user', content: 'x'.repeat(100_000) }];
    expect(() => render('{% for i in range(41) %}{{ messages[0].content }}{% endfor %}', long)).toThrow(
      /4100000 characters/,
    );
  });
});
