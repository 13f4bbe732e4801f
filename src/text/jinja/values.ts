/**
 * @file The values of Jinja templates with Python's meaning: whole numbers are bigint and others number, so that 1 and
 * 1.0 stay apart; how each is written, compared, counted and iterated. What Python would write with a place in memory
 * is refused, as everything is that Airlock does not do as Python does.
 */

/** Something that Python's Jinja can and this one cannot: the template is refused for it. */
export class Unsupported extends Error {}

/** A name, attribute or item that is not there. */
export class Undefined {
  constructor(readonly name: string) {}
}

export class Tuple {
  constructor(
    readonly items: readonly Value[],
    /** Names of the items, where it is a named tuple. */
    readonly names: readonly string[] = [],
  ) {}
}

export class Namespace {
  constructor(readonly attributes: Map<string, Value>) {}
}

/** A generator or an iterator: it gives its items once, and is always true. */
export class Lazy {
  constructor(private items: readonly Value[]) {}

  take(): readonly Value[] {
    const { items } = this;
    this.items = [];
    return items;
  }

  next(): Value | undefined {
    const [first, ...rest] = this.items;
    this.items = rest;
    return first;
  }
}

export class Range {
  readonly items: readonly bigint[];
  constructor(
    readonly start: bigint,
    readonly stop: bigint,
    readonly step: bigint,
    most: number,
  ) {
    if (step === 0n) throw new Error('range() step must not be zero');
    const span = step > 0n ? stop - start : start - stop;
    const size = step > 0n ? step : -step;
    const count = span <= 0n ? 0n : (span + size - 1n) / size;
    if (count > BigInt(most)) throw new Error(`range() over ${count} items; at most ${most} are allowed`);
    this.items = Array.from({ length: Number(count) }, (_, i) => start + BigInt(i) * step);
  }
}

/** What dict.keys(), values() and items() give. */
export class DictView {
  constructor(
    readonly kind: 'keys' | 'values' | 'items',
    readonly items: readonly Value[],
  ) {}
}

/** Text that was marked as safe HTML; Python escapes what is added to it, so that it can only be printed here. */
export class Markup {
  constructor(readonly text: string) {}
}

/** An object whose attributes are computed, such as `loop`. */
export class Computed {
  constructor(readonly attribute: (name: string) => Value | undefined) {}
}

export type Keywords = ReadonlyMap<string, Value>;
export type Callable = (args: readonly Value[], keywords: Keywords) => Value;
export type Dict = Map<Value, Value>;
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | readonly Value[]
  | Dict
  | Undefined
  | Tuple
  | Namespace
  | Lazy
  | Range
  | DictView
  | Markup
  | Computed
  | Callable;

export const isList = (value: Value): value is readonly Value[] => Array.isArray(value);
export const isDict = (value: Value): value is Dict => value instanceof Map;
export const isNumber = (value: Value): value is bigint | number | boolean =>
  typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean';

/** The name of a value's type in Python. */
export function typeName(value: Value): string {
  if (value === null) return 'NoneType';
  if (isList(value)) return 'list';
  if (isDict(value)) return 'dict';
  if (typeof value === 'function') return 'function';
  if (typeof value !== 'object')
    return { string: 'str', bigint: 'int', number: 'float', boolean: 'bool' }[typeof value as 'string'];
  return value.constructor.name;
}

/** Python's int(True) is 1. */
export const plainNumber = (value: bigint | number | boolean): bigint | number =>
  typeof value === 'boolean' ? BigInt(value) : value;

/** Makes a value of plain data. */
export function toValue(data: unknown): Value {
  if (data === null || typeof data === 'boolean' || typeof data === 'string' || typeof data === 'bigint') return data;
  if (typeof data === 'number') return Number.isSafeInteger(data) ? BigInt(data) : data;
  if (Array.isArray(data)) return data.map(toValue);
  if (typeof data === 'object') return new Map(Object.entries(data).map(([key, item]) => [key, toValue(item)]));
  throw new Error(`a ${typeof data} is no value of a template`);
}

export function isTrue(value: Value): boolean {
  if (value === null || value instanceof Undefined) return false;
  if (isList(value)) return value.length > 0;
  if (isDict(value)) return value.size > 0;
  if (value instanceof Tuple || value instanceof Range || value instanceof DictView) return value.items.length > 0;
  if (value instanceof Markup) return value.text !== '';
  return typeof value === 'object' || Boolean(value);
}

/** Python's repr of a float: an exponent below 1e-4 and from 1e16 on. */
function floatText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'nan' : value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  const [digits = '', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    const size = String(Math.abs(exponent)).padStart(2, '0');
    return `${digits}e${exponent < 0 ? '-' : '+'}${size}`;
  }
  if (exponent >= 0) return Number.isInteger(value) ? `${BigInt(value)}.0` : String(value);
  const sign = value < 0 ? '-' : '';
  return `${sign}0.${'0'.repeat(-exponent - 1)}${digits.replace(/[-.]/g, '')}`;
}

const shortEscapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' };

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code < 0x100) return `\\x${hex.padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

function stringRepr(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inside = text
    .replace(/[\n\r\t\\]/g, (character) => shortEscapes[character] as string)
    .replace(/(?! )[\p{C}\p{Z}]/gu, escapeCharacter);
  return `${quote}${quote === "'" ? inside.replaceAll("'", "\\'") : inside}${quote}`;
}

const maxDepth = 200;

/** Python's repr(). */
export function repr(value: Value, depth = 0): string {
  if (depth > maxDepth) throw new Error(`a value with more than ${maxDepth} levels of nesting is printed`);
  const all = (items: Iterable<Value>): string => Array.from(items, (item) => repr(item, depth + 1)).join(', ');
  if (typeof value === 'string') return stringRepr(value);
  if (isList(value)) return `[${all(value)}]`;
  if (value instanceof Tuple) return value.items.length === 1 ? `(${all(value.items)},)` : `(${all(value.items)})`;
  if (value instanceof DictView) return `dict_${value.kind}([${all(value.items)}])`;
  if (isDict(value)) {
    const entries = [...value].map(([key, item]) => `${repr(key, depth + 1)}: ${repr(item, depth + 1)}`);
    return `{${entries.join(', ')}}`;
  }
  if (value instanceof Namespace) return `<Namespace ${repr(new Map(value.attributes) as Dict, depth + 1)}>`;
  if (value instanceof Range)
    return `range(${value.start}, ${value.stop}${value.step === 1n ? '' : `, ${value.step}`})`;
  if (value instanceof Undefined) return 'Undefined';
  return text(value);
}

/** Python's str(), which is what a template prints. */
export function text(value: Value): string {
  if (typeof value === 'string') return value;
  if (value instanceof Undefined) return '';
  if (value instanceof Markup) return value.text;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return floatText(value);
  if (typeof value === 'function' || value instanceof Lazy || value instanceof Computed)
    throw new Unsupported(`a ${value instanceof Lazy ? 'generator' : 'function or object'} that is printed`);
  return repr(value);
}

/** The items that Python's iter() gives. */
export function iterate(value: Value): readonly Value[] {
  if (typeof value === 'string') return Array.from(value);
  if (isList(value)) return value;
  if (isDict(value)) return [...value.keys()];
  if (value instanceof Tuple || value instanceof Range || value instanceof DictView) return value.items;
  if (value instanceof Lazy) return value.take();
  if (value instanceof Undefined) return [];
  if (value instanceof Markup) throw new Unsupported('characters of an escaped text');
  throw new Error(`'${typeName(value)}' object is not iterable`);
}

export function lengthOf(value: Value): bigint {
  if (isDict(value)) return BigInt(value.size);
  if (value instanceof Undefined) return 0n;
  if (value instanceof Lazy || isNumber(value) || value === null)
    throw new Error(`object of type '${typeName(value)}' has no len()`);
  return BigInt(iterate(value).length);
}

/** Whether two numbers are one, be they whole or not. */
const areSameNumber = (a: bigint | number, b: bigint | number): boolean => a <= b && a >= b;

/** Python's ==. */
export function areEqual(a: Value, b: Value): boolean {
  if (isNumber(a) && isNumber(b)) return areSameNumber(plainNumber(a), plainNumber(b));
  if (isList(a) && isList(b)) return a.length === b.length && a.every((item, i) => areEqual(item, b[i] as Value));
  if (a instanceof Tuple && b instanceof Tuple) return areEqual(a.items, b.items);
  if (isDict(a) && isDict(b))
    return a.size === b.size && [...a].every(([key, item]) => b.has(key) && areEqual(item, b.get(key) as Value));
  if (a instanceof Undefined && b instanceof Undefined) return true;
  if (a instanceof Range && b instanceof Range) return areEqual(a.items, b.items);
  if (a instanceof Markup || b instanceof Markup) return text(a) === text(b);
  return a === b;
}

/** Orders texts by code points, as Python does. */
function compareTexts(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at === -1) return left.length - right.length;
  return at >= right.length ? 1 : (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0);
}

/**
 * Orders two values as Python's < and > do: below, at or above 0.
 * @throws Error for types that Python does not order
 */
export function compare(a: Value, b: Value): number {
  if (isNumber(a) && isNumber(b)) {
    const [left, right] = [plainNumber(a), plainNumber(b)];
    return left < right ? -1 : left > right ? 1 : areSameNumber(left, right) ? 0 : NaN;
  }
  if (typeof a === 'string' && typeof b === 'string') return compareTexts(a, b);
  const [left, right] = [a instanceof Tuple ? a.items : a, b instanceof Tuple ? b.items : b];
  if (isList(left) && isList(right) && isList(a) === isList(b)) {
    const at = left.findIndex((item, i) => i >= right.length || !areEqual(item, right[i] as Value));
    if (at === -1 || at >= right.length) return left.length - right.length;
    return compare(left[at] as Value, right[at] as Value);
  }
  throw new Error(`'${typeName(a)}' and '${typeName(b)}' cannot be ordered`);
}

/** Python's `in`. */
export function contains(container: Value, item: Value): boolean {
  if (typeof container === 'string') {
    if (typeof item === 'string') return container.includes(item);
    throw new Error(`'in <string>' requires string as left operand, not ${typeName(item)}`);
  }
  if (isDict(container)) return container.has(keyOf(item));
  return iterate(container).some((candidate) => areEqual(candidate, item));
}

/** A key of a dict: only kinds that a Map tells apart as Python does. */
export function keyOf(value: Value): Value {
  if (typeof value === 'string' || typeof value === 'bigint' || value === null) return value;
  throw new Unsupported(`a key of a dict that is a ${typeName(value)}`);
}
