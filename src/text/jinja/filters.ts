/**
 * @file Jinja's filters: `value | name(arguments)`. Source: jinja2 3.1, filters.py; transformers 5.18's own tojson.
 * One that is missing here is refused by name.
 */
import { toJson } from './json';
import { argument, capitalize, expectArguments, methodOf, replace, strip } from './methods';
import { arithmetic, formatPercent, getAttribute, getItem } from './operators';
import { testOf } from './tests';
import type { Callable, Keywords, Value } from './values';
import {
  areEqual,
  compare,
  isDict,
  isNumber,
  isTrue,
  iterate,
  Lazy,
  lengthOf,
  Markup,
  plainNumber,
  text,
  Tuple,
  typeName,
  Undefined,
  Unsupported,
} from './values';

type Filter = (value: Value, args: readonly Value[], keywords: Keywords) => Value;

/** Reads the arguments of a filter by place or name. */
const read =
  (names: readonly string[], filter: (value: Value, given: (name: string) => Value | undefined) => Value): Filter =>
  (value, args, keywords) => {
    expectArguments('the filter', args, keywords, names.length, names);
    return filter(value, (name) => argument(args, keywords, names.indexOf(name), name));
  };

/** A filter that takes str() of its value. */
const ofText = (filter: (value: string) => string): Filter =>
  read([], (value) => {
    if (value instanceof Markup) throw new Unsupported('a filter of an escaped text');
    return filter(text(value));
  });

/** Python reads the digits of every script. */
function requirePlainDigits(value: string): void {
  if (/(?![0-9])\p{Nd}/u.test(value)) throw new Unsupported('a number in such digits');
}

/** Python's numbers in a text, or null. */
function parseNumber(value: string, base: bigint): bigint | null {
  requirePlainDigits(value);
  const plain = strip(value, null, true, true)
    .toLowerCase()
    .replace(/(?<=[\da-f])_(?=[\da-f])/g, '');
  const prefix = { 16: '0x', 8: '0o', 2: '0b' }[Number(base)] ?? '';
  const digits = prefix !== '' && plain.startsWith(prefix) ? plain.slice(2) : plain;
  if (!/^[-+]?[\da-z]+$/.test(digits)) return null;
  if (base === 10n) return /^[-+]?\d+$/.test(digits) ? BigInt(digits.replace('+', '')) : null;
  const number = parseInt(digits, Number(base));
  return number.toString(Number(base)) === digits.replace(/^0+(?=.)/, '') ? BigInt(number) : null;
}

function parseFloatText(value: string): number | null {
  requirePlainDigits(value);
  const plain = strip(value, null, true, true).replace(/(?<=\d)_(?=\d)/g, '');
  const named = /^([-+]?)(nan|inf(?:inity)?)$/i.exec(plain);
  if (named) return (named[1] === '-' ? -1 : 1) * (named[2]?.toLowerCase() === 'nan' ? NaN : Infinity);
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : null;
}

function requireDefined(value: Value): void {
  if (value instanceof Undefined) throw new Error(`'${value.name}' is undefined`);
}

function toInteger(value: Value, given: (name: string) => Value | undefined): Value {
  requireDefined(value);
  const fallback = given('default') ?? 0n;
  if (isNumber(value)) {
    const number = plainNumber(value);
    return typeof number === 'bigint' ? number : Number.isFinite(number) ? BigInt(Math.trunc(number)) : fallback;
  }
  if (typeof value !== 'string') return fallback;
  const base = given('base') ?? 10n;
  const whole = parseNumber(value, typeof base === 'bigint' ? base : 10n);
  const float = whole === null ? parseFloatText(value) : null;
  return whole ?? (float === null || !Number.isFinite(float) ? fallback : BigInt(Math.trunc(float)));
}

function toFloat(value: Value, given: (name: string) => Value | undefined): Value {
  requireDefined(value);
  const fallback = given('default') ?? 0.0;
  if (isNumber(value)) return Number(plainNumber(value));
  return typeof value === 'string' ? (parseFloatText(value) ?? fallback) : fallback;
}

