/**
 * @file Names that come out of files (a folder's, an adapter's ancestors, its modules) as a README may hold them: one
 * line, every sign of Markdown and HTML plain. A name is hostile: it could write headings, a shell block or a script.
 */

/** Characters of a name that a card shows; folders and adapters have names of a few dozen. */
export const maxNameCharacters = 200;

/** Control characters, line and paragraph separators, and marks that turn the direction of what follows. */
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]+/gu;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** The text as one line; what is too long is cut. */
function oneLine(text: string): string {
  const line = text.replace(unprintable, ' ').trim();
  return line.length <= maxNameCharacters ? line : `${line.slice(0, maxNameCharacters)}...`;
}

/**
 * A text as it is, in one line of Markdown within a sentence or a table's cell: `a|b` becomes `a\|b`, `<b>` becomes
 * `&lt;b&gt;`, and an address makes no link. An underscore inside a word is plain already.
 */
export function markdownLine(text: string): string {
  return oneLine(text)
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign)
    .replace(/[\\`*[\]|~#!@$]|:(?=\/\/)|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, '\\$&')
    .replace(/\bwww\./gi, (sign) => sign.replace('.', '\\.'));
}

/** A text as a folder's name within quotation marks of Python: what could end them becomes `_`. */
export function pythonPathPart(text: string): string {
  return oneLine(text).replace(/[^\p{L}\p{N} ._-]/gu, '_');
}

/** A text as a scalar of YAML, in one line: what JSON writes YAML reads. */
export const yamlLine = (text: string): string => JSON.stringify(oneLine(text));
