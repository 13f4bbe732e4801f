/** @file The functions that every template can call: range, dict, namespace, cycler, joiner. Source: jinja2 3.1. */
import type { Callable, Value } from './values';
import { Computed, isDict, iterate, keyOf, Namespace, Range, text, typeName, Unsupported } from './values';

/** The most items of one range(): templates count messages and layers, not millions. */
const maxRangeItems = 100_000;

const range: Callable = (args, keywords) => {
  if (keywords.size > 0 || args.length < 1 || args.length > 3) throw new Error('range() takes one to three numbers');
  const [first = 0n, second, step = 1n] = args.map((value) => {
    if (typeof value === 'bigint') return value;
    throw new Error(`'${typeName(value)}' object cannot be interpreted as an integer`);
  });
  return second === undefined ? new Range(0n, first, 1n, maxRangeItems) : new Range(first, second, step, maxRangeItems);
};

/** The entries of dict(...) and namespace(...): of one mapping, or of pairs, and then of names. */
function entriesOf(args: readonly Value[], keywords: ReadonlyMap<string, Value>): Map<Value, Value> {
  if (args.length > 1) throw new Error(`expected at most 1 argument, got ${args.length}`);
  const [source = new Map<Value, Value>()] = args;
  const pairs = isDict(source)
    ? [...source]
    : iterate(source).map((pair) => {
        const [key, value, more] = iterate(pair);
        if (key === undefined || value === undefined || more !== undefined) throw new Error('pairs are wanted');
        return [keyOf(key), value] as [Value, Value];
      });
  return new Map<Value, Value>([...pairs, ...keywords]);
}

const namespace: Callable = (args, keywords) =>
  new Namespace(new Map([...entriesOf(args, keywords)].map(([key, value]) => [text(key), value])));

const cycler: Callable = (args) => {
  if (args.length === 0) throw new Error('at least one item has to be provided');
  let at = 0;
  const next: Callable = () => args[at++ % args.length] as Value;
  const reset: Callable = () => ((at = 0), null);
  return new Computed((name) => {
    if (name === 'next') return next;
    if (name === 'reset') return reset;
    return name === 'current' ? args[at % args.length] : undefined;
  });
};

const joiner: Callable = (args) => {
  let isFirst = true;
  return () => {
    const written = isFirst ? '' : (args[0] ?? ', ');
    isFirst = false;
    return written;
  };
};

export const templateGlobals: Readonly<Record<string, Value>> = {
  range,
  dict: (args, keywords) => entriesOf(args, keywords),
  namespace,
  cycler,
  joiner,
  self: new Computed(() => {
    throw new Unsupported('self');
  }),
  lipsum: () => {
    throw new Unsupported('lipsum()');
  },
};
