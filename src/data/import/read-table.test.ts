/**
 * @file Bytes -> rows: encodings by evidence, layouts of JSON, dialects of CSV, packed files; broken ones are a
 * sentence.
 */
import { gzipSync, zipSync } from 'fflate';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { cp949Character, decodeCp949 } from './cp949';
import { decodeText } from './encoding';
import { parsePythonLiteral } from './python-literal';
import { readTable, readTextTable, type Table } from './read-table';
import { unpack } from './unpack';

const fixture = (name: string) => readTable(Uint8Array.from(readFileSync(`fixtures/data/${name}`)), name);
const valuesOf = ({ rows }: Table) => rows.map(({ value, error }) => error ?? value);
const bytesOf = (...parts: (string | number[])[]) =>
  Uint8Array.from(parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)));
const utf16 = (text: string, isBig: boolean, mark = '\ufeff') =>
  Uint8Array.from(
    [...(mark + text)].flatMap((character) => {
      const code = character.charCodeAt(0);
      return isBig ? [code >> 8, code & 255] : [code & 255, code >> 8];
    }),
  );

describe('encodings', () => {
  it('CP949 has all 17,048 characters of the code page, the 8,822 of UHC in their places', () => {
    const codes = Array.from({ length: 0x10000 }, (_, code) => code).filter(
      (code) => cp949Character(code) !== undefined,
    );
    // 188 codes of C9 and FE are for users' own characters, which some decoders map and Python does not.
    expect(codes.filter((code) => code >> 8 !== 0xc9 && code >> 8 !== 0xfe)).toHaveLength(17048);
    // As Python's encode('cp949') writes it.
    const words = [0x8c, 0x63, 0xb9, 0xe6, 0xb0, 0xa2, 0xc7, 0xcf, 0x81, 0x41, 0xc6, 0x52, 0xc1, 0x64, 0xbc, 0x84];
    expect(decodeCp949(Uint8Array.from(words))).toBe('똠방각하갂힣햏펲');
    expect(decodeCp949(Uint8Array.of(0x41, 0xb0))).toBeNull();
  });

  it.each([
    ['UTF-8', bytesOf('한글, café'), '한글, café'],
    ['UTF-8', bytesOf([0xef, 0xbb, 0xbf], 'a'), 'a'],
    ['UTF-16LE', utf16('prompt\t한', false), 'prompt\t한'],
    ['UTF-16BE', utf16('prompt\t한', true), 'prompt\t한'],
    ['UTF-16LE', utf16('prompt,chosen\nWhy?,x', false, ''), 'prompt,chosen\nWhy?,x'],
    ['UTF-16BE', utf16('prompt,chosen\nWhy?,x', true, ''), 'prompt,chosen\nWhy?,x'],
    ['CP949', bytesOf('a,', [0xc7, 0xd1, 0xb1, 0xdb]), 'a,한글'],
    ['Windows-1252', bytesOf('It', [0x92], 's off'), 'It’s off'],
    [
      'Windows-1252',
      bytesOf('Gr', [0xfc, 0xdf], 'e aus K', [0xf6], 'ln, caf', [0xe9], ' ', [0x96], ' '),
      'Grüße aus Köln, café – ',
    ],
    ['Windows-1252', bytesOf('cr', [0xe9, 0xe9], 'e ', [0x93], 'so', [0x94], ' ', [0x80], '5'), 'créée “so” €5'],
  ])('%s is read by its evidence', (encoding, bytes, text) => {
    expect(decodeText(bytes, 'x')).toEqual({ text, encoding, isSure: true });
  });

  it('what could be two encodings is said to be unsure, and a person may choose', () => {
    // Two syllables as common as rare: no evidence either way.
    const bytes = bytesOf('a ', [0xb0, 0xa1], ' b ', [0x8c, 0x63]);
    expect(decodeText(bytes, 'x')).toMatchObject({ encoding: 'CP949', isSure: false });
    expect(decodeText(bytes, 'x', 'Windows-1252').text).toBe('a °¡ b Œc');
    expect(() => decodeText(bytes, 'x.csv', 'UTF-8')).toThrow('x.csv is no text in UTF-8; choose another encoding');
    expect(() => decodeText(Uint8Array.of(1, 0, 0, 200, 0x81, 0x20), 'x.csv')).toThrow(/x\.csv is no text in/);
  });
});

