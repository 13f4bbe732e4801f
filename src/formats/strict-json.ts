/**
 * @file A JSON parser for file headers, where JSON.parse is too kind: it keeps the last of two equal keys in silence,
 * reads 1.0 as 1 and rounds integers above 2^53. Here equal keys are an error and integers are told from other numbers.
 * Accepts exactly RFC 8259 texts (whitespace around the value included) up to a depth of 128, serde_json's limit.
 */

/** A number that is not written as a plain integer, or is one beyond 2^53: kept as its text. */
export class OtherNumber {
  constructor(readonly text: string) {}
}

/** Objects become Maps, so that a key such as `__proto__` is a key like any other. */
export type StrictJson = null | boolean | string | number | OtherNumber | StrictJson[] | Map<string, StrictJson>;

/** Broken JSON: `message` says what and at which character. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

const maxDepth = 128;
const whitespace = /[ \t\n\r]*/y;
const stringToken = /"[^"\\\u0000-\u001f]*(?:\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})[^"\\\u0000-\u001f]*)*"/y;
const numberToken = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
const literals: ReadonlyArray<readonly [string, null | boolean]> = [
  ['null', null],
  ['true', true],
  ['false', false],
];

class Parser {
  private at = 0;
  constructor(private readonly text: string) {}

  parse(): StrictJson {
    const value = this.value(0);
    this.skipWhitespace();
    if (this.at < this.text.length) this.fail('text after the end of the value');
    return value;
  }

  private fail(what: string): never {
    throw new StrictJsonError(`${what} at character ${this.at}`);
  }

  /** The token at the current place, or null. */
  private match(token: RegExp): string | null {
    token.lastIndex = this.at;
    const found = token.exec(this.text)?.[0] ?? null;
    if (found !== null) this.at += found.length;
    return found;
  }

  private skipWhitespace(): void {
    this.match(whitespace);
  }

  private takeCharacter(character: string): boolean {
    this.skipWhitespace();
    if (this.text[this.at] !== character) return false;
    this.at++;
    return true;
  }

  private value(depth: number): StrictJson {
    if (depth > maxDepth) this.fail(`more than ${maxDepth} levels of nesting`);
    if (this.takeCharacter('{')) return this.object(depth);
    if (this.takeCharacter('[')) return this.array(depth);
    if (this.text[this.at] === '"') return this.string();
    for (const [word, value] of literals) {
      if (!this.text.startsWith(word, this.at)) continue;
      this.at += word.length;
      return value;
    }
    return this.number();
  }

  private number(): number | OtherNumber {
    const text = this.match(numberToken);
    if (text === null)
      this.fail(this.at < this.text.length ? 'no JSON value' : 'the text ends where a value should be');
    const value = Number(text);
    return /^(?:0|-?[1-9][0-9]*)$/.test(text) && Number.isSafeInteger(value) ? value : new OtherNumber(text);
  }

  private string(): string {
    const start = this.at;
    const token = this.match(stringToken);
    if (token === null) this.fail('a broken string');
    const value = JSON.parse(token) as string;
    // Half of a surrogate pair has no UTF-8 form; serde_json refuses it too.
    if (/\p{Surrogate}/u.test(value)) {
      this.at = start;
      this.fail('half of a surrogate pair in a string');
    }
    return value;
  }

  private array(depth: number): StrictJson[] {
    const items: StrictJson[] = [];
    if (this.takeCharacter(']')) return items;
    do items.push(this.value(depth + 1));
    while (this.takeCharacter(','));
    if (!this.takeCharacter(']')) this.fail("no ',' or ']' after a list item");
    return items;
  }

  private object(depth: number): Map<string, StrictJson> {
    const entries = new Map<string, StrictJson>();
    if (this.takeCharacter('}')) return entries;
    do {
      this.skipWhitespace();
      if (this.text[this.at] !== '"') this.fail('no key in quotes');
      const key = this.string();
      if (entries.has(key)) this.fail(`the key ${JSON.stringify(key)} a second time`);
      if (!this.takeCharacter(':')) this.fail("no ':' after a key");
      entries.set(key, this.value(depth + 1));
    } while (this.takeCharacter(','));
    if (!this.takeCharacter('}')) this.fail("no ',' or '}' after a value");
    return entries;
  }
}

/** @throws StrictJsonError */
export function parseStrictJson(text: string): StrictJson {
  return new Parser(text).parse();
}
