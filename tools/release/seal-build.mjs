/** @file Ends a build: the hashes of its files in SHA256SUMS, and a service worker that keeps exactly these. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { strictHeaders } from '../../headers.mjs';

/** Checkpoints that are offered to everybody, and what the office demands, lie in the build and are no part of it. */
const besideBuild = ['models/', 'office.json'];
export const sumsName = 'SHA256SUMS';
const workerName = 'service-worker.js';

/** @param {Uint8Array | string} bytes */
export const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/**
 * Files below a folder, as sorted paths relative to it.
 * @param {string} folder
 */
export function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}

/**
 * The lines of `sha256sum` for these files of a folder.
 * @param {string} folder
 * @param {readonly string[]} paths
 */
export function sumsOf(folder, paths) {
  return paths.map((path) => `${sha256(readFileSync(join(folder, path)))}  ${path}\n`).join('');
}

/**
 * Which files of dist/ the build consists of: all but checkpoints and the list of hashes with its signature.
 * @param {string} folder
 */
export function filesOfBuild(folder) {
  return filesBelow(folder).filter(
    (path) => !path.startsWith(sumsName) && !besideBuild.some((beside) => path.startsWith(beside)),
  );
}

/**
 * Writes SHA256SUMS into a built folder, and into its service worker what makes it another for every build.
 * @param {string} folder
 */
export function sealFolder(folder) {
  const paths = filesOfBuild(folder);
  const others = sumsOf(
    folder,
    paths.filter((path) => path !== workerName),
  );
  const worker = join(folder, workerName);
  // The headers too: what is kept keeps those it came with.
  const build = sha256(others + JSON.stringify(strictHeaders)).slice(0, 16);
  const source = readFileSync(worker, 'utf8');
  if (!source.includes('AIRLOCK_BUILD')) throw new Error(`${worker} has no place for the build's hash.`);
  writeFileSync(worker, source.replaceAll('AIRLOCK_BUILD', build));
  writeFileSync(join(folder, sumsName), sumsOf(folder, paths));
  // Empty until somebody signs: a page that asks for a file that is missing has an error in its console.
  writeFileSync(join(folder, `${sumsName}.sig`), '');
}

/**
 * @param {(folder: string) => void} complete adds to the folder what else belongs to the build
 * @returns {import('vite').Plugin}
 */
export function sealBuild(complete) {
  let outDir = '';
  return {
    name: 'airlock:seal-build',
    apply: 'build',
    configResolved: ({ root, build }) => void (outDir = resolve(root, build.outDir)),
    closeBundle: { order: 'post', handler: () => (complete(outDir), sealFolder(outDir)) },
  };
}