describe('layouts of JSON', () => {
  const on = { prompt: 'Is it on?', chosen: ' Yes.', rejected: ' No.' };
  const off = { ...on, prompt: 'Is it off?' };
  it.each(['concatenated.jsonl', 'jq.jsonl', 'one-line-comma.jsonl'])('%s', async (name) => {
    expect(valuesOf(await fixture(`pretty-printed/${name}`))).toEqual([on, off]);
  });
  it('one object, and rows that are counted by the line they begin at', async () => {
    expect(valuesOf(await fixture('pretty-printed/one.json'))).toEqual([on]);
    expect((await fixture('pretty-printed/jq.jsonl')).rows.map(({ row }) => row)).toEqual([1, 6]);
  });
  it('NaN and Infinity as Python writes them, and never within a text', async () => {
    expect(valuesOf(await fixture('json-nan/nan.jsonl'))).toEqual([
      { ...on, score_chosen: NaN },
      { ...off, score_chosen: 1 },
    ]);
    expect(valuesOf(await fixture('json-nan/nan-list.json'))).toEqual([{ ...on, score_chosen: NaN }]);
    expect(valuesOf(readTextTable('{"a": "NaN: -Infinity \\" NaN", "b": -Infinity, "c": [NaN]}', 'x.jsonl'))).toEqual([
      { a: 'NaN: -Infinity " NaN', b: -Infinity, c: [NaN] },
    ]);
  });
  it('rows under a name, and columns as pandas and datasets write them', () => {
    const read = (value: unknown) => valuesOf(readTextTable(JSON.stringify(value, null, 1), 'x.json'));
    expect(read({ version: '1', data: [on, off] })).toEqual([on, off]);
    expect(read({ a: { '0': 'x', '1': 'y' }, b: { '0': 1, '1': 2 } })).toEqual([
      { a: 'x', b: 1 },
      { a: 'y', b: 2 },
    ]);
    expect(read({ a: ['x', 'y'], b: ['1', '2'] })).toEqual([
      { a: 'x', b: '1' },
      { a: 'y', b: '2' },
    ]);
    const chat = { prompt: [{ role: 'user', content: 'u' }], chosen: [{ role: 'a', content: 'c' }] };
    expect(read(chat)).toEqual([chat]);
  });
  it('a broken value costs itself alone, whatever is around it', () => {
    const broken = readTextTable('{\n "a": 1\n}\n{\n "a": \n}\n{\n "a": 3\n}\n', 'x.jsonl');
    expect(broken.rows.map(({ row, value }) => [row, value])).toEqual([
      [1, { a: 1 }],
      [4, undefined],
      [7, { a: 3 }],
    ]);
  });
});

