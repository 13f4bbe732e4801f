/**
 * @file `tojson` of chat templates, which transformers writes by Python's json.dumps with characters left as they are.
 */
import type { Value } from './values';
import { isDict, isList, text, Tuple, typeName, Unsupported } from './values';

export interface JsonOptions {
  readonly ascii: boolean;
  /** What a level is indented by; null writes all on one line. */
  readonly indent: string | null;
  readonly separators: readonly [item: string, key: string];
  readonly sortKeys: boolean;
}

const escapeCode = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function quote(value: string, ascii: boolean): string {
  const quoted = JSON.stringify(value);
  return ascii ? quoted.replace(/[^ -~]/g, escapeCode) : quoted;
}

function numberText(value: number): string {
  if (Number.isFinite(value)) return text(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Infinity' : '-Infinity';
}

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key === null || typeof key === 'boolean' || typeof key === 'bigint') return scalar(key, false);
  throw new Unsupported(`a key that is a ${typeName(key)} in JSON`);
}

function scalar(value: Value, ascii: boolean): string {
  if (value === null) return 'null';
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return quote(value, ascii);
  throw new Error(`Object of type ${typeName(value)} is not JSON serializable`);
}

/** Writes a value as json.dumps does. */
export function toJson(value: Value, options: JsonOptions, depth = 0): string {
  const { ascii, indent, separators, sortKeys } = options;
  const wrap = (brackets: string, parts: readonly string[]): string => {
    const [open = '', close = ''] = brackets;
    if (parts.length === 0 || indent === null) return open + parts.join(separators[0]) + close;
    const line = (level: number): string => `\n${indent.repeat(level)}`;
    return open + line(depth + 1) + parts.join(separators[0] + line(depth + 1)) + line(depth) + close;
  };
  const items = isList(value) ? value : value instanceof Tuple ? value.items : null;
  if (items)
    return wrap(
      '[]',
      items.map((item) => toJson(item, options, depth + 1)),
    );
  if (!isDict(value)) return scalar(value, ascii);
  const entries = [...value].map(([key, item]) => [keyText(key), item] as const);
  if (sortKeys) entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return wrap(
    '{}',
    entries.map(([key, item]) => `${quote(key, ascii)}${separators[1]}${toJson(item, options, depth + 1)}`),
  );
}
