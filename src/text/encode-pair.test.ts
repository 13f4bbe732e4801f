/**
 * @file Encoded pairs against TRL's DPOTrainer (fixtures/pairs.json, and fixtures/golden/ of the project), and the
 * warnings and problems of doubtful pairs.
 */
import { sentenceOf, type Message } from '../messages/message';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { UserError } from '../core/errors';
import type { ChatPair, PreferencePair, TextPair } from '../data/preference-pair';
import { encodePair, encodePrompt } from './encode-pair';
import type { EncodedPair, EncodeContext } from './encode-pair';
import pairsFixture from './fixtures/pairs.json';
import tokenizersFixture from './fixtures/tokenizers.json';
import { loadTokenizer } from './tokenizer';
import type { Tokenizer } from './tokenizer';
import type { JsonObject } from '../core/json';

const tinystories = '../shared/models/tinystories-260k';
const readObject = (path: string) => JSON.parse(readFileSync(path, 'utf8')) as JsonObject;

function loadDirectory(directory: string): Tokenizer {
  const [json = {}, config = {}, model = {}] = ['tokenizer', 'tokenizer_config', 'config'].map((file) =>
    readObject(`${directory}/${file}.json`),
  );
  return loadTokenizer(json, config, model);
}

function loadNamed(name: string): Tokenizer {
  if (name === 'tinystories-260k') return loadDirectory(tinystories);
  const parts = (tokenizersFixture.tokenizers as unknown as Record<string, Record<string, JsonObject>>)[name] ?? {};
  return loadTokenizer(parts['tokenizer_json'] ?? {}, parts['tokenizer_config'] ?? {}, parts['model_config']);
}

function encode(pair: PreferencePair, context: Partial<EncodeContext> = {}) {
  return encodePair(pair, {
    tokenizer: loadNamed('gpt2'),
    chatTemplate: pairsFixture.chat_template,
    maxLength: 1024,
    ...context,
  });
}

/** The encoded pair; fails the test where the pair was refused. */
function encoded(pair: PreferencePair, context: Partial<EncodeContext> = {}): EncodedPair {
  const outcome = encode(pair, context);
  if (!outcome.ok) throw new Error(sentenceOf(outcome.problem));
  return outcome.pair;
}

function problemOf(pair: PreferencePair, context: Partial<EncodeContext> = {}): string {
  const outcome = encode(pair, context);
  return outcome.ok ? 'encoded' : sentenceOf(outcome.problem);
}

const sentences = (warnings: readonly Message[]): string[] => warnings.map((warning) => sentenceOf(warning));

describe('agrees with DPOTrainer', () => {
  const cases = pairsFixture.cases.filter(
    ({ tokenizer }) => tokenizer !== 'tinystories-260k' || existsSync(tinystories),
  );

  it.each(cases)(
    '$tokenizer, $kind pairs, max_length $max_length',
    ({ tokenizer: name, kind, max_length: maxLength, kept }) => {
      const pairs: readonly PreferencePair[] = kind === 'text' ? pairsFixture.text : pairsFixture.chat;
      const tokenizer = loadNamed(name);
      const ours = pairs.flatMap((pair, row) => {
        const outcome = encode(pair, { tokenizer, maxLength });
        if (!outcome.ok) return [];
        const { promptIds, chosenIds, rejectedIds } = outcome.pair;
        return [{ row, prompt_ids: promptIds, chosen_ids: chosenIds, rejected_ids: rejectedIds }];
      });
      expect(ours).toEqual(kept);
    },
  );

  it('on rows of which some are dropped and some cut', () => {
    const short = pairsFixture.cases.filter(({ max_length: maxLength, kind }) => maxLength === 24 && kind === 'text');
    expect(short.some(({ kept }) => kept.length < pairsFixture.text.length && kept.length > 0)).toBe(true);
    expect(short.some(({ kept }) => kept.some((row) => row.prompt_ids.length + row.chosen_ids.length === 24))).toBe(
      true,
    );
  });
});

interface GoldenRow {
  index: number;
  prompt_ids: number[];
  chosen_ids: number[];
  rejected_ids: number[];
}

