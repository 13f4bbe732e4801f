/** @file `pairs` on the files of fixtures/data: the same right values as the studio's, and what it says on stderr. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dataCases } from '../data/import/cases';
import { oddFiles, wordsOf } from '../data/import/odd-files';
import type { PreferencePair } from '../data/preference-pair';
import { pairs } from './commands/pairs';
import type { DataOptions } from './pair-files';

const folder = mkdtempSync(join(tmpdir(), 'airlock-pairs-'));
afterEach(() => vi.restoreAllMocks());

async function run(data: string, options: DataOptions = {}): Promise<{ rows: unknown[]; said: string }> {
  const printed = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    });
  try {
    await pairs({ data, ...options });
  } finally {
    vi.restoreAllMocks();
  }
  const lines = printed.stdout.split('\n').filter((line) => line !== '');
  return { rows: lines.map((line) => JSON.parse(line) as unknown), said: printed.stderr };
}

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

it.each(dataCases)('$file', async ({ file, pairs: wanted, leftOver = [] }) => {
  const { rows, said } = await run(`fixtures/data/${file}`);
  const lines = wanted.map(({ prompt, chosen, rejected }) =>
    rejected.length === 0 ? { prompt, completion: chosen } : { prompt, chosen, rejected },
  );
  expect(rows).toMatchObject(lines);
  expect(said).toContain(`fixtures/data/${file}: `);
  expect(/^Not used: (.*)\.$/m.exec(said)?.[1] ?? '').toBe(leftOver.join(', '));
});

/** A row of TRL's data as a pair; a thumb says which of the answers is there. */
function pairOf(row: unknown): PreferencePair {
  const { prompt, chosen, rejected, completion, label } = row as Record<string, PreferencePair['prompt']>;
  const none = typeof prompt === 'string' ? '' : [];
  if (completion === undefined) return { prompt, chosen, rejected } as PreferencePair;
  const isBad = String(label) === 'false';
  return { prompt, chosen: isBad ? none : completion, rejected: isBad ? completion : none } as PreferencePair;
}

it.each(oddFiles)('%s', async (_, name, content, wanted) => {
  const { rows } = await run(write(name, content));
  expect(rows.map((row) => wordsOf(pairOf(row)))).toEqual(wanted);
});

it('says how a file was read: format, encoding, rows, columns', async () => {
  const { said } = await run('fixtures/data/excel/cp949.csv');
  expect(said).toBe(
    'fixtures/data/excel/cp949.csv: CSV in CP949, 2 rows; prompt = 질문, chosen = 좋은 답변, rejected = 나쁜 답변.\nNot used: 번호.\n',
  );
});

it('writes scores and thumbs as TRL has them', async () => {
  const scored = write('s.jsonl', '{"prompt":"p","chosen":"a","rejected":"b","score_chosen":4,"score_rejected":1.5}\n');
  expect((await run(scored)).rows).toEqual([
    { prompt: 'p', chosen: 'a', rejected: 'b', chosen_score: 4, rejected_score: 1.5 },
  ]);
  const margins = write('m.csv', 'prompt,chosen,rejected,margin\nOn?,Yes.,No.,-0.5\nOff?,No.,Yes.,\n');
  expect((await run(margins)).rows).toEqual([
    { prompt: 'On?', chosen: 'Yes.', rejected: 'No.', margin: -0.5 },
    { prompt: 'Off?', chosen: 'No.', rejected: 'Yes.' },
  ]);
  const named = write('n.csv', 'prompt,chosen,rejected,lead\nOn?,Yes.,No.,2\n');
  expect((await run(named, { columns: 'margin=lead' })).rows).toMatchObject([{ margin: 2 }]);
  const thumbs = write('t.csv', 'prompt,completion,label\nOn?,Yes.,True\nOff?,Who knows.,False\n');
  expect((await run(thumbs)).rows).toEqual([
    { prompt: 'On?', completion: 'Yes.', label: true },
    { prompt: 'Off?', completion: 'Who knows.', label: false },
  ]);
});

