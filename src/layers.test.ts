/**
 * @file The import rules of layers.mjs over the real import graph: what a folder may not import, it does not import.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layers, packages } from '../layers.mjs';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$/.test(path) && path.includes('/'))
  .map((path) => path.replaceAll('\\', '/'));

function importsOf(path: string): string[] {
  const text = readFileSync(join('src', path), 'utf8');
  return [
    ...text.matchAll(
      /(?:^|\n)\s*(?:import|export)[^;'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

/** `worker/protocol` for '../worker/protocol' seen from studio/engine.ts; null for a package. */
function target(from: string, specifier: string): string | null {
  return specifier.startsWith('.')
    ? relative('src', resolve('src', dirname(from), specifier)).replaceAll('\\', '/')
    : null;
}

function violations(from: string): string[] {
  const folder = from.split('/')[0] as keyof typeof layers;
  return importsOf(from).flatMap((specifier) => {
    const inside = target(from, specifier);
    if (inside !== null) {
      const allowed =
        inside.startsWith(`${folder}/`) ||
        layers[folder].some((entry) => inside === entry || inside.startsWith(`${entry}/`));
      return allowed ? [] : [`src/${from} imports src/${inside}`];
    }
    const owner = Object.entries(packages).find(([name]) => specifier === name || specifier.startsWith(`${name}/`));
    return owner && !owner[1].some((place) => from.startsWith(place)) ? [`src/${from} imports ${specifier}`] : [];
  });
}

describe('the import rules', () => {
  it('name every folder', () => {
    const folders = new Set(sources.map((path) => path.split('/')[0]));
    expect([...folders].filter((folder) => !Object.hasOwn(layers, folder as string))).toEqual([]);
  });

  it('hold over the import graph', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap(violations)).toEqual([]);
  });

  it('find a forbidden import when there is one', () => {
    expect(target('studio/stores/run.ts', '../../training/trainer')).toBe('training/trainer');
    expect(importsOf('worker/worker.ts')).toContain('./trusted-types');
    expect(importsOf('runtime/ort.ts')).toContain('onnxruntime-web/webgpu');
  });
});
