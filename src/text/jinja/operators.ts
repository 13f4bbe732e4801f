/**
 * @file Python's arithmetic on the values of templates, its % of texts, and its way to reach attributes and items.
 */
import { methodOf, pythonAttributes } from './methods';
import type { Value } from './values';
import {
  Computed,
  DictView,
  isDict,
  isList,
  isNumber,
  Lazy,
  Markup,
  Namespace,
  plainNumber,
  Range,
  repr,
  text,
  Tuple,
  typeName,
  Undefined,
  Unsupported,
} from './values';

/** Whole numbers beyond this many digits are no numbers of a template. */
const maxDigits = 1000;
const maxRepeated = 1_000_000;

const plain: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => modulo(a, b),
  '//': (a, b) => Math.floor((a - modulo(a, b)) / b),
  '**': (a, b) => a ** b,
};

/** Python's remainder has the sign of the divisor. */
function modulo(a: number, b: number): number {
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

function wholePower(a: bigint, b: bigint): bigint {
  if (b * BigInt(a.toString().length) > maxDigits) throw new Unsupported('a number of thousands of digits');
  return a ** b;
}

/** Arithmetic of whole numbers; null where the result is none. */
function whole(operator: string, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '//':
      return a / b - (a % b !== 0n && a < 0n !== b < 0n ? 1n : 0n);
    case '%':
      return ((a % b) + b) % b;
    case '**':
      return b < 0n ? null : wholePower(a, b);
    default:
      return null;
  }
}

function calculate(operator: string, a: bigint | number, b: bigint | number): Value {
  if (['/', '//', '%'].includes(operator) && Number(b) === 0) throw new Error('division by zero');
  if (typeof a === 'bigint' && typeof b === 'bigint') {
    const result = whole(operator, a, b);
    if (result !== null) return result;
    if ([a, b].some((value) => !Number.isSafeInteger(Number(value))))
      throw new Unsupported('a division of such large numbers');
  }
  const result = plain[operator]?.(Number(a), Number(b)) ?? NaN;
  if (!Number.isFinite(result)) throw new Unsupported(`the result of ${text(a)} ${operator} ${text(b)}`);
  return result;
}

function repeat(value: Value, times: Value): Value | null {
  if (typeof times !== 'bigint' && typeof times !== 'boolean') return null;
  const count = Math.max(0, Number(times));
  if (count > maxRepeated) throw new Error(`a text or list ${count} times`);
  if (typeof value === 'string') return value.repeat(value.length * count > 2 ** 28 ? -1 : count);
  if (isList(value) && value.length * count <= maxRepeated) return Array<readonly Value[]>(count).fill(value).flat();
  return null;
}

