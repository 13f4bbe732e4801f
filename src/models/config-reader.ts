/**
 * @file Reads typed fields out of a config.json, of transformers 4 or 5. A field of the wrong type, or an option that
 * would change the numbers and is not supported, is refused by name.
 */
import { UserError } from '../core/errors';

export class ConfigReader {
  /** @param path of the object inside config.json, e.g. `rope_scaling.`, for messages */
  constructor(
    private readonly config: Readonly<Record<string, unknown>>,
    private readonly path = '',
  ) {}

  /** null counts as absent, as in transformers. */
  #get(key: string): unknown {
    return this.config[key] ?? undefined;
  }

  fail(key: string, wanted: string): never {
    throw new UserError(
      `config.json: \`${this.path}${key}\` is ${JSON.stringify(this.config[key]) ?? 'missing'}; it must be ${wanted}.`,
    );
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  string(key: string): string {
    const value = this.#get(key);
    return typeof value === 'string' ? value : this.fail(key, 'a string');
  }

  number(key: string, fallback?: number): number {
    const value = this.#get(key) ?? fallback;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.fail(key, 'a number');
  }

  positive(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    return value > 0 ? value : this.fail(key, 'above 0');
  }

  /** A number above 0; absent takes the fallback, an explicit null means none. */
  optionalPositive(key: string, fallback: number | null): number | null {
    if (this.config[key] === null || (fallback === null && !this.has(key))) return null;
    return this.positive(key, fallback ?? undefined);
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.#get(key) ?? fallback;
    return typeof value === 'boolean' ? value : this.fail(key, 'true or false');
  }

  /** A positive integer. */
  size(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    return Number.isInteger(value) && value > 0 ? value : this.fail(key, 'a positive integer');
  }

  /** An integer of 0 or more. */
  count(key: string, fallback: number): number {
    const value = this.number(key, fallback);
    return Number.isInteger(value) && value >= 0 ? value : this.fail(key, 'an integer of 0 or more');
  }

  /** A positive integer; absent takes the fallback, an explicit null means none. */
  optionalSize(key: string, fallback: number | null): number | null {
    if (this.config[key] === null || (fallback === null && !this.has(key))) return null;
    return this.size(key, fallback ?? undefined);
  }

  /** A divisor of `whole`; absent takes the fallback, an explicit null means `whole` itself. */
  divisorOf(whole: number, key: string, fallback: number): number {
    const value = this.optionalSize(key, fallback) ?? whole;
    return whole % value === 0 ? value : this.fail(key, `a divisor of ${whole}`);
  }

  /** One of the values supported. */
  choice<Choice extends string>(key: string, fallback: Choice, choices: readonly Choice[]): Choice {
    const value = this.#get(key) ?? fallback;
    const found = choices.find((choice) => choice === value);
    return (
      found ??
      this.fail(
        key,
        `${choices.map((choice) => JSON.stringify(choice)).join(' or ')}, ${choices.length > 1 ? 'the values' : 'the only value'} supported`,
      )
    );
  }

  /** Refuses every value of an option but the one that Airlock computes, which is also the default. */
  mustBe(key: string, wanted: boolean | null): void {
    const value = this.#get(key) ?? wanted;
    if (value !== wanted) this.fail(key, `${wanted === null ? 'absent' : wanted}, the only value supported`);
  }

  /** A list of `length` entries or more, of which the first `length` are taken; null where it is absent. */
  list<Item>(key: string, length: number, isItem: (value: unknown) => value is Item, items: string): Item[] | null {
    if (!this.has(key)) return null;
    const value = this.#get(key);
    if (!Array.isArray(value) || value.length < length) this.fail(key, `a list of ${length} ${items}`);
    const taken = value.slice(0, length) as unknown[];
    return taken.every(isItem) ? taken : this.fail(key, `a list of ${items}`);
  }

  /** An object inside; null where it is absent. */
  section(key: string): ConfigReader | null {
    const value = this.#get(key);
    if (value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) this.fail(key, 'an object');
    return new ConfigReader(value as Record<string, unknown>, `${this.path}${key}.`);
  }
}
