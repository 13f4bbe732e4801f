/**
 * @file Jinja's expressions, parsed to functions of a scope. The grammar and its precedences are jinja2's (3.1,
 * parser.py): `~` binds tighter than `+`, comparisons chain, filters and tests bind tighter than arithmetic.
 */
import { filterOf } from './filters';
import type { Token, TokenKind } from './lex';
import { arithmetic, getAttribute, getItem, signed, sliceOf } from './operators';
import type { Scope } from './scope';
import { testOf } from './tests';
import type { Value } from './values';
import {
  areEqual,
  compare,
  contains,
  isDict,
  isTrue,
  iterate,
  keyOf,
  text,
  Tuple,
  typeName,
  Undefined,
  Unsupported,
} from './values';

export type Expression = (scope: Scope) => Value;

/** Arguments as they are written, each to be computed in a scope. */
export interface Arguments {
  readonly places: readonly { readonly spread: boolean; readonly of: Expression }[];
  readonly names: readonly { readonly name: string | null; readonly of: Expression }[];
}

export const noArguments: Arguments = { places: [], names: [] };

/** Computes arguments, those by place first. */
export function give({ places, names }: Arguments, scope: Scope): { args: Value[]; keywords: Map<string, Value> } {
  const args = places.flatMap(({ spread, of }) => (spread ? iterate(of(scope)) : [of(scope)]));
  const keywords = new Map<string, Value>();
  for (const { name, of } of names) {
    const value = of(scope);
    if (name !== null) keywords.set(name, value);
    else if (!isDict(value)) throw new Error(`argument after ** must be a mapping, not ${typeName(value)}`);
    else for (const [key, item] of value) keywords.set(text(key), item);
  }
  return { args, keywords };
}

/** Calls a value that a template names. */
export function call(callee: Value, args: readonly Value[], keywords: ReadonlyMap<string, Value>): Value {
  if (callee instanceof Undefined) throw new Error(`'${callee.name}' is undefined`);
  if (typeof callee !== 'function') throw new Error(`'${typeName(callee)}' object is not callable`);
  return callee(args, keywords);
}

const comparisons: Readonly<Record<string, (a: Value, b: Value) => boolean>> = {
  '==': areEqual,
  '!=': (a, b) => !areEqual(a, b),
  '<': (a, b) => compare(a, b) < 0,
  '<=': (a, b) => compare(a, b) <= 0,
  '>': (a, b) => compare(a, b) > 0,
  '>=': (a, b) => compare(a, b) >= 0,
  in: (a, b) => contains(b, a),
  'not in': (a, b) => !contains(b, a),
};

const constants: ReadonlyMap<string, Value> = new Map<string, Value>([
  ...(['true', 'True'].map((name) => [name, true]) as [string, Value][]),
  ...(['false', 'False'].map((name) => [name, false]) as [string, Value][]),
  ...(['none', 'None'].map((name) => [name, null]) as [string, Value][]),
]);

/** Reads tokens one after another; the names that expressions read are noted in `seen`. */
export class ExpressionParser {
  protected at = 0;
  /** Names read since the innermost macro began: a macro gets `caller`, `varargs` and `kwargs` where it reads them. */
  protected seen = new Set<string>();

  constructor(protected readonly tokens: readonly Token[]) {}

  protected is(kind: TokenKind, ...values: readonly string[]): boolean {
    const token = this.tokens[this.at];
    return token?.kind === kind && (values.length === 0 || values.includes(token.value));
  }

  protected take(kind: TokenKind, ...values: readonly string[]): string | null {
    return this.is(kind, ...values) ? (this.tokens[this.at++] as Token).value : null;
  }

  protected expect(kind: TokenKind, ...values: readonly string[]): string {
    const found = this.take(kind, ...values);
    if (found !== null) return found;
    const { value = 'the end' } = this.tokens[this.at] ?? {};
    throw new Error(`${values.join(' or ') || `a ${kind}`} is wanted where ${JSON.stringify(value)} stands`);
  }

  /** Wraps a step so that its time and what it makes are looked at. */
  protected step(of: Expression): Expression {
    return (scope) => scope.made(of(scope));
  }

  expression(): Expression {
    let value = this.or();
    while (this.take('name', 'if') !== null) {
      const [then, test] = [value, this.or()];
      const otherwise = this.take('name', 'else') !== null ? this.expression() : null;
      value = (scope) => {
        if (isTrue(test(scope))) return then(scope);
        return otherwise ? otherwise(scope) : new Undefined('the value of an if without else');
      };
    }
    return value;
  }

