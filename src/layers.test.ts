/**
 * @file The import rules of layers.mjs over the real import graph, by the same guard that ESLint calls.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importProblem, layerOf } from '../layers.mjs';

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(tsx?|mjs)$/.test(path) && !/\.(test|d)\.tsx?$/.test(path) && path.includes('/'))
  .map((path) => path.replaceAll('\\', '/'));

const withoutExtension = (path: string): string => path.replace(/\.(tsx?|mjs)$/, '');

function importsOf(text: string, { withTypes = true } = {}): string[] {
  const read = withTypes ? text : text.replace(/(?:^|\n)(?:import|export) type [^;]*;/g, '');
  return [
    ...read.matchAll(
      /(?:^|\n)\s*(?:import|export)[^;'"]*?from\s*'([^']+)'|import\(\s*'([^']+)'\s*\)|(?:^|\n)import\s*'([^']+)'/g,
    ),
  ].map((match) => (match[1] ?? match[2] ?? match[3]) as string);
}

/** What the guard finds in a file's text. */
function problemsOf(path: string, text: string): string[] {
  return importsOf(text).flatMap((specifier) => {
    const isPackage = !specifier.startsWith('.');
    const imported = isPackage
      ? specifier
      : withoutExtension(relative('src', resolve('src', dirname(path), specifier)));
    return importProblem(withoutExtension(path), imported.replaceAll('\\', '/'), isPackage) ?? [];
  });
}

/** Files that lead back to themselves along imports: none of them can be read, or loaded, without the others. */
function circles(isLooked: (path: string) => boolean, { withTypes }: { readonly withTypes: boolean }): string[][] {
  const known = new Map(sources.filter(isLooked).map((path) => [withoutExtension(path), path]));
  const edges = new Map(
    [...known].map(([name, path]) => [
      name,
      importsOf(readFileSync(join('src', path), 'utf8'), { withTypes })
        .filter((specifier) => specifier.startsWith('.'))
        .map((specifier) => withoutExtension(relative('src', resolve('src', dirname(path), specifier))))
        .filter((target) => known.has(target)),
    ]),
  );
  const found: string[][] = [];
  const done = new Set<string>();
  const visit = (name: string, path: readonly string[]): void => {
    if (path.includes(name)) return void found.push([...path.slice(path.indexOf(name)), name]);
    if (done.has(name)) return;
    for (const next of edges.get(name) ?? []) visit(next, [...path, name]);
    done.add(name);
  };
  for (const name of edges.keys()) visit(name, []);
  return found;
}

describe('the import rules', () => {
  it('name every folder', () => {
    expect(sources.filter((path) => layerOf(withoutExtension(path)) === null)).toEqual([]);
  });

  it('hold over the import graph', () => {
    expect(sources.length).toBeGreaterThan(50);
    expect(sources.flatMap((path) => problemsOf(path, readFileSync(join('src', path), 'utf8')))).toEqual([]);
  });

  it('leave no circle: none of loading anywhere, and none of reading in the studio', () => {
    expect(circles(() => true, { withTypes: false })).toEqual([]);
    expect(circles((path) => path.startsWith('studio/'), { withTypes: true })).toEqual([]);
  });

  it('find a forbidden import when there is one', () => {
    const found = (path: string, specifier: string) => problemsOf(path, `import { x } from '${specifier}';`);
    expect(found('graph/builder.ts', '../models/llama')).toEqual([
      'src/graph may not import src/models/llama (layers.mjs).',
    ]);
    expect(found('studio/plain/train/losses.ts', '../../stores/judge')).toHaveLength(1);
    expect(found('studio/stores/judge.ts', '../screens/judge/round-form')).toHaveLength(1);
    expect(found('studio/stores/judge.ts', '../../worker/handlers')).toHaveLength(1);
    expect(found('studio/stores/judge.ts', '../../worker/protocol')).toEqual([]);
    expect(found('training/trainer.ts', 'onnxruntime-web/webgpu')).toHaveLength(1);
    expect(found('runtime/ort.ts', 'onnxruntime-web/webgpu')).toEqual([]);
    expect(found('somewhere/else.ts', '../core/errors')).toEqual(['src/somewhere/else is in no layer of layers.mjs.']);
  });
});
