/** @file Changes to files, the same ones for the same seed: of a JSON value by its structure, of bytes, of text. */

/** Random numbers from a seed (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** From 0 up to below `count`. */
  below(count: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * count);
  }

  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

const deep = (levels: number): unknown => (levels === 0 ? 1 : [deep(levels - 1)]);

/** Values that readers have stumbled over. */
const hostile: readonly unknown[] = [
  ...[0, -1, 1, 2, 3, 0.5, 1e-300, 1e9, 1e308, -1e308, 2 ** 31, 2 ** 53, NaN, Infinity, null, true, false],
  ...['', ' ', 'x', '\u0000', '\u001b[31m', '__proto__', '(a+)+b', 'a'.repeat(5000), '🦊', '\ud83d', '<|end|>'],
  ...[[], {}, [[]], [null], [1, 2, 3], { a: 1 }, ['a', 'b'], deep(60), deep(400)],
];

type Tree = unknown[] | Record<string, unknown>;
const isTree = (value: unknown): value is Tree =>
  typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);

/** Every list and object in a value, but not all of a long list's. */
function treesIn(value: unknown, found: Tree[] = []): Tree[] {
  if (!isTree(value)) return found;
  found.push(value);
  for (const inner of Object.values(value).slice(0, 50)) treesIn(inner, found);
  return found;
}

/** A copy of a JSON value with one to three places changed: replaced, removed, doubled, moved or put deeper. */
export function mutateJson(value: unknown, dice: Dice): unknown {
  const root = { root: structuredClone(value) };
  for (let count = 1 + dice.below(3); count > 0; count--) {
    const tree = dice.pick(treesIn(root)) as Record<string, unknown>;
    const keys = Object.keys(tree).slice(0, 200);
    const key = keys.length === 0 ? 'x' : dice.pick(keys);
    const way = dice.below(6);
    if (way < 3) tree[key] = structuredClone(dice.pick(hostile));
    else if (way === 3) delete tree[key];
    else if (way === 4) tree[dice.pick(['x', '__proto__', 'constructor', ...keys])] = structuredClone(tree[key]);
    else tree[key] = typeof tree[key] === 'number' ? Number(tree[key]) * dice.pick([-1, 2, 1000, 1e9]) : [tree[key]];
  }
  return root.root ?? null;
}

/** JSON with Python's numbers, which JSON.stringify would make null. */
export const writeJson = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'number' && !Number.isFinite(inner) ? `@@${inner}@@` : inner,
  ).replace(/"@@(-?\w+)@@"/g, '$1');

/** Bytes with one to four changes: flipped, overwritten, cut off, taken out, doubled or put in. */
export function mutateBytes(bytes: Uint8Array, dice: Dice): Uint8Array<ArrayBuffer> {
  let out = [...bytes];
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const at = dice.below(out.length + 1);
    const length = dice.below(Math.min(64, out.length) + 1);
    const way = dice.below(7);
    if (way < 2) out[at] = (out[at] ?? 0) ^ (1 << dice.below(8));
    else if (way === 2) for (let i = 0; i < 4; i++) out[at + i] = dice.pick([0, 1, 0x7f, 0x80, 0xff]);
    else if (way === 3) out = out.slice(0, at);
    else if (way === 4) out.splice(at, length);
    else if (way === 5) out.splice(at, 0, ...out.slice(at, at + length));
    else out.splice(at, 0, ...Array.from({ length }, () => dice.below(256)));
  }
  return Uint8Array.from(out);
}

const scraps = [
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ';',
  '\t',
  '\n',
  '\r',
  '{{',
  '}}',
  '{%',
  '%}',
  '\ufeff',
  'NaN',
];

/** Text with one to four changes: signs put in, parts taken out, doubled many times or exchanged. */
export function mutateText(text: string, dice: Dice): string {
  let out = text;
  for (let count = 1 + dice.below(4); count > 0; count--) {
    const at = dice.below(out.length + 1);
    const end = at + dice.below(40);
    const way = dice.below(5);
    if (way < 2) out = out.slice(0, at) + dice.pick(scraps) + out.slice(at);
    else if (way === 2) out = out.slice(0, at) + out.slice(end);
    else if (way === 3) out = out.slice(0, at) + out.slice(at, end).repeat(dice.pick([2, 10, 200])) + out.slice(end);
    else out = out.slice(0, at) + dice.pick(scraps).repeat(dice.pick([1, 50, 3000])) + out.slice(end);
  }
  return out;
}
