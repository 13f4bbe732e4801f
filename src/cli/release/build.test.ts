/**
 * @file The build itself: made twice it is the same to the byte, verify.mjs finds it whole and finds what is changed,
 * and it carries the licences and the list of what it is made of.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';

const folders = [mkdtempSync(join(tmpdir(), 'airlock-build-')), mkdtempSync(join(tmpdir(), 'airlock-again-'))] as const;
const [first, second] = folders;
const read = (name: string): string => readFileSync(join(first, name), 'utf8');

/** As a person builds: without what a test runner sets. */
function build(folder: string): void {
  const env = { ...process.env, NODE_ENV: undefined, VITEST: undefined };
  const vite = 'node_modules/vite/bin/vite.js';
  execFileSync(process.execPath, [vite, 'build', '--logLevel', 'error', '--outDir', folder], { env });
}

beforeAll(() => folders.forEach(build), 120_000);
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes: readonly unknown[];
  readonly licenses: readonly unknown[];
}

it('is the same when it is made again', () => {
  expect(read('SHA256SUMS')).toMatch(/ {2}assets\/.*\n/);
  expect(readFileSync(join(second, 'SHA256SUMS'), 'utf8')).toBe(read('SHA256SUMS'));
});

it('is verified by the script that is given with it', () => {
  const verify = () => spawnSync(process.execPath, ['tools/release/verify.mjs', second], { encoding: 'utf8' });
  expect(verify()).toMatchObject({ status: 0, stdout: expect.stringContaining('All files are those of SHA256SUMS') });
  const script = readdirSync(join(second, 'assets')).find((name) => name.endsWith('.js')) ?? '';
  appendFileSync(join(second, 'assets', script), '//');
  expect(verify()).toMatchObject({ status: 1, stderr: expect.stringContaining(`assets/${script} has the hash`) });
});

it('lists its parts as npm knows them, those of its workers too', () => {
  const { components } = JSON.parse(read('sbom.cdx.json')) as { components: Component[] };
  const names = components.map(({ name }) => name);
  // Of the page, of the engine's worker, of the worker that reads tables.
  expect(names).toEqual(expect.arrayContaining(['react', 'onnxruntime-web', '@huggingface/tokenizers', 'hyparquet']));
  // What serves or makes it is no part of it.
  expect(names).not.toEqual(expect.arrayContaining(['vite']));
  const npm = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'];
  const known = JSON.parse(execFileSync('npm', npm, { encoding: 'utf8', shell: true })) as { components: Component[] };
  for (const { name, version, purl, hashes, licenses } of components)
    expect(known.components).toContainEqual(expect.objectContaining({ name, version, purl, hashes, licenses }));
});

it('carries the licence of each of them, and our own', () => {
  const { components } = JSON.parse(read('sbom.cdx.json')) as { components: Component[] };
  const text = read('licenses.txt');
  for (const { name, version } of components) expect(text).toContain(`${name} ${version} (`);
  for (const holder of ['Apache License', 'Microsoft Corporation', 'Meta Platforms', 'Eigen', 'Leon Sorokin'])
    expect(text, holder).toContain(holder);
});
