/** @file Jinja's tests: `value is name(arguments)`. Source: jinja2 3.1, tests.py. */
import { isLower, isUpper } from './methods';
import type { Value } from './values';
import {
  areEqual,
  compare,
  Computed,
  contains,
  isDict,
  isList,
  isNumber,
  Lazy,
  Range,
  text,
  Tuple,
  DictView,
  typeName,
  Undefined,
  Unsupported,
} from './values';
import { arithmetic } from './operators';

type Test = (value: Value, other: Value) => boolean;

const rest = (value: Value, by: Value): boolean => areEqual(arithmetic('%', value, by), 0n);

function isSame(a: Value, b: Value): boolean {
  if (typeof a === 'string' || typeof a === 'bigint' || typeof a === 'number')
    if (typeName(a) === typeName(b)) throw new Unsupported(`sameas of a ${typeName(a)}`);
  return a === b;
}

const less: Test = (a, b) => compare(a, b) < 0;
const greater: Test = (a, b) => compare(a, b) > 0;
const atMost: Test = (a, b) => compare(a, b) <= 0;
const atLeast: Test = (a, b) => compare(a, b) >= 0;
const differs: Test = (a, b) => !areEqual(a, b);

const named: Readonly<Record<string, Test>> = {
  defined: (value) => !(value instanceof Undefined),
  undefined: (value) => value instanceof Undefined,
  none: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  true: (value) => value === true,
  false: (value) => value === false,
  integer: (value) => typeof value === 'bigint',
  float: (value) => typeof value === 'number',
  number: isNumber,
  string: (value) => typeof value === 'string',
  mapping: isDict,
  iterable: (value) =>
    typeof value === 'string' ||
    isList(value) ||
    isDict(value) ||
    [Tuple, Range, Lazy, DictView, Undefined].some((type) => value instanceof type),
  sequence: (value) =>
    typeof value === 'string' || isList(value) || isDict(value) || value instanceof Tuple || value instanceof Range,
  callable: (value) => {
    if (value instanceof Computed) throw new Unsupported('whether such an object is callable');
    return typeof value === 'function' || value instanceof Undefined;
  },
  odd: (value) => rest(arithmetic('-', value, 1n), 2n),
  even: (value) => rest(value, 2n),
  divisibleby: rest,
  lower: (value) => isLower(text(value)),
  upper: (value) => isUpper(text(value)),
  sameas: isSame,
  in: (value, container) => contains(container, value),
  ...{ eq: areEqual, equalto: areEqual, '==': areEqual, ne: differs, '!=': differs },
  ...{ lt: less, lessthan: less, '<': less, gt: greater, greaterthan: greater, '>': greater },
  ...{ le: atMost, '<=': atMost, ge: atLeast, '>=': atLeast },
};

/** Jinja's tests that are not done here. */
const missing = ['escaped', 'filter', 'test'];

/**
 * Finds a test.
 * @throws Error for a name that Jinja does not know, Unsupported for one that is missing here
 */
export function testOf(name: string): (value: Value, args: readonly Value[]) => boolean {
  const test = Object.hasOwn(named, name) ? named[name] : undefined;
  if (!test) throw missing.includes(name) ? new Unsupported(`the test ${name}`) : new Error(`No test named '${name}'.`);
  return (value, args) => {
    if (args.length !== test.length - 1) throw new Error(`the test ${name} with ${args.length} arguments`);
    return test(value, args[0] ?? null);
  };
}
