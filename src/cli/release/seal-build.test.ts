/** @file A build ends with the list of its hashes; what was changed, added, taken away or signed by others is found. */
import { generateKeyPairSync } from 'node:crypto';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sealFolder } from '../../../tools/release/seal-build.mjs';
import { signFolder } from '../../../tools/release/sign.mjs';
import { problemsOf } from '../../../tools/release/verify.mjs';

function makeBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'airlock-seal-'));
  mkdirSync(join(folder, 'assets'));
  mkdirSync(join(folder, 'models'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html>');
  writeFileSync(join(folder, 'assets', 'main.js'), 'export {};');
  writeFileSync(join(folder, 'models', 'manifest.json'), '{}');
  writeFileSync(join(folder, 'office.json'), '{}');
  writeFileSync(join(folder, 'service-worker.js'), "const build = 'AIRLOCK_BUILD';");
  sealFolder(folder);
  return folder;
}

it('lists every file but checkpoints, and gives the worker other bytes for other files', () => {
  const folder = makeBuild();
  const list = readFileSync(join(folder, 'SHA256SUMS'), 'utf8');
  expect(list.match(/(?<= {2}).*$/gm)).toEqual(['assets/main.js', 'index.html', 'service-worker.js']);
  expect(problemsOf(folder, undefined)).toEqual([]);
  const worker = readFileSync(join(folder, 'service-worker.js'), 'utf8');
  expect(worker).toMatch(/'[0-9a-f]{16}'/);
  expect(readFileSync(join(makeBuild(), 'service-worker.js'), 'utf8')).toBe(worker);
  appendFileSync(join(folder, 'index.html'), '<p>');
  writeFileSync(join(folder, 'service-worker.js'), "const build = 'AIRLOCK_BUILD';");
  sealFolder(folder);
  expect(readFileSync(join(folder, 'service-worker.js'), 'utf8')).not.toBe(worker);
});

it('finds what was altered, added or taken away', () => {
  const folder = makeBuild();
  appendFileSync(join(folder, 'assets', 'main.js'), '//');
  rmSync(join(folder, 'index.html'));
  writeFileSync(join(folder, 'more.js'), '');
  const problems = problemsOf(folder, undefined);
  expect(problems).toHaveLength(3);
  expect(problems.join(' ')).toMatch(/main\.js has the hash .*index\.html is missing.*more\.js is not in SHA256SUMS/);
});

it('is signed by a key that is brought, and knows no other', () => {
  const folder = makeBuild();
  const keyFile = (name: string, pem: string | Buffer): string => {
    writeFileSync(join(folder, '..', `${name}-${process.pid}.pem`), pem);
    return join(folder, '..', `${name}-${process.pid}.pem`);
  };
  const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')];
  const publicPem = (pair: typeof own) => pair.publicKey.export({ type: 'spki', format: 'pem' });
  expect(problemsOf(folder, keyFile('own', publicPem(own)))).toEqual([expect.stringMatching(/not signed/)]);
  signFolder(folder, keyFile('private', own.privateKey.export({ type: 'pkcs8', format: 'pem' })));
  expect(problemsOf(folder, keyFile('own', publicPem(own)))).toEqual([]);
  expect(problemsOf(folder, keyFile('other', publicPem(other)))).toEqual([
    expect.stringMatching(/not a signature by the key/),
  ]);
  appendFileSync(join(folder, 'SHA256SUMS'), `${'0'.repeat(64)}  x\n`);
  expect(problemsOf(folder, keyFile('own', publicPem(own))).join(' ')).toMatch(/not a signature by the key/);
});