const projectGoldens = ['tiny-llama', 'tiny-mistral', 'tinystories-260k'].filter(
  (name) =>
    existsSync(`fixtures/golden/${name}/tokens.json`) && (name !== 'tinystories-260k' || existsSync(tinystories)),
);

describe.skipIf(projectGoldens.length === 0)('fixtures/golden (skipped where absent)', () => {
  it.each(projectGoldens)('%s: pairs, chats and cut pairs of tokens.json', (name) => {
    const directory = name === 'tinystories-260k' ? tinystories : `fixtures/${name}`;
    const tokenizer = loadDirectory(directory);
    const jinja = `${directory}/chat_template.jinja`;
    const inConfig = readObject(`${directory}/tokenizer_config.json`)['chat_template'];
    const chatTemplate = existsSync(jinja)
      ? readFileSync(jinja, 'utf8')
      : typeof inConfig === 'string'
        ? inConfig
        : null;
    const golden = readObject(`fixtures/golden/${name}/tokens.json`);
    const lines = (file: string) =>
      readFileSync(`fixtures/${file}`, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as PreferencePair);
    const [text, chat] = [lines('pairs.jsonl'), lines('chat-pairs.jsonl')];
    const short = golden['short_max_length'] as number;
    const sets: [string, PreferencePair[], number][] = [
      ['pairs', text, 1024],
      ['chat_pairs', chat, 1024],
      ['short_pairs', text, short],
    ];
    for (const [key, pairs, maxLength] of sets) {
      for (const row of golden[key] as GoldenRow[]) {
        const pair = pairs[row.index];
        if (pair === undefined) throw new Error(`no pair ${row.index}`);
        const { promptIds, chosenIds, rejectedIds } = encoded(pair, { tokenizer, chatTemplate, maxLength });
        expect([promptIds, chosenIds, rejectedIds]).toEqual([row.prompt_ids, row.chosen_ids, row.rejected_ids]);
      }
    }
    for (const index of golden['short_dropped'] as number[]) {
      const pair = text[index];
      if (pair === undefined) throw new Error(`no pair ${index}`);
      expect(problemOf(pair, { tokenizer, chatTemplate, maxLength: short })).toMatch(
        /^The prompt has \d+ tokens and max_length is/,
      );
    }
  });
});

const text: TextPair = { prompt: 'The world said', chosen: ' hello to the girl.', rejected: ' nothing' };
const chat: ChatPair = {
  prompt: [{ role: 'user', content: 'Hi' }],
  chosen: [{ role: 'assistant', content: 'yes' }],
  rejected: [{ role: 'assistant', content: 'no' }],
};

describe('warnings', () => {
  it('are none for a clean pair', () => {
    expect(encoded(text).warnings).toEqual([]);
    expect(encoded(chat).warnings).toEqual([]);
  });

  it('name the tokens that merge at the boundary', () => {
    // " t" and " th" exist: the prompt's last space joins the answer's first letters.
    const { warnings, chosenIds } = encoded({ prompt: 'said ', chosen: 'the the', rejected: '7' });
    expect(warnings).toHaveLength(1);
    expect(sentences(warnings)[0]).toMatch(
      /The boundary merges: the prompt alone ends in the tokens " ", but together with `chosen` there is " the/,
    );
    expect(chosenIds.at(-1)).toBe(402);
  });

  it('tell how much is cut and that the end-of-sequence token goes with it', () => {
    const whole = encoded(text);
    const maxLength = whole.promptIds.length + whole.chosenIds.length - 3;
    const cut = encoded(text, { maxLength });
    expect(encoded(text, { maxLength: maxLength + 3 }).warnings).toEqual([]);
    expect(cut.chosenIds).toEqual(whole.chosenIds.slice(0, -3));
    expect(sentences(cut.warnings)[0]).toBe(
      `\`chosen\` is cut: its last 3 of ${whole.chosenIds.length} tokens do not fit into max_length ${maxLength}, ` +
        'so its end-of-sequence token <|im_end|> is lost. Raise max_length or shorten the text.',
    );
  });

  it('tell when a template writes no end-of-sequence token', () => {
    const { warnings } = encoded(chat, {
      chatTemplate:
        '{% for m in messages %}{{ m.role + ": " + m.content + "\\n" }}{% endfor %}{% if add_generation_prompt %}assistant: {% endif %}',
    });
    expect(
      sentences(warnings).filter((warning) => warning.includes('the chat template does not write <|im_end|>')),
    ).toHaveLength(2);
  });

  it('tell when the tokenizer has no end-of-sequence token', () => {
    const json = tokenizersFixture.tokenizers['digits-apart'].tokenizer_json as unknown as JsonObject;
    const { warnings } = encoded(text, { tokenizer: loadTokenizer(json, { tokenizer_class: 'TokenizersBackend' }) });
    expect(sentences(warnings)[0]).toContain('the tokenizer names no end-of-sequence token');
    expect(warnings).toHaveLength(2);
  });

  it('tell of a doubled start token', () => {
    const tokenizer = loadNamed('llama3');
    const { warnings } = encoded({ ...text, prompt: '<|endoftext|>The world' }, { tokenizer });
    expect(sentences(warnings)).toEqual([
      'The prompt begins with <|endoftext|> twice: the tokenizer adds one. Remove it from the text.',
    ]);
  });
});

