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
    if (code === 0x22) {
      // To the end of the string: the next quotation mark after an even number of backslashes.
      for (at++; at < text.length && text.charCodeAt(at) !== 0x22; at++) if (text.charCodeAt(at) === 0x5c) at++;
    } else if (code === 0x5b || code === 0x7b) {
      if (++depth > deepest) deepest = depth;
    } else if (code === 0x5d || code === 0x7d) depth--;
    else if (code === 0x3a) members++;
  }
  return { depth: deepest, members };
}

/** Strings, which stay as they are, and the numbers that Python's json module writes and reads and JSON lacks. */
const stringsAndPythonNumbers = /"[^"\\]*(?:\\[^][^"\\]*)*"|-?\bInfinity\b|\bNaN\b/g;

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
  // A text that the file does not have stands for NaN until all is parsed.
  let mark = 'NaN';
  while (text.includes(mark)) mark += '?';
  const inJson = text.replace(stringsAndPythonNumbers, (token) =>
    token.startsWith('"') ? token : token === 'NaN' ? `"${mark}"` : token.replace('Infinity', '1e999'),
  );
  return JSON.parse(inJson, (_, value: unknown) => (value === mark ? NaN : value));
}
