/** @file The strict JSON parser against JSON.parse where the two must agree, and where they must not. */
import { describe, expect, it } from 'vitest';
import { OtherNumber, StrictJsonError, parseStrictJson } from './strict-json';
import type { StrictJson } from './strict-json';

/** What JSON.parse would have made. */
function loosen(value: StrictJson): unknown {
  if (value instanceof OtherNumber) return Number(value.text);
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, loosen(item)]));
  return Array.isArray(value) ? value.map(loosen) : value;
}

describe('parseStrictJson', () => {
  it.each([
    '{}',
    '[]',
    ' [ ] ',
    'null',
    'true',
    'false',
    '0',
    '-1',
    '9007199254740991',
    '1.5',
    '-0',
    '1e3',
    '1E-2',
    '""',
    '"\\u00e9\\"\\\\\\/\\b\\f\\n\\r\\t"',
    '"\\ud83d\\ude00"',
    '"가😀"',
    '{"a":{"b":[1,{"c":null}]},"":2}',
    '[[1,2],[3]]\n',
    '\t{"a" : 1 ,\r\n"b":2}',
    '"\u007f\u2028"',
  ])('reads %s as JSON.parse does', (text) => {
    expect(loosen(parseStrictJson(text))).toEqual(JSON.parse(text));
  });

  it.each([
    '',
    ' ',
    '{',
    '[',
    '[1',
    '[1,',
    '[1,]',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{a:1}',
    "{'a':1}",
    '01',
    '1.',
    '.5',
    '+1',
    '--1',
    '1e',
    'NaN',
    'Infinity',
    'nul',
    'True',
    '"',
    '"\\x"',
    '"\\u12"',
    '"\n"',
    '{} {}',
    '[]]',
    '\u00a01',
    '/* */1',
    '{"a":1 "b":2}',
    '{,}',
  ])('refuses %j, as JSON.parse does', (text) => {
    expect(() => JSON.parse(text) as unknown).toThrow();
    expect(() => parseStrictJson(text)).toThrow(StrictJsonError);
  });

  it.each([
    ['{"a":1,"a":1}', /the key "a" a second time at character/],
    ['{"a":1,"\\u0061":1}', /the key "a" a second time/],
    ['{"__proto__":1,"__proto__":2}', /the key "__proto__" a second time/],
    ['"\\ud800"', /surrogate/],
    ['['.repeat(130) + ']'.repeat(130), /more than 128 levels/],
  ])('refuses %j, which JSON.parse takes', (text, message) => {
    expect(() => JSON.parse(text) as unknown).not.toThrow();
    expect(() => parseStrictJson(text)).toThrow(message);
  });

  it.each(['1.0', '1e2', '-0', '9007199254740992', '1e400'])('tells %s from an integer', (text) => {
    expect(parseStrictJson(text)).toEqual(new OtherNumber(text));
  });

  it('keeps __proto__ as a key', () => {
    expect([...(parseStrictJson('{"__proto__":1}') as Map<string, StrictJson>)]).toEqual([['__proto__', 1]]);
  });

  it('reads long strings without running out of stack', () => {
    const long = 'x\\n'.repeat(2_000_000);
    expect(parseStrictJson(`"${long}"`)).toHaveLength(4_000_000);
  });
});
