/**
 * @file Python's own text of lists and dictionaries, which pandas writes into CSV cells: `[{'role': 'user', ...}]`,
 * with or without commas between the items (NumPy leaves them out).
 */

const words: Readonly<Record<string, unknown>> = { None: null, True: true, False: false, nan: NaN, inf: Infinity };
const escapes: Readonly<Record<string, string>> = {
  ...{ n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v', a: '\x07', '0': '\0' },
  ...{ '\\': '\\', "'": "'", '"': '"', '\n': '' },
};
const hexDigits: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

/** Deeper than any message lies; a hostile cell would otherwise use up the stack. */
const maxDepth = 50;

class NoLiteral extends Error {}

/** Reads one literal from its beginning. */
class Literal {
  private at = 0;

  constructor(private readonly text: string) {}

  /** @throws NoLiteral where the text is none, or more than one */
  readWhole(): unknown {
    const value = this.readValue(0);
    this.skipSpace();
    if (this.at < this.text.length) throw new NoLiteral();
    return value;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at++;
  }

  private takes(token: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(token, this.at)) return false;
    this.at += token.length;
    return true;
  }

  private readValue(depth: number): unknown {
    if (depth > maxDepth) throw new NoLiteral();
    this.skipSpace();
    const next = this.text[this.at] ?? '';
    if (next === "'" || next === '"') return this.readString();
    if (this.takes('[')) return this.readItems(']', depth);
    if (this.takes('(')) return this.readItems(')', depth);
    if (this.takes('{')) return this.readEntries(depth);
    if (this.takes('array(')) {
      const value = this.readValue(depth + 1);
      const rest = /^\s*,\s*dtype=\w+\s*/.exec(this.text.slice(this.at, this.at + 60));
      this.at += rest?.[0].length ?? 0;
      if (!this.takes(')')) throw new NoLiteral();
      return value;
    }
    const word = /^-?[\w.+-]+/.exec(this.text.slice(this.at, this.at + 40))?.[0] ?? '';
    this.at += word.length;
    if (Object.hasOwn(words, word)) return words[word];
    if (word === '' || Number.isNaN(Number(word))) throw new NoLiteral();
    return Number(word);
  }

  /** Items need a comma between them, unless each is a dictionary or a list. */
  private readItems(end: string, depth: number): unknown[] {
    const items: unknown[] = [];
    while (!this.takes(end)) {
      const last = items.at(-1);
      if (items.length > 0 && !this.takes(',') && (typeof last !== 'object' || last === null)) throw new NoLiteral();
      if (this.takes(end)) break;
      items.push(this.readValue(depth + 1));
    }
    return items;
  }

  private readEntries(depth: number): Record<string, unknown> {
    const entries: [string, unknown][] = [];
    while (!this.takes('}')) {
      if (entries.length > 0 && !this.takes(',')) throw new NoLiteral();
      if (this.takes('}')) break;
      const key = this.readValue(depth + 1);
      if (typeof key !== 'string' || !this.takes(':')) throw new NoLiteral();
      entries.push([key, this.readValue(depth + 1)]);
    }
    return Object.fromEntries(entries);
  }

  private readString(): string {
    const quote = this.text[this.at++];
    let value = '';
    for (;;) {
      const character = this.text[this.at++];
      if (character === undefined) throw new NoLiteral();
      if (character === quote) return value;
      value += character === '\\' ? this.readEscape() : character;
    }
  }

  private readEscape(): string {
    const letter = this.text[this.at++] ?? '';
    const digits = hexDigits[letter];
    if (digits === undefined) return escapes[letter] ?? `\\${letter}`;
    const hex = this.text.slice(this.at, this.at + digits);
    const code = /^[\da-f]+$/i.test(hex) && hex.length === digits ? parseInt(hex, 16) : Infinity;
    if (code > 0x10ffff) throw new NoLiteral();
    this.at += digits;
    return String.fromCodePoint(code);
  }
}

/** The value of Python's text, or undefined where it is none. */
export function parsePythonLiteral(text: string): unknown {
  try {
    return new Literal(text).readWhole();
  } catch (error) {
    if (error instanceof NoLiteral) return undefined;
    throw error;
  }
}
