/**
 * @file Methods of Python's str, list, tuple and dict, as templates call them. Those that change a list or dict are
 * refused, as by transformers, whose templates run in a sandbox; those that are missing here are refused by name.
 */
import type { Callable, Keywords, Value } from './values';
import { areEqual, DictView, isDict, isList, iterate, text, Tuple, typeName, Unsupported } from './values';

type Method<T> = (self: T, args: readonly Value[], keywords: Keywords) => Value;

/** The argument of this place or name; undefined where it is not given. */
export const argument = (args: readonly Value[], keywords: Keywords, at: number, name: string): Value | undefined =>
  args[at] ?? (args.length > at ? null : keywords.get(name));

/** Refuses arguments beyond those that are known. */
export function expectArguments(
  what: string,
  args: readonly Value[],
  keywords: Keywords,
  most: number,
  names: readonly string[] = [],
): void {
  if (args.length > most) throw new Unsupported(`${what} with ${args.length} arguments`);
  const unknown = [...keywords.keys()].find((name) => !names.includes(name));
  if (unknown !== undefined) throw new Unsupported(`${what} with the argument ${unknown}`);
}

function textOf(value: Value | undefined, what: string): string {
  if (typeof value === 'string') return value;
  throw new Error(`${what} must be str, not ${value === undefined ? 'missing' : typeName(value)}`);
}

function integerOf(value: Value | undefined, fallback: number): number {
  if (value === undefined) return fallback;
  if (typeof value === 'bigint') return Number(value);
  throw new Error(`an integer is required, not ${typeName(value)}`);
}

/** What str.strip takes where no characters are given, as a regular expression's class. */
export const pythonSpace = '(?:(?!\\ufeff)[\\s\\x1c-\\x1f\\x85])';
const oneSpace = new RegExp(`^${pythonSpace}$`);
const isSpace = (character: string): boolean => oneSpace.test(character);

/** Python's str.strip family: `characters` is a set; None strips whitespace. */
export function strip(value: string, characters: Value | undefined, start: boolean, end: boolean): string {
  const all = Array.from(value);
  const set = characters == null ? null : new Set(textOf(characters, 'strip arg'));
  const goes = (character: string | undefined): boolean =>
    character !== undefined && (set ? set.has(character) : isSpace(character));
  let [from, to] = [0, all.length];
  while (start && from < to && goes(all[from])) from++;
  while (end && to > from && goes(all[to - 1])) to--;
  return all.slice(from, to).join('');
}

/** Words between runs of whitespace, at most `most` cuts; the last holds the rest. */
function splitSpaces(value: string, most: number, fromEnd: boolean): string[] {
  const words: string[] = [];
  let rest = strip(value, null, !fromEnd, fromEnd);
  while (rest !== '' && words.length !== most) {
    const characters = Array.from(rest);
    const at = fromEnd ? characters.findLastIndex(isSpace) : characters.findIndex(isSpace);
    if (at === -1) break;
    const [before, after] = [characters.slice(0, at).join(''), characters.slice(at + 1).join('')];
    words.push(fromEnd ? after : before);
    rest = strip(fromEnd ? before : after, null, !fromEnd, fromEnd);
  }
  const last = strip(rest, null, true, true) === '' ? [] : [fromEnd ? strip(rest, null, false, true) : rest];
  return fromEnd ? [...last, ...words.reverse()] : [...words, ...last];
}

function split(value: string, args: readonly Value[], keywords: Keywords, fromEnd: boolean): Value {
  expectArguments('split()', args, keywords, 2, ['sep', 'maxsplit']);
  const separator = argument(args, keywords, 0, 'sep') ?? null;
  const most = integerOf(argument(args, keywords, 1, 'maxsplit'), -1);
  if (separator === null) return splitSpaces(value, most, fromEnd);
  if (textOf(separator, 'sep') === '') throw new Error('empty separator');
  const parts = value.split(separator as string);
  if (most < 0 || parts.length <= most + 1) return parts;
  const joined = (some: readonly string[]): string => some.join(separator as string);
  const cut = parts.length - most;
  return fromEnd
    ? [joined(parts.slice(0, cut)), ...parts.slice(cut)]
    : [...parts.slice(0, most), joined(parts.slice(most))];
}

function partition(value: string, separator: Value | undefined, fromEnd: boolean): Value {
  const by = textOf(separator, 'sep');
  if (by === '') throw new Error('empty separator');
  const at = fromEnd ? value.lastIndexOf(by) : value.indexOf(by);
  if (at === -1) return new Tuple(fromEnd ? ['', '', value] : [value, '', '']);
  return new Tuple([value.slice(0, at), by, value.slice(at + by.length)]);
}

/** Whether the text begins or ends with one of the affixes. */
function hasAffix(args: readonly Value[], test: (affix: string) => boolean): boolean {
  if (args.length !== 1) throw new Unsupported('startswith() or endswith() with a place');
  const [affix] = args;
  const affixes = affix instanceof Tuple ? affix.items : [affix as Value];
  return affixes.some((each) => test(textOf(each, 'an affix')));
}

