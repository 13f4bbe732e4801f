/**
 * @file The statements of a kernel as nested loops, with names for expressions: each expression is computed once, in
 * the outermost loop that knows all it is made of.
 */

interface Scope {
  readonly lines: string[];
  /** Names that stand for what may differ from turn to turn. */
  readonly names: Set<string>;
  readonly known: Map<string, string>;
}

const newScope = (names: readonly string[] = []): Scope => ({ lines: [], names: new Set(names), known: new Map() });

const isName = (expression: string): boolean => /^[A-Za-z_]\w*$/.test(expression) || /^[\d.]+[uif]$/.test(expression);

export class Scopes {
  #scopes: Scope[] = [newScope()];
  #count = 0;

  /** @param prefix of the names made here, where several bodies share a block of the kernel */
  constructor(private readonly prefix = 'e') {}

  get lines(): readonly string[] {
    return (this.#scopes[0] as Scope).lines;
  }

  newName(): string {
    return `${this.prefix}${this.#count++}`;
  }

  #wordsOf(expression: string): string[] {
    return expression.split(/\W+/);
  }

  /** The innermost scope whose names an expression is made of; 0 is the kernel itself. */
  #depthOf(expression: string): number {
    const words = this.#wordsOf(expression);
    for (let depth = this.#scopes.length - 1; depth > 0; depth--)
      if (words.some((word) => this.#scopes[depth]?.names.has(word))) return depth;
    return 0;
  }

  /** Whether an expression may differ within a loop that is open. */
  isInLoop(expression: string): boolean {
    return this.#depthOf(expression) > 0;
  }

  /** Gives an expression a name, once. */
  name = (expression: string): string => {
    if (isName(expression)) return expression;
    const depth = this.#depthOf(expression);
    const scope = this.#scopes[depth] as Scope;
    const known = scope.known.get(expression);
    if (known !== undefined) return known;
    const name = this.newName();
    scope.known.set(expression, name);
    scope.names.add(name);
    scope.lines.push(`let ${name} = ${expression};`);
    return name;
  };

  /**
   * Writes a loop into the scope that is open.
   * @param head `for (...) {` over a variable, which `variable` names
   * @param build returns the statements that end a turn; the names that it needs are computed before them
   */
  loop(variable: string, head: string, build: () => readonly string[]): void {
    const scope = newScope([variable]);
    const outer = this.#scopes.at(-1) as Scope;
    this.#scopes.push(scope);
    const end = build();
    this.#scopes.pop();
    outer.lines.push(head, ...scope.lines, ...end, '}');
  }

  /** Writes statements into the scope that is open, and says that they declare a name. */
  declare(name: string, statement: string): void {
    const scope = this.#scopes.at(-1) as Scope;
    scope.names.add(name);
    scope.lines.push(statement);
  }

  write(...statements: readonly string[]): void {
    (this.#scopes.at(-1) as Scope).lines.push(...statements);
  }

  /** Writes what `build` writes into the kernel itself, before the loops that are open. */
  outside<T>(build: () => T): T {
    const inner = this.#scopes;
    this.#scopes = inner.slice(0, 1);
    try {
      return build();
    } finally {
      this.#scopes = inner;
    }
  }
}
