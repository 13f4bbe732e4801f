/**
 * @file Jinja's statements, parsed to functions that write: a template in the subset that chat templates use, with the
 * meaning that jinja2 3.1 gives it in transformers' environment. What it cannot do as Python does, it refuses.
 */
import type { Arguments, Expression } from './expressions';
import { call, ExpressionParser, give } from './expressions';
import { lex } from './lex';
import type { Scope } from './scope';
import type { Callable, Value } from './values';
import { areEqual, Computed, isTrue, iterate, Namespace, text, Tuple, Undefined, Unsupported } from './values';

/** How a block ended: at its end, or by a loop control. What it wrote until then counts. */
type Ending = 'end' | 'break' | 'continue';

/** Gathers what is written. */
class Output {
  #text = '';

  constructor(private readonly scope: Scope) {}

  write(more: string): void {
    this.#text = this.scope.made(this.#text + more);
  }

  get text(): string {
    return this.#text;
  }
}

type Statement = (scope: Scope, output: Output) => Ending;

function runAll(statements: readonly Statement[], scope: Scope, output: Output): Ending {
  for (const statement of statements) {
    const ending = statement(scope, output);
    if (ending !== 'end') return ending;
  }
  return 'end';
}

/** What a block writes, as a text. */
function captured(statements: readonly Statement[], scope: Scope): string {
  const output = new Output(scope);
  if (runAll(statements, scope, output) !== 'end') throw new Error("a loop control outside of its loop's body");
  return output.text;
}

/** Puts a value into the names of a target. */
type Assign = (scope: Scope, value: Value) => void;

interface Parameter {
  readonly name: string;
  readonly fallback: Expression | null;
}

/** What `loop` tells of a round. */
function loopOf(items: readonly Value[], at: number, changes: { last: Value | null }): Computed {
  const cycle: Callable = (args) => {
    if (args.length === 0) throw new Error('no items for cycling given');
    return args[at % args.length] as Value;
  };
  const changed: Callable = (args) => {
    const value = new Tuple(args);
    const isOther = changes.last === null || !areEqual(changes.last, value);
    changes.last = value;
    return isOther;
  };
  const neighbour = (index: number, which: string): Value => items[index] ?? new Undefined(`there is no ${which} item`);
  const attributes: Readonly<Record<string, () => Value>> = {
    index: () => BigInt(at + 1),
    index0: () => BigInt(at),
    revindex: () => BigInt(items.length - at),
    revindex0: () => BigInt(items.length - at - 1),
    first: () => at === 0,
    last: () => at === items.length - 1,
    length: () => BigInt(items.length),
    previtem: () => (at === 0 ? new Undefined('there is no previous item') : neighbour(at - 1, 'previous')),
    nextitem: () => neighbour(at + 1, 'next'),
    // Of recursive loops alone, which are refused.
    depth: () => 1n,
    depth0: () => 0n,
    cycle: () => cycle,
    changed: () => changed,
  };
  return new Computed((name) => (Object.hasOwn(attributes, name) ? attributes[name]?.() : undefined));
}

class TemplateParser extends ExpressionParser {
  /** Whether a loop is around, whose body a `break` or `continue` may stand in. */
  #inLoop = false;

  /** Statements up to a tag of one of these names, whose `{%` and name are taken. */
  block(...ends: readonly string[]): { statements: Statement[]; end: string } {
    const statements: Statement[] = [];
    while (this.at < this.tokens.length) {
      const written = this.take('text');
      if (written !== null) statements.push((_, output) => (output.write(written), 'end'));
      else if (this.take('begin', '{{') !== null) statements.push(this.print());
      else {
        this.expect('begin', '{%');
        const name = this.expect('name');
        if (ends.includes(name)) return { statements, end: name };
        statements.push(this.#statement(name));
      }
    }
    if (ends.length > 0) throw new Error(`${ends.join(' or ')} is missing`);
    return { statements, end: '' };
  }

  private print(): Statement {
    const of = this.tuple();
    this.expect('end', '{{');
    return (scope, output) => (output.write(text(of(scope))), 'end');
  }

  #statement(name: string): Statement {
    switch (name) {
      case 'for':
        return this.#for();
      case 'if':
        return this.#if();
      case 'set':
        return this.#set();
      case 'macro':
        return this.#macro();
      case 'call':
        return this.#call();
      case 'filter':
        return this.#filter();
      case 'with':
        return this.#with();
      case 'generation':
        return this.#generation();
      case 'break':
      case 'continue':
        if (!this.#inLoop) throw new Error(`${name} outside of a loop`);
        this.expect('end');
        return () => name;
      case 'block':
      case 'include':
      case 'import':
      case 'from':
      case 'extends':
      case 'print':
      case 'autoescape':
        throw new Unsupported(`the statement ${name}`);
      default:
        throw new Error(`Encountered unknown tag '${name}'.`);
    }
  }

  /** A body up to its end tag, which is taken whole. */
  #body(end: string): Statement[] {
    this.expect('end');
    const { statements } = this.block(end);
    this.expect('end');
    return statements;
  }