/** Finds a text, counting in characters. */
function find(value: string, args: readonly Value[], fromEnd: boolean): bigint {
  if (args.length !== 1) throw new Unsupported('find() or index() with a place');
  const wanted = textOf(args[0], 'must');
  const at = fromEnd ? value.lastIndexOf(wanted) : value.indexOf(wanted);
  return at === -1 ? -1n : BigInt(Array.from(value.slice(0, at)).length);
}

function indexOf(value: string, args: readonly Value[], fromEnd: boolean): bigint {
  const at = find(value, args, fromEnd);
  if (at === -1n) throw new Error('substring not found');
  return at;
}

/** Python's str.replace; -1 replaces all. */
export function replace(value: string, from: Value | undefined, to: Value | undefined, count: number): string {
  const [old, now] = [textOf(from, 'replace() argument 1'), textOf(to, 'replace() argument 2')];
  const parts = old === '' ? ['', ...Array.from(value), ''] : value.split(old);
  const cuts = count < 0 ? parts.length : count;
  return parts.reduce((made, part, i) => made + (i > 0 ? (i <= cuts ? now : old) : '') + part, '');
}

/** The capital that begins a word; of letters that have a form of their own for that, none is known here. */
function capital(character: string): string {
  const upper = character.toUpperCase();
  if (Array.from(upper).length > 1 || /[\u01c4-\u01cc\u01f1-\u01f3\u1f80-\u1faf\u1fbc\u1fcc\u1ffc]/.test(upper))
    throw new Unsupported(`the capital of ${character}`);
  return upper;
}

const isCasedCharacter = (character: string): boolean => character.toLowerCase() !== character.toUpperCase();

/** Python's str.title: a letter with cases is a capital unless it follows another one. */
function title(value: string): string {
  let afterCased = false;
  return Array.from(value, (character) => {
    const made = afterCased ? character.toLowerCase() : capital(character);
    afterCased = isCasedCharacter(character);
    return made;
  }).join('');
}

export const capitalize = (value: string): string => {
  const [first = '', ...rest] = Array.from(value);
  return (first && capital(first)) + rest.join('').toLowerCase();
};

function pad(value: string, args: readonly Value[], where: 'start' | 'end' | 'both'): string {
  const fill = args[1] === undefined ? ' ' : textOf(args[1], 'The fill character');
  const missing = integerOf(args[0], 0) - Array.from(value).length;
  if (missing <= 0) return value;
  if (missing > 1_000_000) throw new Error('a text padded to a million characters');
  const width = Array.from(value).length + missing;
  const left = where === 'start' ? missing : where === 'end' ? 0 : Math.floor(missing / 2) + (missing & width & 1);
  return fill.repeat(left) + value + fill.repeat(missing - left);
}

/** `{}`, `{0}` and `{name}` of str.format; what has more to it is refused. */
function format(value: string, args: readonly Value[], keywords: Keywords): string {
  let next = 0;
  return value.replace(/\{\{|\}\}|\{([^{}]*)\}|[{}]/g, (all, field: string | undefined) => {
    if (all === '{{' || all === '}}') return all[0] as string;
    if (field === undefined) throw new Error("Single '}' encountered in format string");
    if (!/^\w*$/.test(field)) throw new Unsupported(`the format ${all}`);
    const given = field === '' ? args[next++] : /^\d+$/.test(field) ? args[Number(field)] : keywords.get(field);
    if (given === undefined) throw new Error(`nothing is given for ${all}`);
    return text(given);
  });
}

const isCased = (value: string, wanted: RegExp, other: RegExp): boolean => wanted.test(value) && !other.test(value);
export const isLower = (value: string): boolean => isCased(value, /\p{Lowercase}/u, /\p{Lu}|\p{Lt}/u);
export const isUpper = (value: string): boolean => isCased(value, /\p{Lu}/u, /\p{Lowercase}|\p{Lt}/u);

const without =
  (call: (self: string) => Value): Method<string> =>
  (self, args, keywords) => {
    expectArguments('the method', args, keywords, 0);
    return call(self);
  };

