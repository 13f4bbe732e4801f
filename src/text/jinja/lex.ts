/**
 * @file Cuts a Jinja template into texts and the tokens inside `{{ }}` and `{% %}`, with blocks trimmed as transformers
 * has them (trim_blocks, lstrip_blocks). Source: jinja2 3.1, lexer.py.
 */
import { pythonSpace, strip } from './methods';
import { Unsupported } from './values';

export type TokenKind = 'text' | 'name' | 'string' | 'integer' | 'float' | 'operator' | 'begin' | 'end';

export interface Token {
  readonly kind: TokenKind;
  /** What was read: a string without its quotes, an operator, `{{` or `{%` of a begin and an end. */
  readonly value: string;
}

const inside =
  /(?<space>\s+)|(?<float>(?<!\.)(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+))|(?<integer>0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*)|(?<name>[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*)|(?<string>'(?:[^'\\]|\\[^])*'|"(?:[^"\\]|\\[^])*")|(?<operator>\/\/|\*\*|==|!=|>=|<=|[-+/*%~[\](){}><=.:|,;])/uy;

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  b: '\b',
  f: '\f',
  v: '\v',
  a: '\x07',
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/** Reads the escapes of a string as Python does; one that it does not know stays with its backslash. */
function unescape(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replace(/\\(x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[0-7]{1,3}|[^])/g, (all, body: string) => {
      if (/^[xuU]./.test(body)) return String.fromCodePoint(parseInt(body.slice(1), 16));
      if (/^[0-7]/.test(body)) return String.fromCodePoint(parseInt(body, 8));
      if (/^[xuUN]$/.test(body)) throw new Unsupported(`the escape ${all}`);
      return escapes[body] ?? all;
    });
}

const closings = { '{{': '}}', '{%': '%}', '{#': '#}' } as const;
type Opening = keyof typeof closings;
const openBraces: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

const leadingSpaces = new RegExp(`^${pythonSpace}*`);
const rightStripped = (text: string): string => strip(text, null, false, true);

class Lexer {
  private at = 0;
  private readonly tokens: Token[] = [];
  /** Whether the next text begins a line: the template's start, and after a newline that was trimmed. */
  private lineStarts = true;

  constructor(private readonly source: string) {}

  run(): readonly Token[] {
    while (this.at < this.source.length) {
      const next = /\{[{%#]/.exec(this.source.slice(this.at));
      if (!next) {
        this.addText(this.source.slice(this.at));
        break;
      }
      this.textBefore(this.source.slice(this.at, this.at + next.index), next[0] as Opening);
      if (next[0] === '{#') this.comment();
      else if (!this.raw()) this.block(next[0] as '{{' | '{%');
    }
    return this.tokens;
  }

  private addText(value: string): void {
    if (value !== '') this.tokens.push({ kind: 'text', value });
  }

  /** Takes the text before a tag, stripped as the tag's sign or lstrip_blocks want it, and the tag's opening. */
  private textBefore(text: string, opening: Opening): void {
    this.at += text.length + opening.length;
    const sign = this.source[this.at] ?? '';
    const lineStart = text.lastIndexOf('\n') + 1;
    if (sign === '-' || (sign === '+' && opening !== '{{')) this.at++;
    if (sign === '-') this.addText(rightStripped(text));
    else if (
      sign !== '+' &&
      opening !== '{{' &&
      (lineStart > 0 || this.lineStarts) &&
      rightStripped(text.slice(lineStart)) === ''
    )
      this.addText(text.slice(0, lineStart));
    else this.addText(text);
  }

  /** Passes the tag's end: what its sign strips, or the newline that trim_blocks takes. */
  private pass(length: number, sign: string, isBlock: boolean): void {
    this.at += length;
    const rest = this.source.slice(this.at);
    const stripped =
      sign === '-' ? leadingSpaces.exec(rest)?.[0] : isBlock && sign !== '+' ? /^\n?/.exec(rest)?.[0] : '';
    this.at += stripped?.length ?? 0;
    this.lineStarts = this.source[this.at - 1] === '\n';
  }

  private comment(): void {
    const end = /([-+]?)#\}/.exec(this.source.slice(this.at));
    if (!end) throw new Error('a comment without its end');
    this.at += end.index;
    this.pass(end[0].length, end[1] ?? '', true);
  }

  /** Takes `{% raw %}` up to its end as text. */
  private raw(): boolean {
    const found = /^\s*raw\s*(-?)%\}([^]*?)\{%([-+]?)\s*endraw\s*([-+]?)%\}/.exec(this.source.slice(this.at));
    if (!found || this.source.slice(this.at - 3, this.at).includes('{{')) return false;
    const [all, start, body = '', before, after = ''] = found;
    const from = start === '-' ? strip(body, null, true, false) : body;
    const lineStart = from.lastIndexOf('\n') + 1;
    const isIndent = before !== '+' && lineStart > 0 && rightStripped(from.slice(lineStart)) === '';
    this.addText(before === '-' ? rightStripped(from) : isIndent ? from.slice(0, lineStart) : from);
    this.pass(all.length, after, true);
    return true;
  }

  private block(opening: '{{' | '{%'): void {
    this.tokens.push({ kind: 'begin', value: opening });
    const braces: string[] = [];
    const closing = closings[opening];
    for (;;) {
      const end = new RegExp(`^([-+]?)${closing}`).exec(this.source.slice(this.at, this.at + 3));
      if (end && braces.length === 0 && !(end[1] === '+' && opening === '{{')) {
        this.tokens.push({ kind: 'end', value: opening });
        this.pass(end[0].length, end[1] ?? '', opening === '{%');
        return;
      }
      this.token(braces);
    }
  }

  private token(braces: string[]): void {
    inside.lastIndex = this.at;
    const groups = inside.exec(this.source)?.groups;
    if (!groups) {
      const place = this.source.slice(this.at, this.at + 10);
      throw new Error(place === '' ? 'a tag without its end' : `the unexpected character ${JSON.stringify(place[0])}`);
    }
    const [kind, value] = Object.entries(groups).find(([, found]) => found !== undefined) as [string, string];
    this.at += value.length;
    if (kind === 'space') return;
    if (kind === 'operator') {
      const closes = openBraces[value];
      if (closes) braces.push(closes);
      else if (/[)\]}]/.test(value) && braces.pop() !== value) throw new Error(`an unexpected ${value}`);
    }
    this.tokens.push({ kind: kind as TokenKind, value: kind === 'string' ? unescape(value) : value });
  }
}

/**
 * Cuts a template into tokens.
 * @throws Error for what Jinja cannot read either
 */
export function lex(template: string): readonly Token[] {
  return new Lexer(template.replace(/\r\n?/g, '\n').replace(/\n$/, '')).run();
}