  /** Parses a part outside of the loop around, which `break` cannot leave. */
  #outsideLoop<T>(parse: () => T): T {
    const before = this.#inLoop;
    this.#inLoop = false;
    const parsed = parse();
    this.#inLoop = before;
    return parsed;
  }

  /** One name, or several in a row; an attribute of a namespace where it is allowed. */
  #target(withNamespace: boolean): Assign {
    const one = (): Assign => {
      if (this.take('operator', '(') !== null) {
        const inner = this.#target(false);
        this.expect('operator', ')');
        return inner;
      }
      const name = this.expect('name');
      if (!withNamespace || this.take('operator', '.') === null) return (scope, value) => scope.set(name, value);
      const attribute = this.expect('name');
      this.seen.add(name);
      return (scope, value) => {
        const namespace = scope.get(name);
        if (!(namespace instanceof Namespace)) throw new Error('cannot assign attribute on non-namespace object');
        namespace.attributes.set(attribute, value);
      };
    };
    const targets = [one()];
    let isTuple = false;
    while (this.take('operator', ',') !== null) {
      isTuple = true;
      if (this.is('operator', '=') || this.is('name', 'in')) break;
      targets.push(one());
    }
    if (!isTuple) return targets[0] as Assign;
    return (scope, value) => {
      const items = iterate(value);
      if (items.length !== targets.length)
        throw new Error(`${items.length} values are given for ${targets.length} names`);
      targets.forEach((assign, i) => assign(scope, items[i] as Value));
    };
  }

  #for(): Statement {
    const assign = this.#target(false);
    this.expect('name', 'in');
    const of = this.tuple(() => this.or());
    const test = this.take('name', 'if') === null ? null : this.expression();
    if (this.is('name', 'recursive')) throw new Unsupported('a recursive loop');
    this.expect('end');
    const around = this.#inLoop;
    this.#inLoop = true;
    const { statements, end } = this.block('else', 'endfor');
    this.#inLoop = around;
    const otherwise = end === 'else' ? this.#body('endfor') : (this.expect('end'), []);
    return (scope, output) => {
      const items = iterate(of(scope)).filter((item) => {
        if (!test) return true;
        const own = scope.inner();
        assign(own, item);
        return isTrue(test(own));
      });
      const changes = { last: null };
      let isThrough = false;
      for (const [at, item] of items.entries()) {
        const round = scope.inner();
        round.set('loop', loopOf(items, at, changes));
        assign(round, item);
        scope.made(null);
        const ending = runAll(statements, round, output);
        if (ending === 'end') isThrough = true;
        if (ending === 'break') break;
      }
      // As jinja2 has it, `else` is for loops of which no round came to its end.
      return isThrough ? 'end' : runAll(otherwise, scope.inner(), output);
    };
  }

  #if(): Statement {
    const branches: { test: Expression; statements: Statement[] }[] = [];
    let end = 'elif';
    while (end === 'elif') {
      const test = this.tuple();
      this.expect('end');
      const block = this.block('elif', 'else', 'endif');
      branches.push({ test, statements: block.statements });
      ({ end } = block);
    }
    if (end === 'else') branches.push({ test: () => true, statements: this.#body('endif') });
    else this.expect('end');
    return (scope, output) => {
      const branch = branches.find(({ test }) => isTrue(test(scope)));
      return branch ? runAll(branch.statements, scope, output) : 'end';
    };
  }

  #set(): Statement {
    const assign = this.#target(true);
    if (this.take('operator', '=') !== null) {
      const of = this.tuple();
      this.expect('end');
      return (scope) => (assign(scope, of(scope)), 'end');
    }
    let written = '';
    let value: Expression = () => written;
    while (this.take('operator', '|') !== null) value = this.filter(value);
    const statements = this.#outsideLoop(() => this.#body('endset'));
    return (scope) => {
      written = captured(statements, scope.inner());
      assign(scope, value(scope));
      return 'end';
    };
  }

  #parameters(): Parameter[] {
    this.expect('operator', '(');
    const parameters: Parameter[] = [];
    while (this.take('operator', ')') === null) {
      if (parameters.length > 0) this.expect('operator', ',');
      const name = this.expect('name');
      const fallback = this.take('operator', '=') === null ? null : this.expression();
      if (!fallback && parameters.at(-1)?.fallback) throw new Error('non-default argument follows default argument');
      parameters.push({ name, fallback });
    }
    return parameters;
  }

  /** Parses a body whose reading of `caller`, `varargs` and `kwargs` decides what it is given. */
  #callable(name: string, parameters: readonly Parameter[], end: string): (scope: Scope) => Callable {
    const around = this.seen;
    this.seen = new Set();
    const statements = this.#outsideLoop(() => this.#body(end));
    const reads = this.seen;
    this.seen = new Set([...around, ...reads]);
    const takes = (special: string): boolean => reads.has(special) && parameters.every((each) => each.name !== special);
    return (scope) => (args, keywords) => {
      const own = scope.inner();
      const left = new Map(keywords);
      const caller = left.get('caller');
      if (takes('caller')) {
        own.set('caller', caller ?? new Undefined('caller'));
        left.delete('caller');
      }
      parameters.forEach(({ name: parameter, fallback }, i) => {
        const given = args[i] ?? (i < args.length ? null : left.get(parameter));
        if (i >= args.length) left.delete(parameter);
        own.set(parameter, given ?? (given === null ? null : (fallback?.(own) ?? new Undefined(parameter))));
      });
      if (takes('kwargs')) own.set('kwargs', new Map(left));
      else if (left.size > 0) throw new Error(`macro '${name}' takes no keyword argument '${[...left.keys()][0]}'`);
      if (takes('varargs')) own.set('varargs', new Tuple(args.slice(parameters.length)));
      else if (args.length > parameters.length)
        throw new Error(`macro '${name}' takes not more than ${parameters.length} argument(s)`);
      return captured(statements, own);
    };
  }

  #macro(): Statement {
    const name = this.expect('name');
    const make = this.#callable(name, this.#parameters(), 'endmacro');
    return (scope) => (scope.set(name, make(scope)), 'end');
  }

  #call(): Statement {
    const parameters = this.is('operator', '(') ? this.#parameters() : [];
    const name = this.expect('name');
    this.seen.add(name);
    const callee: Expression = (scope) => scope.get(name);
    if (this.is('operator', '.', '[')) throw new Unsupported('a call of an attribute');
    const given: Arguments = this.arguments();
    const make = this.#callable('caller', parameters, 'endcall');
    return (scope, output) => {
      const { args, keywords } = give(given, scope);
      keywords.set('caller', make(scope));
      output.write(text(call(callee(scope), args, keywords)));
      return 'end';
    };
  }

  #filter(): Statement {
    let written = '';
    let value: Expression = this.filter(() => written);
    while (this.take('operator', '|') !== null) value = this.filter(value);
    const statements = this.#outsideLoop(() => this.#body('endfilter'));
    return (scope, output) => {
      written = captured(statements, scope.inner());
      output.write(text(value(scope)));
      return 'end';
    };
  }

  #with(): Statement {
    const names: { assign: Assign; of: Expression }[] = [];
    while (!this.is('end')) {
      if (names.length > 0) this.expect('operator', ',');
      const name = this.expect('name');
      this.expect('operator', '=');
      names.push({ assign: (scope, value) => scope.set(name, value), of: this.expression() });
    }
    const statements = this.#body('endwith');
    return (scope, output) => {
      const own = scope.inner();
      for (const { assign, of } of names) assign(own, of(scope));
      return runAll(statements, own, output);
    };
  }

  /** transformers' own tag: marks what the assistant says; only its text counts here. */
  #generation(): Statement {
    const statements = this.#outsideLoop(() => this.#body('endgeneration'));
    return (scope, output) => (output.write(captured(statements, scope.inner())), 'end');
  }
}

/** A template that was read. */
export type Template = (scope: Scope) => string;

/**
 * Reads a template.
 * @throws Error for what Jinja cannot read either, Unsupported for what is not done here
 */
export function parseTemplate(source: string): Template {
  const { statements } = new TemplateParser(lex(source)).block();
  return (scope) => captured(statements, scope);
}
