/**
 * @file Where the names of a rendering live, and what it may use up: time, characters, values. A template is part of a
 * model from elsewhere, so it is stopped between any two steps when its time is over, and no step can take long,
 * because every value that a step makes is bounded.
 */
import type { Value } from './values';
import { isDict, isList, Tuple, Undefined } from './values';

/** What a rendering may use up; `stop` is called where it has. */
export interface Budget {
  readonly endsAt: number;
  readonly characters: number;
  /** Inside one list or dict, with those inside them, each as often as it is there. */
  readonly values: number;
  stop(reason: 'time' | 'characters', size: number): never;
}

export class Scope {
  private readonly names = new Map<string, Value>();

  constructor(
    readonly budget: Budget,
    private readonly parent: Scope | null = null,
  ) {}

  inner(): Scope {
    return new Scope(this.budget, this);
  }

  get(name: string): Value {
    const found = this.names.get(name);
    if (found !== undefined) return found;
    return this.parent ? this.parent.get(name) : new Undefined(name);
  }

  set(name: string, value: Value): void {
    this.names.set(name, value);
  }

  /** Passes on a value that a step has made, once it is known to be small enough. */
  made<T extends Value>(value: T): T {
    const { budget } = this;
    if (performance.now() > budget.endsAt) budget.stop('time', 0);
    if (typeof value === 'string' && value.length > budget.characters) budget.stop('characters', value.length);
    if (isList(value) || isDict(value) || value instanceof Tuple) this.#count(value);
    return value;
  }

  /** Counts as a printer would walk, so that what is shared counts each time. */
  #count(value: Value): void {
    const left: Value[] = [value];
    for (let count = 0; left.length > 0; count++) {
      const item = left.pop() as Value;
      const inside = isList(item) ? item : item instanceof Tuple ? item.items : isDict(item) ? [...item.values()] : [];
      if (count + left.length + inside.length > this.budget.values)
        throw new Error(`a list or object of more than ${this.budget.values} values`);
      for (const each of inside) left.push(each);
    }
  }
}