/** Python's round: halves to the even neighbour. */
function round(value: Value, given: (name: string) => Value | undefined): Value {
  const [digits, method] = [given('precision') ?? 0n, given('method') ?? 'common'];
  if (!isNumber(value)) throw new Error(`a ${typeName(value)} cannot be rounded`);
  const number = plainNumber(value);
  if (typeof number === 'bigint' && method === 'common') return number;
  if (typeof digits !== 'bigint' || digits < 0n || digits > 10n) throw new Unsupported('such a precision of round');
  const scale = 10 ** Number(digits);
  if (method === 'floor' || method === 'ceil') return Math[method](Number(number) * scale) / scale;
  if (method !== 'common') throw new Error('method must be common, ceil or floor');
  // The decimal digits of the double decide, as in Python; only exact halves are even.
  const exact = Number(number) * scale;
  if (digits === 0n) {
    const below = Math.floor(exact);
    const near = exact - below === 0.5 ? below + (below % 2 === 0 ? 0 : 1) : Math.round(exact);
    return near === 0 && exact < 0 ? -0 : near;
  }
  if (Math.abs(exact - Math.trunc(exact)) === 0.5) throw new Unsupported('the rounding of a half');
  return Number(Number(number).toFixed(Number(digits)));
}

/** Follows a path such as `details.0.name`, item first. */
function follow(value: Value, path: Value): Value {
  if (typeof path === 'bigint') return getItem(value, path);
  return text(path)
    .split('.')
    .reduce<Value>((item, part) => getItem(item, /^\d+$/.test(part) ? BigInt(part) : part), value);
}

const foldCase = (value: Value): Value => (typeof value === 'string' ? value.toLowerCase() : value);

/** What items are sorted or told apart by. */
function sortKey(attribute: Value | undefined, caseSensitive: boolean): (item: Value) => Value {
  return (item) => {
    const paths = typeof attribute === 'string' ? attribute.split(',') : [attribute];
    if (paths.length > 1) throw new Unsupported('several attributes to sort by');
    const key = attribute == null ? item : follow(item, attribute);
    return caseSensitive ? key : foldCase(key);
  };
}

function sortBy(items: readonly Value[], key: (item: Value) => Value, reverse: boolean): Value[] {
  const keyed = items.map((item) => ({ item, key: key(item) }));
  keyed.sort((a, b) => (reverse ? compare(b.key, a.key) : compare(a.key, b.key)));
  return keyed.map(({ item }) => item);
}

function extreme(value: Value, given: (name: string) => Value | undefined, wanted: 1 | -1): Value {
  const key = sortKey(given('attribute'), isTrue(given('case_sensitive') ?? false));
  const [first, ...others] = iterate(value);
  if (first === undefined) return new Undefined('No aggregated item, sequence was empty.');
  return others.reduce((best, item) => (wanted * compare(key(item), key(best)) > 0 ? item : best), first);
}

function unique(value: Value, given: (name: string) => Value | undefined): Value {
  const key = sortKey(given('attribute'), isTrue(given('case_sensitive') ?? false));
  const seen: Value[] = [];
  return new Lazy(
    iterate(value).filter((item) => {
      const own = key(item);
      return !seen.some((other) => areEqual(other, own)) && seen.push(own) > 0;
    }),
  );
}

function dictSort(value: Value, given: (name: string) => Value | undefined): Value {
  if (!isDict(value)) throw new Error(`a ${typeName(value)} has no items`);
  const by = given('by') ?? 'key';
  if (by !== 'key' && by !== 'value') throw new Error('You can only sort by either "key" or "value"');
  const fold = isTrue(given('case_sensitive') ?? false) ? (item: Value) => item : foldCase;
  const pairs = [...value].map((pair) => new Tuple(pair));
  const at = by === 'key' ? 0 : 1;
  return sortBy(pairs, (pair) => fold((pair as Tuple).items[at] as Value), isTrue(given('reverse') ?? false));
}

function batch(value: Value, given: (name: string) => Value | undefined): Value {
  const [size, fill] = [Number(given('linecount')), given('fill_with') ?? null];
  if (!Number.isInteger(size) || size < 1) throw new Error('batch needs a whole number');
  const items = iterate(value);
  const rows = Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
  return new Lazy(rows.map((row) => (fill === null ? row : [...row, ...Array<Value>(size - row.length).fill(fill)])));
}

function slices(value: Value, given: (name: string) => Value | undefined): Value {
  const [count, fill] = [Number(given('slices')), given('fill_with') ?? null];
  const items = iterate(value);
  if (!Number.isInteger(count) || count < 1 || count > 1000) throw new Error('slice needs a whole number');
  const [least, more] = [Math.floor(items.length / count), items.length % count];
  const rows = Array.from({ length: count }, (_, i) => {
    const start = i * least + Math.min(i, more);
    const row = items.slice(start, start + least + (i < more ? 1 : 0));
    return fill !== null && i >= more ? [...row, fill] : row;
  });
  return new Lazy(rows);
}