  protected or(): Expression {
    let left = this.and();
    while (this.take('name', 'or') !== null) {
      const [a, b] = [left, this.and()];
      left = (scope) => {
        const value = a(scope);
        return isTrue(value) ? value : b(scope);
      };
    }
    return left;
  }

  private and(): Expression {
    let left = this.not();
    while (this.take('name', 'and') !== null) {
      const [a, b] = [left, this.not()];
      left = (scope) => {
        const value = a(scope);
        return isTrue(value) ? b(scope) : value;
      };
    }
    return left;
  }

  private not(): Expression {
    if (this.take('name', 'not') === null) return this.comparison();
    const of = this.not();
    return (scope) => !isTrue(of(scope));
  }

  private comparisonSign(): string | null {
    const sign = this.take('operator', '==', '!=', '<', '<=', '>', '>=') ?? this.take('name', 'in');
    if (sign !== null) return sign;
    const next = this.tokens[this.at + 1];
    if (!this.is('name', 'not') || next?.kind !== 'name' || next.value !== 'in') return null;
    this.at += 2;
    return 'not in';
  }

  private comparison(): Expression {
    const first = this.sum();
    const links: { holds: (a: Value, b: Value) => boolean; of: Expression }[] = [];
    for (let sign = this.comparisonSign(); sign !== null; sign = this.comparisonSign())
      links.push({ holds: comparisons[sign] as (a: Value, b: Value) => boolean, of: this.sum() });
    if (links.length === 0) return first;
    return this.step((scope) => {
      let left = first(scope);
      return links.every(({ holds, of }) => {
        const right = of(scope);
        const result = holds(left, right);
        left = right;
        return result;
      });
    });
  }

  /** Operators of one precedence, from left to right. */
  private chain(signs: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (let sign = this.take('operator', ...signs); sign !== null; sign = this.take('operator', ...signs)) {
      const [a, b, operator] = [left, operand(), sign];
      left = this.step((scope) => arithmetic(operator, a(scope), b(scope)));
    }
    return left;
  }

  private sum(): Expression {
    return this.chain(['+', '-'], () => this.concatenation());
  }

  private concatenation(): Expression {
    const parts = [this.product()];
    while (this.take('operator', '~') !== null) parts.push(this.product());
    if (parts.length === 1) return parts[0] as Expression;
    return this.step((scope) => parts.map((part) => text(part(scope))).join(''));
  }

  private product(): Expression {
    return this.chain(['*', '/', '//', '%'], () => this.chain(['**'], () => this.unary(true)));
  }

  private unary(withFilters: boolean): Expression {
    const sign = this.take('operator', '-', '+');
    const operand = sign === null ? null : this.unary(false);
    const value: Expression = operand ? (scope) => signed(sign as string, operand(scope)) : this.primary();
    const whole = this.postfix(value);
    return withFilters ? this.filtersAndTests(whole) : whole;
  }

  private number(): Expression | null {
    const integer = this.take('integer');
    if (integer !== null) {
      const value = BigInt(integer.replaceAll('_', ''));
      return () => value;
    }
    const float = this.take('float');
    return float === null ? null : () => Number(float.replaceAll('_', ''));
  }

  protected primary(): Expression {
    const number = this.number();
    if (number) return number;
    if (this.is('string')) {
      let value = '';
      while (this.is('string')) value += this.expect('string');
      return () => value;
    }
    const name = this.take('name');
    if (name !== null) {
      const constant = constants.get(name);
      if (constant !== undefined) return () => constant;
      this.seen.add(name);
      return (scope) => scope.get(name);
    }
    const open = this.expect('operator', '(', '[', '{');
    if (open === '{') return this.dict();
    if (open === '(') {
      const inside = this.is('operator', ')') ? () => new Tuple([]) : this.tuple();
      this.expect('operator', ')');
      return inside;
    }
    const items = this.list(']', () => this.expression());
    return this.step((scope) => items.map((item) => item(scope)));
  }

  /** Items up to a bracket, with commas between and perhaps one after them. */
  private list<T>(close: string, item: () => T): T[] {
    const items: T[] = [];
    while (this.take('operator', close) === null) {
      if (items.length > 0) this.expect('operator', ',');
      if (this.take('operator', close) !== null) break;
      items.push(item());
    }
    return items;
  }

  private dict(): Expression {
    const entries = this.list('}', () => {
      const key = this.expression();
      this.expect('operator', ':');
      return { key, value: this.expression() };
    });
    return this.step((scope) => new Map(entries.map(({ key, value }) => [keyOf(key(scope)), value(scope)] as const)));
  }

