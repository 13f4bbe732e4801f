/** @file The stylesheets share one page: what a class looks like is said in one of them. */
import { readFileSync, readdirSync } from 'node:fs';
import { expect, it } from 'vitest';

const sheets = readdirSync('src/studio/styles').filter((name) => name.endsWith('.css'));

/** The classes that a stylesheet styles wherever they stand: rules of a class alone, inside a media query too. */
function classesOf(sheet: string): Set<string> {
  const rules = readFileSync(`src/studio/styles/${sheet}`, 'utf8').replace(/\/\*[^]*?\*\//g, '');
  const selectors = [...rules.matchAll(/(?:^|[{};])\s*([^{};@]+)(?=\{)/g)].flatMap(([, list]) =>
    (list as string).split(',').map((selector) => selector.trim()),
  );
  return new Set(selectors.filter((selector) => /^\.[\w-]+$/.test(selector)));
}

it('a class alone is styled in one file, so that no screen changes another’s look', () => {
  const homes = new Map<string, string[]>();
  for (const sheet of sheets) for (const name of classesOf(sheet)) homes.set(name, [...(homes.get(name) ?? []), sheet]);
  expect(homes.size).toBeGreaterThan(300);
  expect([...homes].filter(([, places]) => places.length > 1)).toEqual([]);
});
