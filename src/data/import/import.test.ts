/** @file Import: each format and shape, what is recognised, and hostile files. The Parquet fixtures are pyarrow's. */
import { sentenceOf } from '../../messages/message';
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { commonMessages, commonTextLength } from './common-prompt';
import { makePairs } from './make-pairs';
import { readTable, readTextTable } from './read-table';
import type { ImportPlan } from './plan';
import { recognise } from './recognise';

const say = (role: string, content: string) => ({ role, content });
const [user, good, bad] = [say('user', 'Why?'), say('assistant', 'Because.'), say('assistant', 'No.')];
const lines = (...rows: unknown[]) => readTextTable(rows.map((row) => JSON.stringify(row)).join('\n'), 'a.jsonl');
const read = (...rows: unknown[]) => {
  const table = lines(...rows);
  const { plan } = recognise(table);
  return { shape: plan?.shape, ...makePairs(table, plan as ImportPlan, 'a.jsonl') };
};
const sentences = (...rows: unknown[]) => read(...rows).errors.map(({ message }) => sentenceOf(message));
const bytes = (text: string) => new TextEncoder().encode(text);

describe('shapes', () => {
  it('pairs, with a text prompt beside chats that begin with it or follow it', () => {
    const inner = { prompt: 'Why?', chosen: [user, good], rejected: [user, bad] };
    const after = { prompt: 'Why?', chosen: [good], rejected: [bad] };
    const { shape, pairs } = read(inner, after);
    expect(shape).toBe('pairs');
    expect(pairs).toEqual([0, 1].map(() => ({ prompt: [user], chosen: [good], rejected: [bad] })));
  });

  it('implicit prompt: by message, and by words of text', () => {
    expect(read({ chosen: [user, good], rejected: [user, bad] })).toMatchObject({
      shape: 'implicit',
      pairs: [{ prompt: [user], chosen: [good], rejected: [bad] }],
    });
    expect(read({ chosen: 'The sky is blue.', rejected: 'The sky is black.' }).pairs).toEqual([
      { prompt: 'The sky is', chosen: ' blue.', rejected: ' black.' },
    ]);
  });

  it('an implicit prompt that cannot be told is refused, not guessed', () => {
    expect(sentences({ chosen: 'Yes', rejected: 'No' })[0]).toMatch(
      /^Row 1 of a\.jsonl has no common beginning .*"Yes".*add a `prompt`\.$/,
    );
    expect(sentences({ chosen: 'Yes.', rejected: 'Yes. And no.' })[0]).toBe(
      'Row 1 of a.jsonl has an empty `chosen`; write the answer.',
    );
    expect(sentences({ chosen: [user, good], rejected: 'x' })[0]).toMatch(/write both in the same form/);
  });

  it("Anthropic's transcripts as text and as chat, differing in the last turn or before it", () => {
    const start = '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Why?\n\nAssistant:';
    const table = lines(
      { chosen: `${start} Because.`, rejected: `${start} No.` },
      { chosen: `${start} A\n\nHuman: B\n\nAssistant: C`, rejected: `${start} D` },
    );
    const { plan } = recognise(table);
    expect(plan).toEqual({ shape: 'transcripts', chosen: 'chosen', rejected: 'rejected', as: 'text' });
    expect(makePairs(table, plan as ImportPlan, 'hh').pairs[0]).toEqual({
      prompt: start,
      chosen: ' Because.',
      rejected: ' No.',
    });
    const chats = makePairs(table, { ...(plan as ImportPlan & { shape: 'transcripts' }), as: 'chat' }, 'hh').pairs;
    expect(chats[0]).toEqual({
      prompt: [say('user', 'Hi'), say('assistant', 'Hello'), user],
      chosen: [good],
      rejected: [bad],
    });
    expect(chats[1]?.chosen).toEqual([say('assistant', 'A'), say('user', 'B'), say('assistant', 'C')]);
    const odd = { chosen: 'no transcript', rejected: start };
    expect(
      sentences({ chosen: start + 'x', rejected: start + 'y' }, { chosen: start + 'x', rejected: start + 'y' }, odd)[0],
    ).toMatch(/^Row 3 .*"no transcript" as `chosen`; it must be a transcript/);
  });

  it("OpenAI's form", () => {
    const row = { input: { messages: [user], tools: [] }, preferred_output: [good], non_preferred_output: [bad] };
    expect(read(row)).toMatchObject({
      shape: 'openai',
      pairs: [{ prompt: [user], chosen: [good], rejected: [bad] }],
      errors: [],
    });
    expect(
      sentences(
        row,
        { ...row, input: 7 },
        { ...row, preferred_output: null },
        { ...row, input: { messages: [user], tools: [{}] } },
      ),
    ).toEqual([
      'Row 2 of a.jsonl has the number 7 as `input`; it must be an object with `messages`.',
      'Row 3 of a.jsonl has null as `preferred_output`; it must be text or a list of messages.',
      'Row 4 of a.jsonl has `input.tools`, which Airlock does not support; remove it.',
    ]);
  });

  it('ranked lists: by place, by scores, by rank', () => {
    const summary = (row: unknown) =>
      read(row).pairs.map(({ chosen, rejected }) => `${String(chosen)}>${String(rejected)}`);
    expect(summary({ prompt: 'p', answers: ['a', 'b', 'c'] })).toEqual(['a>b', 'a>c', 'b>c']);
    expect(summary({ prompt: 'p', responses: ['a', 'b', 'c'], scores: [1, 3, 1] })).toEqual(['b>a', 'b>c']);
    expect(
      summary({
        question: 'p',
        answers: [
          { answer: 'a', rank: 2 },
          { answer: 'b', rank: 1 },
        ],
      }),
    ).toEqual(['b>a']);
    expect(
      summary({
        instruction: 'p',
        completions: [
          { response: 'a', overall_score: 7 },
          { response: 'b', overall_score: 8 },
        ],
      }),
    ).toEqual(['b>a']);
    const table = lines({ prompt: 'p', answers: ['a', 'b', 'c'] });
    const ends = makePairs(
      table,
      { shape: 'ranked', prompt: 'prompt', answers: 'answers', scores: null, pairing: 'ends' },
      'x',
    );
    expect(ends.pairs).toEqual([{ prompt: 'p', chosen: 'a', rejected: 'c' }]);
  });

  it('refuses broken ranked lists by answer and value', () => {
    const fine = { prompt: 'p', answers: ['a', 'b'] };
    expect(
      sentences(
        fine,
        fine,
        fine,
        { prompt: 'p', answers: ['a'] },
        { prompt: 'p', answers: ['a', 5] },
        { prompt: 'p', answers: [{ answer: 'a', score: 'high' }, 'b'] },
      ),
    ).toEqual([
      'Row 4 of a.jsonl has the list ["a"] as `answers`; it must be a list of two answers or more.',
      'Row 5 of a.jsonl has the number 5 as `answers`; it must be text or a list of messages.',
      'Row 6 of a.jsonl has in answer 1 of `answers` the text "high" as its score; it must be a number.',
    ]);
    expect(sentences({ prompt: 'p', answers: ['a', 'b'], scores: [1] })[0]).toMatch(
      /the list \[1\] as `scores`; it must be a list of 2 numbers/,
    );
    expect(sentences({ prompt: 'p', answers: ['a', 'b'], scores: [1, 1] })[0]).toMatch(/same score for all/);
  });

  it('ratings: rows of one prompt, scores as numbers, text or true and false', () => {
    const { shape, pairs, errors } = read(
      { prompt: 'p', completion: 'good', label: true },
      { prompt: 'q', completion: 'alone', label: true },
      { prompt: 'p', completion: 'bad', label: false },
      { prompt: 'p', completion: 'x', label: 'maybe' },
    );
    expect([shape, pairs]).toEqual(['ratings', [{ prompt: 'p', chosen: 'good', rejected: 'bad' }]]);
    expect(errors.map(({ row, message }) => ({ row, message: sentenceOf(message) }))).toEqual([
      {
        row: 2,
        message:
          'Row 2 of a.jsonl is the only one of its prompt, so there is no pair (the text "q"); add an answer with another score.',
      },
      { row: 4, message: 'Row 4 of a.jsonl has the text "maybe" as `label`; it must be a number, or true or false.' },
    ]);
    expect(
      read(
        { prompt: 'p', response: 'a', score: '2.5' },
        { prompt: 'p', response: 'b', score: 4 },
        { prompt: 'p', response: 'c', score: 4 },
      ).pairs,
    ).toHaveLength(2);
  });

  it('looks at many rows, not at the first alone, and says when it is unsure', () => {
    const pair = { prompt: 'p', chosen: 'a', rejected: 'b' };
    expect(recognise(lines({ chosen: 'a', rejected: 'b' }, pair, pair)).plan?.shape).toBe('pairs');
    expect(recognise(lines({ Question: 'p', better: 'a', worse: 'b' }))).toMatchObject({
      isSure: false,
      plan: { shape: 'pairs', prompt: 'Question', chosen: 'better', rejected: 'worse' },
    });
    expect(sentences({ prompt: 'p', chosen: 'a' })).toEqual(['Row 1 of a.jsonl has no `rejected`; add it.']);
    expect(recognise(lines({ a: 1, b: 2 }))).toMatchObject({ plan: null, isSure: false, columns: ['a', 'b'] });
  });
});