function groupBy(value: Value, given: (name: string) => Value | undefined): Value {
  if (given('case_sensitive') || given('default') !== undefined) throw new Unsupported('such options of groupby');
  const attribute = given('attribute') ?? null;
  const key = sortKey(attribute, false);
  const groups: { key: Value; items: Value[] }[] = [];
  for (const item of sortBy(iterate(value), key, false)) {
    const own = key(item);
    const last = groups.at(-1);
    if (last && areEqual(last.key, own)) last.items.push(item);
    else groups.push({ key: own, items: [item] });
  }
  return groups.map(({ items }) => new Tuple([follow(items[0] as Value, attribute), items], ['grouper', 'list']));
}

/** `select`, `reject` and those by attribute. */
const choosing =
  (byAttribute: boolean, wanted: boolean): Filter =>
  (value, args) => {
    const [attribute, name, ...others] = byAttribute ? args : [null, ...args];
    if (byAttribute && attribute === undefined) throw new Error('Missing parameter for attribute name');
    const test = name === undefined ? null : testOf(text(name));
    const passes = (item: Value): boolean => (test ? test(item, others) : isTrue(item));
    return new Lazy(
      iterate(value).filter((item) => passes(byAttribute ? follow(item, attribute as Value) : item) === wanted),
    );
  };

const map: Filter = (value, args, keywords) => {
  const attribute = keywords.get('attribute');
  if (args.length === 0 && attribute !== undefined) {
    const fallback = keywords.get('default');
    return new Lazy(
      iterate(value).map((item) => {
        const found = follow(item, attribute);
        return found instanceof Undefined && fallback !== undefined ? fallback : found;
      }),
    );
  }
  const [name, ...others] = args;
  if (name === undefined) throw new Error('map requires a filter argument');
  const filter = filterOf(text(name));
  return new Lazy(iterate(value).map((item) => filter(item, others, keywords)));
};

function indent(value: string, given: (name: string) => Value | undefined): string {
  const width = given('width') ?? 4n;
  if (typeof width === 'bigint' && width > 1000n) throw new Error('an indent of more than 1000 characters');
  const by = typeof width === 'string' ? width : ' '.repeat(Number(width));
  const [first = '', ...lines] = `${value}\n`.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/).slice(0, -1);
  const blank = isTrue(given('blank') ?? false);
  const rest = lines.map((line) => (line !== '' || blank ? by + line : line));
  const head = isTrue(given('first') ?? false) ? by + first : first;
  return [head, ...rest].join('\n');
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

function separatorsOf(given: Value | undefined, fallback: readonly [string, string]): readonly [string, string] {
  if (given == null) return fallback;
  const [item, key, more] = iterate(given);
  if (typeof item !== 'string' || typeof key !== 'string' || more !== undefined)
    throw new Error('separators must be two strings');
  return [item, key];
}

const writeJson = read(['ensure_ascii', 'indent', 'separators', 'sort_keys'], (value, given) => {
  const by = given('indent') ?? null;
  if (typeof by === 'bigint' && by > 1000n) throw new Error('an indent of more than 1000 characters');
  const indented = by === null ? null : typeof by === 'string' ? by : ' '.repeat(Math.max(0, Number(by)));
  return toJson(value, {
    ascii: isTrue(given('ensure_ascii') ?? false),
    indent: indented,
    separators: separatorsOf(given('separators'), indented === null ? [', ', ': '] : [',', ': ']),
    sortKeys: isTrue(given('sort_keys') ?? false),
  });
});

const size = read([], lengthOf);
const fallbackTo = read(['default_value', 'boolean'], (value, given) => {
  const isGone = value instanceof Undefined || (isTrue(given('boolean') ?? false) && !isTrue(value));
  return isGone ? (given('default_value') ?? '') : value;
});
const escape = ofText((value) => value);

