/**
 * @file JSON as the readers of foreign files meet it: objects of which nothing is known, and Python's NaN and Infinity.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Tells an object from null, lists and plain values. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
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