/** Python's % of a text, for the conversions that templates have. */
export function formatPercent(format: string, values: Value): string {
  const given = values instanceof Tuple ? [...values.items] : [values];
  const made = format.replace(
    /%(\(\w+\))?([-+ 0#]*\d*(?:\.\d+)?)([a-zA-Z%])/g,
    (all, key: string | undefined, flags: string, letter: string) => {
      if (letter === '%' && flags === '') return '%';
      if (key !== undefined || flags !== '' || !'srd'.includes(letter)) throw new Unsupported(`the conversion ${all}`);
      const value = given.shift();
      if (value === undefined) throw new Error('not enough arguments for format string');
      if (letter === 's') return text(value);
      if (letter === 'r') return repr(value);
      if (!isNumber(value)) throw new Error('%d format: a number is required');
      return text(typeof value === 'number' ? BigInt(Math.trunc(value)) : plainNumber(value));
    },
  );
  if (given.length > 0 && !isDict(values)) throw new Error('not all arguments converted during string formatting');
  return made;
}

/** Computes `a operator b` for + - * / // % **. */
export function arithmetic(operator: string, a: Value, b: Value): Value {
  if (isNumber(a) && isNumber(b)) return calculate(operator, plainNumber(a), plainNumber(b));
  if (a instanceof Markup || b instanceof Markup) throw new Unsupported(`${operator} with an escaped text`);
  if (operator === '+') {
    if (typeof a === 'string' && typeof b === 'string') return a + b;
    if (isList(a) && isList(b)) return [...a, ...b];
    if (a instanceof Tuple && b instanceof Tuple) return new Tuple([...a.items, ...b.items]);
  }
  const repeated = operator === '*' ? (repeat(a, b) ?? repeat(b, a)) : null;
  if (repeated !== null) return repeated;
  if (operator === '%' && typeof a === 'string') return formatPercent(a, b);
  throw new Error(`unsupported operand types for ${operator}: '${typeName(a)}' and '${typeName(b)}'`);
}

/** Computes -a or +a. */
export function signed(operator: string, a: Value): Value {
  if (!isNumber(a)) throw new Error(`bad operand type for unary ${operator}: '${typeName(a)}'`);
  const value = plainNumber(a);
  return operator === '-' ? -value : value;
}

/** The items of a sequence that Python can index, or null. */
function sequenceOf(value: Value): readonly Value[] | null {
  if (typeof value === 'string') return Array.from(value);
  if (isList(value)) return value;
  return value instanceof Tuple || value instanceof Range ? value.items : null;
}

function itemOf(value: Value, index: Value): Value | undefined {
  if (isDict(value)) {
    if (typeof index === 'number' || typeof index === 'boolean') throw new Unsupported('such a key of a dict');
    return value.get(index);
  }
  if (typeof index !== 'bigint' && typeof index !== 'boolean') return undefined;
  return sequenceOf(value)?.at(Number(index));
}

function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof Undefined) throw new Error(`'${value.name}' is undefined`);
  if (name.startsWith('__')) throw new Error(`access to attribute '${name}' is unsafe`);
  if (value instanceof Computed) return value.attribute(name);
  if (value instanceof Namespace) return value.attributes.get(name);
  if (value instanceof Tuple && value.names.includes(name)) return value.items[value.names.indexOf(name)];
  const method = methodOf(value, name);
  if (method) return method;
  if (pythonAttributes(value, name)) throw new Unsupported(`${typeName(value)}.${name}`);
  return undefined;
}

/** Python's slice of a sequence. */
export function sliceOf(value: Value, bounds: readonly (Value | null)[]): Value {
  const items = sequenceOf(value);
  if (value instanceof Undefined) throw new Error(`'${value.name}' is undefined`);
  if (!items || value instanceof Range) {
    if (value instanceof Range || value instanceof Markup) throw new Unsupported('a slice of it');
    return new Undefined('slice');
  }
  const [start, stop, step = null] = bounds.map((bound) => {
    if (bound === null) return null;
    if (typeof bound !== 'bigint') throw new Unsupported(`a ${typeName(bound)} as a bound of a slice`);
    return Number(bound);
  });
  const by = step ?? 1;
  if (by === 0) throw new Error('slice step cannot be zero');
  const { length } = items;
  const [least, most] = by > 0 ? [0, length] : [-1, length - 1];
  const place = (bound: number | null | undefined, fallback: number): number =>
    bound == null ? fallback : Math.min(most, Math.max(least, bound < 0 ? bound + length : bound));
  const [from, to] = [place(start, by > 0 ? 0 : length - 1), place(stop, by > 0 ? length : -1)];
  const taken: Value[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) taken.push(items[i] as Value);
  if (typeof value === 'string') return taken.join('');
  return value instanceof Tuple ? new Tuple(taken) : taken;
}

/** Jinja's `value[index]`: an item, or else an attribute. */
export function getItem(value: Value, index: Value): Value {
  if (value instanceof Undefined) throw new Error(`'${value.name}' is undefined`);
  if (value instanceof Markup) throw new Unsupported('a part of an escaped text');
  const found = itemOf(value, index);
  if (found !== undefined) return found;
  if (typeof index === 'string') return attributeOf(value, index) ?? new Undefined(index);
  return new Undefined(text(index));
}

/** Jinja's `value.name`: an attribute, or else an item. */
export function getAttribute(value: Value, name: string): Value {
  const own = attributeOf(value, name);
  if (own !== undefined) return own;
  if (value instanceof Lazy || value instanceof DictView || typeof value === 'function' || value instanceof Markup)
    throw new Unsupported(`${typeName(value)}.${name}`);
  return itemOf(value, name) ?? new Undefined(name);
}