describe('the common beginning', () => {
  it.each([
    ['ab cd', 'ab ce', 2],
    ['a 😀', 'a 😁', 1],
    ['하늘은 파랗다', '하늘은 검다', 3],
    ['空は青い', '空は黒い', 2],
    ['x', 'y', 0],
    ['same', 'same', 4],
    ['', 'a', 0],
  ])('of %j and %j', (a, b, length) => expect(commonTextLength(a, b)).toBe(length));

  it('leaves each chat a message', () => {
    expect(commonMessages([user, good], [user, good, user, bad])).toBe(1);
    expect(commonMessages([], [user])).toBeLessThanOrEqual(0);
  });
});

describe('CSV', () => {
  it('reads quotes, line breaks in cells, semicolons, a byte order mark, chats in cells', () => {
    const table = readTextTable(
      '\ufeffprompt;chosen;rejected\r\n"a;b";"line 1\nline ""2""";c\r\n\r\nd;e;f\r\n',
      'x.csv',
    );
    expect(makePairs(table, recognise(table).plan as ImportPlan, 'x.csv')).toMatchObject({
      pairs: [{ prompt: 'a;b', chosen: 'line 1\nline "2"', rejected: 'c' }, { prompt: 'd' }],
      rows: [2, 4],
      errors: [],
    });
    const cell = (messages: unknown) => `"${JSON.stringify(messages).replaceAll('"', '""')}"`;
    const chat = readTextTable(`prompt,chosen,rejected\n${cell([user])},${cell([good])},${cell([bad])}`, 'x.csv');
    expect(makePairs(chat, recognise(chat).plan as ImportPlan, 'x.csv').pairs).toEqual([
      { prompt: [user], chosen: [good], rejected: [bad] },
    ]);
  });

  it('reads CP949 and UTF-16, as Excel writes them', async () => {
    const cp949 = Uint8Array.from([...bytes('prompt,chosen,rejected\n'), 0xc7, 0xd1, 0xb1, 0xdb, ...bytes(',a,b\n')]);
    expect((await readTable(cp949, 'x.csv')).rows[0]?.value).toMatchObject({ prompt: '한글' });
    const utf16 = new Uint8Array(
      Uint16Array.from(
        [0xfeff, ...'prompt\tchosen\trejected\n한\ta\tb'].map((c) => (typeof c === 'string' ? c.charCodeAt(0) : c)),
      ).buffer,
    );
    expect((await readTable(utf16, 'x.tsv')).rows[0]?.value).toEqual({ prompt: '한', chosen: 'a', rejected: 'b' });
  });

  it('names the broken row', () => {
    const table = readTextTable('prompt,chosen,rejected\na,b\nd,e,f\n"open,x,y', 'x.csv');
    const { pairs, errors } = makePairs(table, recognise(table).plan as ImportPlan, 'x.csv');
    expect(pairs).toHaveLength(1);
    expect(errors.map(({ message }) => sentenceOf(message))[0]).toBe('Row 2 of x.csv has no `rejected`; add it.');
    expect(errors.map(({ message }) => sentenceOf(message))[1]).toMatch(
      /^Row 4 of x\.csv is not valid CSV \(a quoted field is not closed/,
    );
    expect(() => readTextTable('a,a,b\n1,2,3', 'x.csv')).toThrow(/column name "a" twice/);
    expect(() => readTextTable('just one\n1', 'x.csv')).toThrow(/one column, "just one"/);
    expect(readTextTable('', 'x.csv').rows).toEqual([]);
  });

  it('takes a column called __proto__ for a column', () => {
    const { rows } = readTextTable('__proto__,chosen\nx,y', 'x.csv');
    expect(Object.keys(rows[0]?.value as object)).toEqual(['__proto__', 'chosen']);
  });
});

describe('Parquet', () => {
  const fixture = (name: string) => Uint8Array.from(readFileSync(`fixtures/parquet/${name}.parquet`));
  it.each(['snappy', 'zstd', 'gzip', 'none'])('of pyarrow, %s', async (codec) => {
    const table = await readTable(fixture(codec), `${codec}.parquet`);
    const { pairs, errors } = makePairs(table, recognise(table).plan as ImportPlan, 'x');
    expect(errors).toEqual([]);
    expect(pairs).toHaveLength(20);
    expect(pairs[3]).toEqual({
      prompt: [say('user', 'Question 3: 왜?')],
      chosen: [say('assistant', 'Good answer 3.')],
      rejected: [say('assistant', 'Bad 3.')],
    });
  });

  it('broken, cut or not Parquet at all is one sentence', async () => {
    const whole = fixture('snappy');
    for (const spoilt of [
      new Uint8Array(0),
      bytes('prompt,chosen\n'),
      whole.slice(0, 200),
      whole.slice(300),
      whole.map((byte, i) => (i > whole.length - 200 && i < whole.length - 8 ? byte ^ 0xff : byte)),
    ]) {
      await expect(readTable(spoilt as Uint8Array<ArrayBuffer>, 'x.parquet')).rejects.toThrow(
        /^x\.parquet cannot be read as Parquet: /,
      );
    }
  });
});

describe('the edges', () => {
  const better = (...rows: unknown[]) =>
    read(...rows).pairs.map(({ chosen, rejected }) => `${String(chosen)}>${String(rejected)}`);

  it('is sure of columns with a shape’s own names alone', () => {
    const sure = (row: object) => recognise(lines(row)).isSure;
    expect(sure({ prompt: 'p', chosen: 'a', rejected: 'b' })).toBe(true);
    expect(sure({ prompt: 'p', chosen: 'a', preferred: 'x', rejected: 'b' })).toBe(true);
    expect(sure({ prompt: 'p', answers: ['a', 'b'] })).toBe(true);
    expect(sure({ input: { messages: [user] }, preferred_output: [good], non_preferred_output: [bad] })).toBe(true);
    expect(sure({ question: 'p', chosen: 'a', rejected: 'b' })).toBe(false);
    expect(sure({ prompt: 'p', responses: ['a', 'b'] })).toBe(false);
  });

  it('reads scores as text with spaces and in any case, and nothing else as one', () => {
    const rated = (...labels: unknown[]) => labels.map((label, i) => ({ prompt: 'p', completion: `${i}`, label }));
    expect(better(...rated(' FALSE', 'True '))).toEqual(['1>0']);
    expect(better(...rated(' 2 ', '10', -1))).toEqual(['1>0', '1>2', '0>2']);
    for (const label of ['', ' ', 'truely', 'untrue', null, [1], '1,5'])
      expect(sentences(...rated(1, 2, label))[0], JSON.stringify(label)).toMatch(/^Row 3 .* must be a number/);
    expect(sentences(...rated(1, 2), { prompt: 'p', completion: 'x' })[0]).toBe(
      'Row 3 of a.jsonl has no `label`; add it.',
    );
    expect(sentences(...rated(3, 3, 3))[0]).toMatch(/^Row 1 .* and 2 more of its prompt all have the same `label`/);
  });

  it('takes a column of ranks the other way round, and names an item without an answer', () => {
    expect(better({ prompt: 'p', answers: ['a', 'b'], ranks: [2, 1] })).toEqual(['b>a']);
    expect(sentences({ prompt: 'p', answers: [{ said: 'a' }, 'b'] })[0]).toMatch(
      /^Row 1 .* in answer 1 of `answers` .*\{"said":"a"\}.* without one of answer, response,/,
    );
  });

  it('pairs all of 64 answers and the ends of more, equal ones never', () => {
    const answers = (count: number) => Array.from({ length: count }, (_, i) => `a${i}`);
    expect(read({ prompt: 'p', answers: answers(64) }).pairs).toHaveLength((64 * 63) / 2);
    expect(better({ prompt: 'p', answers: answers(65) })).toEqual(['a0>a64']);
    const scores = answers(65).map(() => 1);
    expect(sentences({ prompt: 'p', answers: answers(65), scores })[0]).toMatch(/same score for all/);
  });

  it('gives texts beside a chat the role of the assistant', () => {
    const { pairs } = read({ prompt: [user], answers: ['Because.', 'No.'] });
    expect(pairs).toEqual([{ prompt: [user], chosen: [good], rejected: [bad] }]);
  });

  it('shows the beginning of a long value', () => {
    const [sentence = ''] = sentences(
      { prompt: 'p', chosen: 'a', rejected: 'b' },
      { prompt: 'p', chosen: { text: 'long '.repeat(30) }, rejected: 'b' },
    );
    expect(sentence).toContain('the object {"text":"long long');
    expect(sentence).toContain('…');
    expect(sentence.length).toBeLessThan(200);
  });

  it('does not cut a word of either text', () => {
    expect(commonTextLength('walk in', 'walking')).toBe(0);
    expect(commonTextLength('walking', 'walk in')).toBe(0);
    expect(commonTextLength('to walk', 'to walk in')).toBe(7);
  });

  it('trims names of columns and keeps a row with one empty cell', () => {
    const { rows } = readTextTable('\n prompt , chosen ,rejected\na,,c\n,,\n'.trimStart(), 'x.csv');
    expect(rows).toEqual([{ row: 2, value: { prompt: 'a', chosen: '', rejected: 'c' } }]);
    const wide = Array.from({ length: 1001 }, (_, i) => `c${i}`).join(',');
    expect(() => readTextTable(wide, 'x.csv')).toThrow('x.csv has 1001 columns; at most 1000');
  });
});

it('parses and reads each row once, however many there are', () => {
  const row = (i: number) => ({ prompt: `Question ${i}`, chosen: 'yes '.repeat(9), rejected: 'no '.repeat(9) });
  const workOf = (count: number): { parsed: number; read: number } => {
    const text = Array.from({ length: count }, (_, i) => JSON.stringify(row(i))).join('\n');
    const parse = vi.spyOn(JSON, 'parse');
    const table = readTextTable(text, 'x.jsonl');
    const parsed = parse.mock.calls.reduce((sum, [source]) => sum + source.length, 0);
    parse.mockRestore();
    let read = 0;
    const rows = table.rows.map(({ row, value }) => ({
      row,
      get value() {
        read++;
        return value;
      },
    }));
    const { plan } = recognise(table);
    expect(makePairs({ ...table, rows }, plan as ImportPlan, 'x').pairs).toHaveLength(count);
    return { parsed: parsed - text.length, read: read / count };
  };
  expect(workOf(1000)).toEqual({ parsed: 1 - 1000, read: 1 });
});
