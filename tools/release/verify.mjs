/**
 * @file `node verify.mjs FOLDER [PUBLIC-KEY]`: whether the files of a build are those of its SHA256SUMS, no more and no
 * fewer, and whether that list is signed by the key. Needs nothing but Node.
 */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Sentences about what is wrong; none where all is right.
 * @param {string} folder
 * @param {string | undefined} keyFile a public key in PEM
 * @returns {string[]}
 */
export function problemsOf(folder, keyFile) {
  const list = join(folder, 'SHA256SUMS');
  if (!existsSync(list)) return [`${folder} has no SHA256SUMS.`];
  const bytes = readFileSync(list);
  const problems = [];
  const told = new Map(
    bytes
      .toString()
      .trim()
      .split('\n')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  );
  for (const [path, hash] of told) {
    const file = join(folder, path);
    const found = existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : null;
    if (found === null) problems.push(`${path} is missing.`);
    else if (found !== hash) problems.push(`${path} has the hash ${found}, not ${hash}.`);
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/');
    const isBeside = /^(SHA256SUMS|models\/|office\.json$)/.test(path);
    if (entry.isFile() && !told.has(path) && !isBeside) problems.push(`${path} is not in SHA256SUMS.`);
  }
  if (keyFile === undefined) return problems;
  const signature = existsSync(`${list}.sig`) ? readFileSync(`${list}.sig`) : null;
  if (!signature?.length) problems.push('SHA256SUMS is not signed: SHA256SUMS.sig is missing or empty.');
  else if (!verify(null, bytes, createPublicKey(readFileSync(keyFile)), signature))
    problems.push(`SHA256SUMS.sig is not a signature by the key in ${keyFile}.`);
  return problems;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, keyFile] = process.argv.slice(2);
  const problems = folder === undefined ? ['Name the folder of the build.'] : problemsOf(folder, keyFile);
  for (const problem of problems) console.error(problem);
  if (problems.length === 0)
    console.log(
      `All files are those of SHA256SUMS${keyFile === undefined ? '; its signature was not asked for' : ', which the key has signed'}.`,
    );
  process.exitCode = problems.length === 0 ? 0 : 1;
}