describe('end of sequence', () => {
  it('is added once', () => {
    const once = encoded({ prompt: 'a', chosen: ' b', rejected: ' c<|im_end|>' });
    expect(once.chosenIds.filter((id) => id === 402)).toEqual([402]);
    expect(once.rejectedIds.filter((id) => id === 402)).toEqual([402]);
  });
});

describe('pairs that cannot be trained on', () => {
  it('a prompt that fills max_length, with the numbers', () => {
    const { promptIds } = encoded(text);
    const problem = `The prompt has ${promptIds.length} tokens and max_length is ${promptIds.length}, so no token of an answer is left to train on. Raise max_length or shorten the prompt.`;
    expect(problemOf(text, { maxLength: promptIds.length })).toBe(problem);
    expect(problemOf(text, { maxLength: promptIds.length + 1 })).toBe('encoded');
  });

  it('empty completions', () => {
    expect(problemOf({ ...text, rejected: ' ' })).toBe('encoded');
    expect(problemOf({ ...text, rejected: '' })).toMatch(/^There is no rejected answer .* train it by SFT/);
    expect(problemOf({ ...chat, rejected: [] })).toMatch(/^There is no rejected answer/);
    expect(problemOf({ ...text, chosen: '' })).toBe('`chosen` is empty; write the answer.');
    expect(problemOf({ ...text, rejected: '' }, { mayLackRejected: true })).toBe('encoded');
    expect(problemOf({ ...chat, chosen: [{ role: 'assistant', content: '' }] })).toBe(
      '`chosen` is empty; write the answer.',
    );
  });

  it('an empty prompt, unless the tokenizer adds a start token', () => {
    expect(problemOf({ ...text, prompt: '' })).toMatch(/^The prompt is empty/);
    expect(problemOf({ ...text, prompt: '' }, { tokenizer: loadNamed('llama3') })).toBe('encoded');
  });

  it('chats without a template, and those that it refuses', () => {
    expect(problemOf(chat, { chatTemplate: null })).toMatch(
      /has no chat template\. Write prompt, chosen and rejected as plain text/,
    );
    expect(problemOf(chat, { chatTemplate: "{{ raise_exception('no') }}" })).toMatch(/does not take these messages/);
  });

  it('a template that writes less with an answer than without', () => {
    const chatTemplate = '{% if add_generation_prompt %}a long opening{% else %}a{% endif %}';
    expect(problemOf(chat, { chatTemplate })).toMatch(/`chosen` has no token of its own/);
  });
});

describe('encodePrompt', () => {
  it('gives the prompt ids of the pair', () => {
    const context = { tokenizer: loadNamed('llama3'), chatTemplate: pairsFixture.chat_template };
    expect(encodePrompt(text.prompt, context)).toEqual(encoded(text, context).promptIds);
    expect(encodePrompt(chat.prompt, context)).toEqual(encoded(chat, context).promptIds);
    expect(() => encodePrompt(chat.prompt, { ...context, chatTemplate: null })).toThrow(UserError);
  });
});