  /** One expression, or a tuple of several. */
  tuple(item: () => Expression = () => this.expression()): Expression {
    const items = [item()];
    let isTuple = false;
    while (this.take('operator', ',') !== null) {
      isTuple = true;
      if (this.is('end') || this.is('operator', ')', '=') || this.is('name', 'in')) break;
      items.push(item());
    }
    if (!isTuple) return items[0] as Expression;
    return (scope) => new Tuple(items.map((each) => each(scope)));
  }

  private subscript(of: Expression): Expression {
    const bounds: (Expression | null)[] = [];
    let isSlice = false;
    for (;;) {
      const isEmpty = this.is('operator', ':') || this.is('operator', ']');
      bounds.push(isEmpty ? null : this.expression());
      if (this.take('operator', ':') === null) break;
      isSlice = true;
    }
    if (this.is('operator', ',')) throw new Unsupported('an index of several parts');
    this.expect('operator', ']');
    const [index] = bounds;
    if (isSlice && bounds.length <= 3)
      return (scope) =>
        sliceOf(
          of(scope),
          bounds.map((bound) => bound && bound(scope)),
        );
    if (!index || isSlice) throw new Error('an index is wanted between [ and ]');
    return (scope) => getItem(of(scope), index(scope));
  }

  protected postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      const of = value;
      const sign = this.take('operator', '.', '[');
      if (sign === '[') value = this.step(this.subscript(of));
      else if (sign === '.') {
        const index = this.take('integer');
        const name = index === null ? this.expect('name') : '';
        value = (scope) => (index === null ? getAttribute(of(scope), name) : getItem(of(scope), BigInt(index)));
      } else if (this.is('operator', '(')) value = this.calling(of);
      else return value;
    }
  }

  private calling(of: Expression): Expression {
    const given = this.arguments();
    return this.step((scope) => {
      const callee = of(scope);
      const { args, keywords } = give(given, scope);
      return call(callee, args, keywords);
    });
  }

  protected arguments(): Arguments {
    this.expect('operator', '(');
    const places: { spread: boolean; of: Expression }[] = [];
    const names: { name: string | null; of: Expression }[] = [];
    this.list(')', () => {
      const stars = this.take('operator', '*', '**');
      const next = this.tokens[this.at + 1];
      if (stars === '**') names.push({ name: null, of: this.expression() });
      else if (stars === null && this.is('name') && next?.kind === 'operator' && next.value === '=') {
        const name = this.expect('name');
        this.at++;
        names.push({ name, of: this.expression() });
      } else if (names.length > 0) throw new Error('an argument by place after one by name');
      else places.push({ spread: stars === '*', of: this.expression() });
    });
    return { places, names };
  }

  /** Names may have dots, as those of filters and tests of extensions do. */
  private dotted(): string {
    let name = this.expect('name');
    while (this.take('operator', '.') !== null) name += `.${this.expect('name')}`;
    return name;
  }

  /** `name` or `name(arguments)` after a bar. */
  protected filter(of: Expression): Expression {
    const name = this.dotted();
    const filter = filterOf(name);
    const given = this.is('operator', '(') ? this.arguments() : noArguments;
    return this.step((scope) => {
      const value = of(scope);
      const { args, keywords } = give(given, scope);
      return filter(value, args, keywords);
    });
  }

  private test(of: Expression): Expression {
    const isNegated = this.take('name', 'not') !== null;
    const name = this.dotted();
    const test = testOf(name);
    const given = this.is('operator', '(') ? this.arguments() : this.bareArgument();
    return this.step((scope) => {
      const value = of(scope);
      const { args, keywords } = give(given, scope);
      if (keywords.size > 0) throw new Unsupported(`the test ${name} with names`);
      return test(value, args) !== isNegated;
    });
  }

  /** A test may take one argument without brackets. */
  private bareArgument(): Arguments {
    const isOne =
      ['string', 'integer', 'float'].some((kind) => this.is(kind as TokenKind)) ||
      this.is('operator', '[', '{') ||
      (this.is('name') && !this.is('name', 'else', 'or', 'and', 'is', 'not', 'in', 'if'));
    if (!isOne) return noArguments;
    return { places: [{ spread: false, of: this.postfix(this.primary()) }], names: [] };
  }

  protected filtersAndTests(start: Expression): Expression {
    let value = start;
    for (;;) {
      if (this.take('operator', '|') !== null) value = this.filter(value);
      else if (this.take('name', 'is') !== null) value = this.test(value);
      else if (this.is('operator', '(')) value = this.calling(value);
      else return value;
    }
  }
}