describe('--columns', () => {
  const file = write('c.csv', 'nr,Frage,"gut, sehr",schlecht,note\n1,Ist es an?,Ja es ist an.,Nein danke.,x y\n');
  it('names columns that no name tells, one with a comma too; the others are said to be left over', async () => {
    await expect(run(file)).rejects.toThrow(
      /c\.csv has the columns nr, Frage, .* --columns prompt=A,chosen=B,rejected=C\./,
    );
    const { rows, said } = await run(file, { columns: 'prompt=Frage,chosen=gut, sehr,rejected=schlecht' });
    expect(rows).toEqual([{ prompt: 'Ist es an?', chosen: 'Ja es ist an.', rejected: 'Nein danke.' }]);
    expect(said).toContain('Not used: nr, note.');
  });
  it('goes over what was recognised, and chooses the shape by the roles', async () => {
    const known = write('k.jsonl', '{"prompt":"p","chosen":"a","rejected":"b","worse":"c d","note":"n"}\n');
    expect((await run(known, { columns: 'rejected=worse' })).rows).toEqual([
      { prompt: 'p', chosen: 'a', rejected: 'c d' },
    ]);
    expect((await run(known, { columns: 'input=note' })).rows).toEqual([
      { prompt: 'p\nn', chosen: 'a', rejected: 'b' },
    ]);
    expect((await run(known, { columns: 'prompt=prompt,completion=worse' })).rows).toEqual([
      { prompt: 'p', completion: 'c d' },
    ]);
    const two = write(
      'v.csv',
      'ask,x1,x2,v\nWhich way?,Left it is.,Right it is.,2\nWhich way?,Up it is.,Down it is.,1\n',
    );
    expect((await run(two, { columns: 'prompt=ask,first=x1,second=x2,better=v' })).rows).toMatchObject([
      { chosen: 'Right it is.' },
      { chosen: 'Up it is.' },
    ]);
  });
  it('refuses an unknown role, a column that is not there, and too few', async () => {
    await expect(run(file, { columns: 'answer=Frage' })).rejects.toThrow(
      '--columns has "answer=Frage"; write ROLE=COLUMN',
    );
    await expect(run(file, { columns: 'prompt=frage' })).rejects.toThrow(
      /has no column `frage`; its columns are nr, Frage/,
    );
    await expect(run(file, { columns: 'prompt=Frage' })).rejects.toThrow(/^prompt alone make no pairs of/);
  });
});

it('a bad row ends the command, or is skipped and named', async () => {
  const file = write(
    'b.jsonl',
    '{"prompt":"p","chosen":"a","rejected":"b"}\n{"prompt":"p","chosen":"a"}\n{"prompt":\n',
  );
  await expect(run(file)).rejects.toThrow(/^Row 2 of .*b\.jsonl has no `rejected`; add it\. \(1 more rows are bad/);
  const { rows, said } = await run(file, { skipBadRows: true });
  expect(rows).toHaveLength(1);
  expect(said).toMatch(/2 of 3 rows were skipped:\n {2}Row 2 of .*\n {2}Row 3 of .* is not valid JSON/);
  const all = write('all.jsonl', '{"prompt":"p","chosen":"a"}\n');
  await expect(run(all, { skipBadRows: true })).rejects.toThrow(/^Row 1 of/);
});

it('an encoding that could be another is asked for', async () => {
  const text = (bytes: number[]) =>
    Uint8Array.from([...new TextEncoder().encode('prompt,chosen,rejected\n'), ...bytes]);
  const row = [0x61, 0x20, 0xb0, 0xa1, 0x20, 0x8c, 0x63, 0x2c, 0x62, 0x2c, 0x63, 0x0a];
  const file = write('e.csv', text(row));
  await expect(run(file)).rejects.toThrow(/e\.csv may be text in CP949 or in another encoding; .* --encoding\./);
  expect((await run(file, { encoding: 'Windows-1252' })).rows).toMatchObject([{ prompt: 'a °¡ Œc' }]);
});
