/**
 * @file A sweep over generated tables: any table of text that pandas, Excel in its dialects, jq or gzip wrote comes
 * back as it was, cell by cell. Seeded, so that a failure comes again.
 */
import fc from 'fast-check';
import { gzipSync } from 'fflate';
import { describe, it, expect } from 'vitest';
import { cp949Character } from './cp949';
import { readTable } from './read-table';

type Row = Readonly<Record<string, string>>;
const names = ['prompt', 'chosen', 'rejected', '비고'];

/** Letters, signs that formats give a meaning, spaces, line breaks, characters of one to four bytes. */
const signs = [...'ab1 ,;|=:.\t"\'\n{}[]\\/<>#-한글답é’“…😀', '\r\n', ' \n', '""', 'sep=;', 'NaN', 'null'];
const cell = fc.array(fc.constantFrom(...signs), { maxLength: 10 }).map((parts) => parts.join(''));
/** A cell that is a list as a whole would be read as one, where all of its column are. */
const text = cell.filter((value) => !/^\s*\[[^]*\]\s*$/.test(value));
const filled = text.filter((value) => value.trim() !== '');
const row = fc
  .tuple(filled, text, text, text)
  .map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? ''])));
const table = fc.array(row, { minLength: 1, maxLength: 6 });

const utf8 = (content: string) => new TextEncoder().encode(content);
const utf16 = (content: string) =>
  Uint8Array.from(
    Array.from({ length: content.length }, (_, i) => content.charCodeAt(i)).flatMap((code) => [code & 255, code >> 8]),
  );

