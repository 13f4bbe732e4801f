/**
 * @file What the documents say and the code can tell: links and paths lead somewhere, tables that repeat data of the
 * code agree with it, sample outputs are what the command line prints, and no paragraph is longer than 100 words.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layers } from '../layers.mjs';
import { drawLayers } from '../tools/draw-layers.mjs';

const documents = [
  'README.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'CHANGELOG.md',
  ...readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const read = (path: string): string => readFileSync(path, 'utf8');
const architecture = read('docs/architecture.md');
const readme = read('README.md');

/** As GitHub makes them of headings. */
function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map((match) => match[1] as string);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N}\s-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

describe('links', () => {
  it.each(documents)('of %s lead to files and headings that are there', (path) => {
    const links = [...read(path).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1] as string);
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? path : join(dirname(path), file);
      return !existsSync(target) || (anchor !== undefined && !anchorsOf(read(target)).has(anchor));
    });
    expect(broken).toEqual([]);
  });

  /** Written `training/config.ts` or `src/training/config.ts`; the log tells of files that are gone. */
  it.each(documents.filter((path) => path !== 'docs/log.md'))('paths of source files in %s exist', (path) => {
    const named = [...read(path).matchAll(/`((?:[\w.@-]+\/)+[\w.-]+\.(?:tsx?|mjs|py|css))`/g)].map(
      (match) => match[1] as string,
    );
    const places = ['', 'src/', 'src/studio/', 'tools/', 'e2e/'];
    const isThere = (name: string) => /FEATURE|LAYER/.test(name) || places.some((place) => existsSync(place + name));
    expect(named.filter((name) => !isThere(name))).toEqual([]);
  });
});

describe('README and architecture', () => {
  it.each(['README.md', 'docs/architecture.md', 'CONTRIBUTING.md'])('%s has no paragraph over 100 words', (path) => {
    const paragraphs = read(path)
      .replace(/^```[^]*?^```/gm, '')
      .split(/\n\n/)
      .filter((paragraph) => !/^\s*(\||    )/.test(paragraph))
      .flatMap((paragraph) => paragraph.split(/\n(?=\s*(?:[-*]|\d+\.) )/));
    const long = paragraphs.filter((paragraph) => paragraph.trim().split(/\s+/).length > 100);
    expect(long.map((paragraph) => paragraph.slice(0, 80))).toEqual([]);
  });

  it('the table of layers is that of layers.mjs', () => {
    const rows = [...architecture.matchAll(/^\| `([\w/]+)` \| (.*) \|$/gm)].filter(
      ([, name]) => (name as string) in layers,
    );
    const told = Object.fromEntries(
      rows.map(([, name, allowed]) => [
        name,
        [...(allowed as string).matchAll(/`([\w/]+)`/g)].map((match) => match[1]),
      ]),
    );
    expect(told).toEqual(layers);
  });

  it('docs/layers.svg is drawn from layers.mjs (node tools/draw-layers.mjs)', () => {
    expect(read('docs/layers.svg')).toBe(drawLayers());
  });

  it("the table of calls is the worker's protocol", () => {
    const protocol = read('src/worker/protocol.ts');
    const requests = protocol.slice(protocol.indexOf('export interface Requests'));
    const kinds = [...requests.slice(0, requests.indexOf('\n}\n')).matchAll(/^ {2}(?:readonly )?(\w+): \{/gm)];
    const calls = architecture.slice(architecture.indexOf('| call | what for |'));
    const told = [...calls.slice(0, calls.indexOf('\n\n')).matchAll(/^\| `(\w+)` \|/gm)];
    expect(kinds.length).toBeGreaterThan(5);
    expect(told.map((match) => match[1]).sort()).toEqual(kinds.map((match) => match[1]).sort());
  });

  it('the tree names every folder of src/ and every document', () => {
    const tree = readme.slice(readme.indexOf('## The tree'));
    const folders = readdirSync('src', { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => `src/${name}/`).filter((folder) => !tree.includes(folder))).toEqual([]);
    expect(documents.filter((path) => path !== 'README.md' && !readme.includes(`(${path})`))).toEqual([]);
  });
});

// Each starts a process of its own.
describe("the README's sample outputs", { timeout: 180_000 }, () => {
  const airlock = (line: string): string =>
    execFileSync(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...line.split(' ')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });

  /** Equal but for the last bits of numbers, which differ from processor to processor. */
  function expectAlike(told: string, printed: string): void {
    const [a, b] = [told, printed].map((line) => JSON.parse(line) as Record<string, number>) as [Row, Row];
    expect(Object.keys(a)).toEqual(Object.keys(b));
    for (const [key, value] of Object.entries(a)) {
      expect(Math.abs(value - (b[key] as number)), key).toBeLessThanOrEqual(1e-4 * Math.max(1, Math.abs(value)));
    }
  }
  type Row = Record<string, number>;

  const folder = mkdtempSync(join(tmpdir(), 'airlock-readme-'));

  it('of logprobs', () => {
    const sample = /airlock -- (logprobs --model fixtures.*)\n {4}(.*)\n {4}(.*)\n/.exec(readme) as RegExpExecArray;
    const [, command, ...told] = sample as unknown as [string, string, string, string];
    const printed = airlock(command).split('\n');
    told.forEach((line, index) => expectAlike(line, printed[index] as string));
  });

  it('of generate', () => {
    const [, model, prompt, tokens, answer] =
      /airlock -- generate --model (\S+) --prompt "([^"]+)" --max-new-tokens (\d+)\n {4}(.*)\n/.exec(readme) ?? [];
    const printed = execFileSync(
      process.execPath,
      [
        ...['--import', 'tsx', 'src/cli/main.ts', 'generate', '--model', model as string],
        ...['--prompt', prompt as string, '--max-new-tokens', tokens as string],
      ],
      { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
    );
    expect(printed.trimEnd()).toBe(answer);
  });

  it('of train', () => {
    const yaml = /```yaml\n([^]*?)```/.exec(readme)?.[1] as string;
    const told = /```json\n(\{"step":2.*)\n```/.exec(readme)?.[1] as string;
    writeFileSync(join(folder, 'run.yaml'), yaml);
    const out = join(folder, 'adapter');
    airlock(
      `train --model fixtures/tiny-llama --data fixtures/pairs.jsonl --config ${join(folder, 'run.yaml')} --out ${out}`,
    );
    const second = read(join(out, 'metrics.jsonl')).split('\n')[1] as string;
    expectAlike(told, second);
  });
});
