/**
 * @file JSON as the readers of foreign files meet it: objects of which nothing is known, and Python's NaN and Infinity.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells an object from null, lists and plain values. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Characters of a value that a sentence shows. */
const shownCharacters = 80;

/** A value as JSON, cut where it is longer than a sentence should show. */
export function shortJson(value: unknown): string {
  const whole = JSON.stringify(value) ?? 'undefined';
  return whole.length <= shownCharacters ? whole : `${whole.slice(0, shownCharacters)}...`;
}

/**
 * Finds where the string that begins at a quotation mark ends: behind the next mark after an even number of
 * backslashes, or behind the text. By hand, because a regular expression runs out of stack on a million escapes.
 */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) return at + 1;
    if (code === 0x5c) at++;
  }
  return text.length;
}

export interface JsonExtent {
  /** The most lists and objects inside each other. */
  readonly depth: number;
  /** Members of all objects together. */
  readonly members: number;
}

/**
 * Measures a text of JSON by its signs outside strings: to be asked before it is parsed, because V8 takes 5 seconds for
 * five million brackets or for an object of two million members. Takes a tenth of a second for 30 million characters.
 */
export function measureJson(text: string): JsonExtent {
  let [depth, deepest, members] = [0, 0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x22) at = endOfString(text, at) - 1;
    else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code === 0x3a) members++;
  }
  return { depth: deepest, members };
}

/** The numbers that Python's json module writes and reads and JSON lacks. */
const pythonNumbers = /-?\bInfinity\b|\bNaN\b/g;

/** Replaces Python's numbers outside strings, which stay as they are. */
function replaceNumbers(text: string, replace: (number: string) => string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const start = text.indexOf('"', at);
    const outside = text.slice(at, start < 0 ? text.length : start);
    parts.push(outside.replace(pythonNumbers, replace));
    at = start < 0 ? text.length : endOfString(text, start);
    if (start >= 0) parts.push(text.slice(start, at));
  }
  return parts.join('');
}

/**
 * Parses JSON with NaN, Infinity and -Infinity, as Python's json module does.
 * @throws SyntaxError for anything else that JSON lacks
 */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
  }
  // A text that the file does not have stands for NaN until all is parsed: more signs than follow any NaN in it.
  let longest = 0;
  for (const { 0: found } of text.matchAll(/NaN\?*/g)) longest = Math.max(longest, found.length);
  const mark = 'NaN'.padEnd(longest + 1, '?');
  const inJson = replaceNumbers(text, (number) =>
    number === 'NaN' ? `"${mark}"` : number.replace('Infinity', '1e999'),
  );
  return JSON.parse(inJson, (_, value: unknown) => (value === mark ? NaN : value));
}