const ofText: Readonly<Record<string, Method<string>>> = {
  upper: without((self) => self.toUpperCase()),
  lower: without((self) => self.toLowerCase()),
  title: without(title),
  capitalize: without(capitalize),
  swapcase: without((self) =>
    Array.from(self, (c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  ),
  strip: (self, args) => strip(self, args[0], true, true),
  lstrip: (self, args) => strip(self, args[0], true, false),
  rstrip: (self, args) => strip(self, args[0], false, true),
  split: (self, args, keywords) => split(self, args, keywords, false),
  rsplit: (self, args, keywords) => split(self, args, keywords, true),
  splitlines: without((self) => {
    const lines = self.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/);
    return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  }),
  partition: (self, args) => partition(self, args[0], false),
  rpartition: (self, args) => partition(self, args[0], true),
  join: (self, args) =>
    iterate(args[0] ?? null)
      .map((item) => textOf(item, 'sequence item'))
      .join(self),
  replace: (self, args, keywords) => {
    expectArguments('replace()', args, keywords, 3, ['count']);
    return replace(self, args[0], args[1], integerOf(argument(args, keywords, 2, 'count'), -1));
  },
  startswith: (self, args) => hasAffix(args, (affix) => self.startsWith(affix)),
  endswith: (self, args) => hasAffix(args, (affix) => self.endsWith(affix)),
  removeprefix: (self, [affix]) => {
    const prefix = textOf(affix, 'removeprefix() argument');
    return self.startsWith(prefix) ? self.slice(prefix.length) : self;
  },
  removesuffix: (self, [affix]) => {
    const suffix = textOf(affix, 'removesuffix() argument');
    return suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self;
  },
  find: (self, args) => find(self, args, false),
  rfind: (self, args) => find(self, args, true),
  index: (self, args) => indexOf(self, args, false),
  rindex: (self, args) => indexOf(self, args, true),
  count: (self, args) => {
    const wanted = textOf(args[0], 'must');
    if (args.length !== 1) throw new Unsupported('count() with a place');
    return BigInt(wanted === '' ? Array.from(self).length + 1 : self.split(wanted).length - 1);
  },
  isdigit: without((self) => {
    if (/\p{No}/u.test(self)) throw new Unsupported('isdigit() of such digits');
    return /^\p{Nd}+$/u.test(self);
  }),
  isdecimal: without((self) => /^\p{Nd}+$/u.test(self)),
  isalpha: without((self) => /^\p{L}+$/u.test(self)),
  isalnum: without((self) => /^[\p{L}\p{N}]+$/u.test(self)),
  isspace: without((self) => self !== '' && Array.from(self).every(isSpace)),
  islower: without(isLower),
  isupper: without(isUpper),
  ljust: (self, args) => pad(self, args, 'end'),
  rjust: (self, args) => pad(self, args, 'start'),
  center: (self, args) => pad(self, args, 'both'),
  zfill: (self, args) => {
    const [, sign = '', digits = ''] = /^([-+]?)([^]*)$/.exec(self) ?? [];
    return sign + pad(digits, [BigInt(integerOf(args[0], 0) - sign.length), '0'], 'start');
  },
  format,
};

const ofSequence: Readonly<Record<string, Method<readonly Value[]>>> = {
  index: (self, [wanted]) => {
    const at = self.findIndex((item) => areEqual(item, wanted ?? null));
    if (at === -1) throw new Error('the value is not in list');
    return BigInt(at);
  },
  count: (self, [wanted]) => BigInt(self.filter((item) => areEqual(item, wanted ?? null)).length),
};

const ofDict: Readonly<Record<string, Method<ReadonlyMap<Value, Value>>>> = {
  get: (self, [key = null, fallback = null]) => self.get(key) ?? (self.has(key) ? null : fallback),
  keys: (self) => new DictView('keys', [...self.keys()]),
  values: (self) => new DictView('values', [...self.values()]),
  items: (self) =>
    new DictView(
      'items',
      [...self].map((entry) => new Tuple(entry)),
    ),
  copy: (self) => new Map(self),
};

/** Attributes that Python's values have beside the methods above. */
const others: Readonly<Record<string, string>> = {
  str: 'casefold encode expandtabs format_map isascii isidentifier isnumeric isprintable istitle maketrans translate',
  list: 'append clear copy extend insert pop remove reverse sort',
  dict: 'clear fromkeys pop popitem setdefault update',
  tuple: '',
  int: 'as_integer_ratio bit_count bit_length conjugate denominator from_bytes imag is_integer numerator real to_bytes',
  float: 'as_integer_ratio conjugate fromhex hex imag is_integer real from_number',
};

/** Whether Python's value has this attribute, though it is missing here. */
export function pythonAttributes(value: Value, name: string): boolean {
  const type = value instanceof Tuple ? 'tuple' : typeName(value) === 'bool' ? 'int' : typeName(value);
  return others[type]?.split(' ').includes(name) ?? false;
}

function bind<T>(table: Readonly<Record<string, Method<T>>>, self: T, name: string): Callable | undefined {
  const method = Object.hasOwn(table, name) ? table[name] : undefined;
  return method && ((args, keywords) => method(self, args, keywords));
}

/** Finds a method of a value. */
export function methodOf(value: Value, name: string): Callable | undefined {
  if (typeof value === 'string') return bind(ofText, value, name);
  if (isList(value)) return bind(ofSequence, value, name);
  if (value instanceof Tuple) return bind(ofSequence, value.items, name);
  return isDict(value) ? bind(ofDict, value, name) : undefined;
}