describe('dialects of CSV', () => {
  const yes = { prompt: 'Is it on?', chosen: 'Yes.', rejected: 'No.' };
  it.each(['csv-sep-line/comma.csv', 'csv-trailing-empty-columns/one.csv'])('%s', async (name) => {
    expect(valuesOf(await fixture(name))).toEqual([yes]);
  });
  it.each(['excel', 'ragged'])('trailing empty columns of %s.csv are passed over', async (name) => {
    const off = { prompt: 'Is it off?', chosen: 'No.', rejected: 'Yes.' };
    expect(valuesOf(await fixture(`csv-trailing-empty-columns/${name}.csv`))).toEqual([yes, off]);
  });
  it('the separator is the one of `sep=`, or of the header', async () => {
    expect(valuesOf(await fixture('csv-sep-line/semicolon.csv'))[0]).toEqual({ ...yes, chosen: 'Yes, it is.' });
    const semicolons = 'prompt;chosen;rejected\n"a, b, c, d";e, f, g;h, i, j\n';
    expect(valuesOf(readTextTable(semicolons, 'x.csv'))).toEqual([
      { prompt: 'a, b, c, d', chosen: 'e, f, g', rejected: 'h, i, j' },
    ]);
  });
  it('blank lines above the header, and rows by the spreadsheet’s numbers', () => {
    const { rows } = readTextTable('\r\n,,\r\nprompt,chosen,rejected\r\na,b,c\r\n', 'x.csv');
    expect(rows).toEqual([{ row: 4, value: { prompt: 'a', chosen: 'b', rejected: 'c' } }]);
    expect(readTextTable('sep=,\nprompt,chosen\na,b\n', 'x.csv').rows[0]?.row).toBe(3);
  });
  it('a column without a name keeps its cells; one cell too many is a sentence', () => {
    expect(valuesOf(readTextTable(',prompt,chosen\n0,a,b\n', 'x.csv'))).toEqual([
      { 'Unnamed: 0': '0', prompt: 'a', chosen: 'b' },
    ]);
    const [error] = valuesOf(readTextTable('prompt,chosen\na,b,c\n', 'x.csv'));
    expect(sentenceOf(error as never)).toBe('it has 3 fields, the first row 2');
  });
  it('Excel’s Unicode text, CP949 and workbook', async () => {
    const [first, second] = valuesOf(await fixture('excel/unicode.txt'));
    expect(first).toEqual({
      번호: '1',
      질문: '밸브가 열렸나요?',
      '좋은 답변': '네, 열렸습니다.',
      '나쁜 답변': '몰라요.',
    });
    expect(second).toMatchObject({ '좋은 답변': '네, "지금" 켜십시오.' });
    expect(valuesOf(await fixture('excel/cp949.csv'))).toEqual([first, second]);
    const workbook = await fixture('excel/pairs.xlsx');
    expect(workbook.format).toBe('Excel');
    expect(valuesOf(workbook)[1]).toEqual({
      번호: '2',
      질문: 'Is it, "on"?',
      '좋은 답변': 'Yes;\nit is.',
      '나쁜 답변': 'No.',
    });
  });
  it('lists are read where the whole column holds them, messages everywhere, and text stays text', () => {
    const rows = (text: string) => valuesOf(readTextTable(text, 'x.csv'));
    expect(rows(`a,b\n"['x', 'y']",1\n`)).toEqual([{ a: ['x', 'y'], b: '1' }]);
    expect(rows(`a,b\n"['x', 'y']",1\nprint(x),2\n`)).toMatchObject([{ a: "['x', 'y']" }, { a: 'print(x)' }]);
    expect(rows(`a,b\n"[{'role': 'user', 'content': 'x'}]",1\ntext,2\n`)[0]).toEqual({
      a: [{ role: 'user', content: 'x' }],
      b: '1',
    });
    expect(rows(`a,b\n"{'size': 3}",1\n`)).toEqual([{ a: "{'size': 3}", b: '1' }]);
  });
});

it.each([
  [`[{'a': "It's", 'b': None, 'c': [True, -1.5e3]}]`, [{ a: "It's", b: null, c: [true, -1500] }]],
  ["[{'a': 'x'}\n {'a': 'y'}]", [{ a: 'x' }, { a: 'y' }]],
  ["array([{'a': '\\n\\x41\\ud55c\\q'}], dtype=object)", [{ a: '\nA한\\q' }]],
  ["('x', 'y',)", ['x', 'y']],
  ["['x' 'y']", undefined],
  ["[{'a': 'x'", undefined],
  ["['x'] and more", undefined],
  ['['.repeat(100_000), undefined],
])('Python’s literal %j', (text, value) => expect(parsePythonLiteral(text)).toEqual(value));

describe('packed files', () => {
  it('gzip, also of two parts, however the file is named', async () => {
    expect(valuesOf(await fixture('jsonl-gz/train.jsonl.gz'))).toHaveLength(1);
    const two = [...gzipSync(bytesOf('a,b\n1,2\n')), ...gzipSync(bytesOf('3,4\n'))];
    expect(valuesOf(await readTable(Uint8Array.from(two), 'x.csv'))).toHaveLength(2);
  });
  it('a bomb, a broken file and other packers are one sentence each', async () => {
    const bomb = Uint8Array.from(gzipSync(new Uint8Array(8 * 1024 * 1024)));
    expect(() => unpack(bomb, 'bomb.jsonl.gz', 4 * 1024 * 1024)).toThrow('bomb.jsonl.gz holds more than 4 MiB');
    const whole = gzipSync(bytesOf('a,b\n1,2\n'));
    for (const cut of [12, whole.length - 9])
      await expect(readTable(Uint8Array.from(whole.subarray(0, cut)), 'x.gz')).rejects.toThrow(
        /x\.gz cannot be unpacked/,
      );
    await expect(readTable(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), 'x.zst')).rejects.toThrow(
      'x.zst is packed by Zstandard',
    );
    const zip = Uint8Array.from(zipSync({ 'a.jsonl': bytesOf('{}') }));
    await expect(readTable(zip, 'x.zip')).rejects.toThrow(/x\.zip is a zip archive and no Excel workbook; unpack it/);
  });
});
