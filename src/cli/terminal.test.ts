/** @file What files say never reaches the terminal as anything but text. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { clean } from './terminal';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'terminal-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** A colour, a window's title, the clipboard, a C1 control sequence, a bell, a carriage return, reversed text. */
const hostile = '\u001b[31m\u001b]0;title\u0007\u001b]52;c;aGk=\u0007\u009b2J\u0007\r\b\u202etxt.\u2066';
const obeyed = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;

const airlock = (...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    ({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }) => ({ code, stdout, stderr }),
  );

describe('a text on its way to the terminal', () => {
  it('keeps its lines and tabs and has no control character', () => {
    expect(clean('a\tb\nc 한 👩‍🚀 é')).toBe('a\tb\nc 한 👩‍🚀 é');
    expect(clean('\u001b[31mred\u009b0m\r\u202e')).toBe('\\u001b[31mred\\u009b0m\\u000d\\u202e');
    expect(clean(hostile)).not.toMatch(obeyed);
  });

  it('goes by terminal.ts alone', () => {
    const files = readdirSync('src/cli', { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
    const others = files.filter((name) => !name.endsWith('.test.ts') && name !== 'terminal.ts');
    expect(others.length).toBeGreaterThan(10);
    for (const name of others)
      expect(readFileSync(join('src/cli', name), 'utf8'), name).not.toMatch(/std(out|err)\.write|console\./);
  });

  it("of a file's names, values and errors is spelled out, and JSON stays the same value", async () => {
    const good = join(folder, 'good.jsonl');
    const row = { prompt: `p${hostile}`, chosen: `c${hostile}`, rejected: 'r', [`extra${hostile}`]: 1 };
    writeFileSync(good, `${JSON.stringify(row)}\n`);
    const read = await airlock('pairs', '--data', good);
    expect(read.code).toBe(0);
    expect(read.stdout + read.stderr).not.toMatch(obeyed);
    expect(read.stderr).toContain('extra\\u001b[31m');
    expect(JSON.parse(read.stdout)).toMatchObject({ prompt: row.prompt, chosen: row.chosen });

    const model = mkdtempSync(join(folder, 'model-'));
    writeFileSync(join(model, 'config.json'), JSON.stringify({ model_type: hostile }));
    for (const file of ['tokenizer.json', 'tokenizer_config.json']) writeFileSync(join(model, file), '{}');
    writeFileSync(join(model, 'model.safetensors'), Uint8Array.from([2, 0, 0, 0, 0, 0, 0, 0, 123, 125]));
    const refused = await airlock('--verbose', 'inspect', model);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/has the `model_type` .* not supported/);
    expect(refused.stdout + refused.stderr).not.toMatch(obeyed);
  });
});