const named: Readonly<Record<string, Filter>> = {
  ...{ default: fallbackTo, d: fallbackTo, length: size, count: size },
  upper: ofText((value) => value.toUpperCase()),
  lower: ofText((value) => value.toLowerCase()),
  capitalize: ofText(capitalize),
  // Jinja capitalises what follows whitespace, a hyphen or an opening bracket.
  title: ofText((value) =>
    value
      .split(/([-\s({[<]+)/)
      .map(capitalize)
      .join(''),
  ),
  trim: read(['chars'], (value, given) => strip(text(value), given('chars') ?? null, true, true)),
  string: read([], (value) => (value instanceof Markup ? value : text(value))),
  list: read([], iterate),
  first: read([], (value) => {
    const found = value instanceof Lazy ? value.next() : iterate(value)[0];
    return found ?? new Undefined('No first item, sequence was empty.');
  }),
  last: read([], (value) => {
    if (value instanceof Lazy) throw new Error("'generator' object is not reversible");
    return iterate(value).at(-1) ?? new Undefined('No last item, sequence was empty.');
  }),
  reverse: read([], (value) => {
    if (typeof value === 'string') return Array.from(value).reverse().join('');
    return new Lazy([...iterate(value)].reverse());
  }),
  join: read(['d', 'attribute'], (value, given) => {
    const attribute = given('attribute');
    const items = iterate(value).map((item) => (attribute == null ? item : follow(item, attribute)));
    if (items.some((item) => item instanceof Markup)) throw new Unsupported('a join of escaped texts');
    return items.map(text).join(text(given('d') ?? ''));
  }),
  replace: read(['s', 'new', 'count'], (value, given) =>
    replace(text(value), text(given('s') ?? null), text(given('new') ?? null), Number(given('count') ?? -1)),
  ),
  int: read(['default', 'base'], toInteger),
  float: read(['default'], toFloat),
  abs: read([], (value) => {
    if (!isNumber(value)) throw new Error(`bad operand type for abs(): '${typeName(value)}'`);
    const number = plainNumber(value);
    return number < 0 ? -number : number;
  }),
  round: read(['precision', 'method'], round),
  sum: read(['attribute', 'start'], (value, given) => {
    const attribute = given('attribute');
    const items = iterate(value).map((item) => (attribute == null ? item : follow(item, attribute)));
    const start = given('start') ?? 0n;
    if (typeof start === 'string') throw new Error("sum() can't sum strings [use ''.join(seq) instead]");
    return items.reduce((total, item) => arithmetic('+', total, item), start);
  }),
  min: read(['case_sensitive', 'attribute'], (value, given) => extreme(value, given, -1)),
  max: read(['case_sensitive', 'attribute'], (value, given) => extreme(value, given, 1)),
  sort: read(['reverse', 'case_sensitive', 'attribute'], (value, given) => {
    const key = sortKey(given('attribute'), isTrue(given('case_sensitive') ?? false));
    return sortBy(iterate(value), key, isTrue(given('reverse') ?? false));
  }),
  unique: read(['case_sensitive', 'attribute'], unique),
  dictsort: read(['case_sensitive', 'by', 'reverse'], dictSort),
  items: read([], (value) => {
    if (value instanceof Undefined) return new Lazy([]);
    if (!isDict(value)) throw new Error('Can only get item pairs from a mapping.');
    return new Lazy([...value].map((entry) => new Tuple(entry)));
  }),
  batch: read(['linecount', 'fill_with'], batch),
  slice: read(['slices', 'fill_with'], slices),
  groupby: read(['attribute', 'default', 'case_sensitive'], groupBy),
  ...{ map, select: choosing(false, true), reject: choosing(false, false) },
  ...{ selectattr: choosing(true, true), rejectattr: choosing(true, false) },
  tojson: writeJson,
  indent: read(['width', 'first', 'blank'], (value, given) => indent(text(value), given)),
  center: read(['width'], (value, given) => {
    const center = methodOf(text(value), 'center') as Callable;
    return center([given('width') ?? 80n], new Map());
  }),
  format: (value, args, keywords) => {
    if (keywords.size > 0) throw new Unsupported('format with names');
    return formatPercent(text(value), new Tuple(args));
  },
  attr: read(['name'], (value, given) => {
    const name = text(given('name') ?? null);
    // Attributes alone: an item of this name does not count.
    if (isDict(value) && !methodOf(value, name)) return new Undefined(name);
    return getAttribute(value, name);
  }),
  escape: (value, args, keywords) =>
    value instanceof Markup
      ? value
      : new Markup(text(escape(value, args, keywords)).replace(/[&<>'"]/g, (c) => escapes[c] as string)),
  safe: read([], (value) => new Markup(text(value))),
  wordcount: read([], (value) => BigInt(text(value).match(/[\p{L}\p{N}_]+/gu)?.length ?? 0)),
};

/** Jinja's filters that are not done here. */
const missing = 'filesizeformat forceescape pprint random striptags truncate urlencode urlize wordwrap xmlattr'.split(
  ' ',
);

/**
 * Finds a filter.
 * @throws Error for a name that Jinja does not know, Unsupported for one that is missing here
 */
export function filterOf(name: string): Filter {
  const alias = name === 'e' ? 'escape' : name;
  const filter = Object.hasOwn(named, alias) ? named[alias] : undefined;
  if (filter) return filter;
  throw missing.includes(name) ? new Unsupported(`the filter ${name}`) : new Error(`No filter named '${name}'.`);
}