/** Quotes where RFC 4180 asks for it, or always. */
function separated(rows: readonly Row[], separator: string, end: string, isQuoted = false): string {
  const write = (value: string) =>
    isQuoted || value.includes(separator) || /["\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
  const lines = [names, ...rows.map((cells) => names.map((name) => cells[name] ?? ''))];
  return lines.map((cells) => `${cells.map(write).join(separator)}${end}`).join('');
}

/** Indented as jq does it; Python escapes what is not ASCII. */
const jq = (rows: readonly Row[]) => rows.map((cells) => `${JSON.stringify(cells, null, 2)}\n`).join('');
const lines = (rows: readonly Row[]) => rows.map((cells) => `${JSON.stringify(cells)}\n`).join('');
const ascii = (content: string) =>
  content.replace(/[^\0-\x7f]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** pandas escapes what is not ASCII, and slashes. */
const pandasJson = (content: string) => ascii(content).replaceAll('/', '\\/');

const writers: readonly (readonly [name: string, file: string, write: (rows: readonly Row[]) => Uint8Array])[] = [
  ['pandas to_csv', 'a.csv', (rows) => utf8(separated(rows, ',', '\n'))],
  ['pandas to_csv, all quoted', 'a.csv', (rows) => utf8(separated(rows, ',', '\n', true))],
  ['pandas to_csv, utf-8-sig', 'a.csv', (rows) => utf8(`\ufeff${separated(rows, ',', '\n')}`)],
  ['pandas to_csv, sep=";"', 'a.csv', (rows) => utf8(separated(rows, ';', '\n'))],
  ['pandas to_csv, lineterminator="\\r\\n"', 'a.csv', (rows) => utf8(separated(rows, ',', '\r\n'))],
  ['pandas to_json, records', 'a.json', (rows) => utf8(pandasJson(JSON.stringify(rows)))],
  ['pandas to_json, records, indented', 'a.json', (rows) => utf8(pandasJson(JSON.stringify(rows, null, 4)))],
  ['pandas to_json, lines', 'a.jsonl', (rows) => utf8(pandasJson(lines(rows)))],
  ['pandas to_json, lines, force_ascii=False', 'a.jsonl', (rows) => utf8(lines(rows).replaceAll('/', '\\/'))],
  ['Excel CSV UTF-8', 'a.csv', (rows) => utf8(`\ufeff${separated(rows, ',', '\r\n')}`)],
  ['Excel with semicolons', 'a.csv', (rows) => utf8(separated(rows, ';', '\r\n'))],
  ['Excel with sep=', 'a.csv', (rows) => utf8(`sep=|\r\n${separated(rows, '|', '\r\n')}`)],
  ['Excel with sep= and tabs', 'a.csv', (rows) => utf8(`sep=\t\r\n${separated(rows, '\t', '\r\n')}`)],
  ['Excel CSV UTF-8 with semicolons', 'a.csv', (rows) => utf8(`\ufeff${separated(rows, ';', '\r\n')}`)],
  ['Excel Unicode text', 'a.txt', (rows) => utf16(`\ufeff${separated(rows, '\t', '\r\n')}`)],
  ['TSV', 'a.tsv', (rows) => utf8(separated(rows, '\t', '\n'))],
  ['JSON Lines', 'a.jsonl', (rows) => utf8(lines(rows))],
  ['Python json.dumps', 'a.jsonl', (rows) => utf8(ascii(lines(rows)))],
  ['jq', 'a.json', (rows) => utf8(jq(rows))],
  ['jq -c, without line ends', 'a.json', (rows) => utf8(rows.map((cells) => JSON.stringify(cells)).join(''))],
  ['jq -c', 'a.jsonl', (rows) => utf8(lines(rows))],
  ['jq --tab', 'a.json', (rows) => utf8(rows.map((cells) => `${JSON.stringify(cells, null, '\t')}\n`).join(''))],
  ['jq -s', 'a.json', (rows) => utf8(`${JSON.stringify(rows, null, 2)}\n`)],
  ['jq -a, pretty', 'a.json', (rows) => utf8(ascii(jq(rows)))],
  ['one list', 'a.json', (rows) => utf8(JSON.stringify(rows))],
  ['gzip of lines', 'a.jsonl.gz', (rows) => gzipSync(utf8(lines(rows)))],
];

const valuesOf = async (bytes: Uint8Array, file: string) => {
  const { rows } = await readTable(Uint8Array.from(bytes), file);
  return rows.map(({ value, error }) => error ?? value);
};

describe('a table of text comes back as it was', () => {
  it.each(writers)('%s', async (_, file, write) => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        expect(await valuesOf(write(rows), file)).toEqual(rows);
      }),
      { seed: 20261129, numRuns: 150 },
    );
  });

  it('pandas to_csv with its index, a column without a name', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const [head = '', ...body] = [names, ...rows.map((cells) => names.map((name) => cells[name] ?? ''))].map(
          (cells) => cells.map((value) => `"${value.replaceAll('"', '""')}"`).join(','),
        );
        const content = [`,${head}`, ...body.map((line, i) => `${i},${line}`), ''].join('\n');
        expect(await valuesOf(utf8(content), 'a.csv')).toMatchObject(rows);
      }),
      { seed: 20261129, numRuns: 100 },
    );
  });

  it('CP949, as a Korean Excel writes it: words of any syllables', async () => {
    const codes = new Map<string, readonly number[]>();
    for (let code = 0x8141; code <= 0xfdfe; code++) {
      const character = cp949Character(code);
      if (character !== undefined) codes.set(character, [code >> 8, code & 255]);
    }
    const common = [...codes].filter(([, [lead = 0, trail = 0]]) => lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1);
    const rare = [...codes.keys()].filter((character) => character >= '가' && character <= '힣');
    const word = fc.array(fc.constantFrom(...common.map(([character]) => character)), { minLength: 2, maxLength: 6 });
    const sentence = fc
      .tuple(fc.array(word, { minLength: 5, maxLength: 8 }), fc.constantFrom(...rare))
      .map(([words, odd]) => `${words.map((letters) => letters.join('')).join(' ')} ${odd}.`);
    const korean = fc.array(
      fc
        .tuple(sentence, sentence, sentence, sentence)
        .map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i] ?? '']))),
      { minLength: 1, maxLength: 4 },
    );
    const encode = (content: string) =>
      Uint8Array.from([...content].flatMap((character) => codes.get(character) ?? [character.charCodeAt(0)]));
    await fc.assert(
      fc.asyncProperty(korean, async (rows) => {
        expect(await valuesOf(encode(separated(rows, ',', '\r\n')), 'a.csv')).toEqual(rows);
      }),
      { seed: 20261129, numRuns: 50 },
    );
  });
});
