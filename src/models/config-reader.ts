/**
 * @file Reads typed fields out of a config.json, of transformers 4 or 5. A field of the wrong type, or an option that
 * would change the numbers and is not supported, is refused by name.
 */
import { UserError } from '../core/errors';
import { shortJson } from '../core/json';
import { message, type Sayable } from '../messages/message';
import { configLimits, type Limit, type LimitedKey } from './config-limits';

/**
 * Reads options out of config.json. Each method throws a UserError that names the option, its value and what it must
 * be.
 */
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

  fail(key: string, wanted: Sayable): never {
    const value = this.config[key] === undefined ? 'missing' : shortJson(this.config[key]);
    throw new UserError('configValueBad', { key: this.path + key, value, wanted });
  }

  has(key: string): boolean {
    return this.#get(key) !== undefined;
  }

  string(key: string): string {
    const value = this.#get(key);
    return typeof value === 'string' ? value : this.fail(key, message('aText'));
  }

  /** A number within its limits. */
  number(key: LimitedKey, fallback?: number): number {
    const value = this.#get(key) ?? fallback;
    if (typeof value !== 'number' || !Number.isFinite(value)) return this.fail(key, message('aNumber'));
    // What transformers takes where the file is silent is no business of the limits.
    const { least, most }: Limit = configLimits[key];
    const isWithin = (value >= least && value <= most) || !this.has(key);
    return isWithin ? value : this.fail(key, message('withinLimits', { least, most }));
  }

  /** A number within its limits; absent takes the fallback, an explicit null means none. */
  optionalNumber(key: LimitedKey, fallback: number | null): number | null {
    if (this.config[key] === null || (fallback === null && !this.has(key))) return null;
    return this.number(key, fallback ?? undefined);
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.#get(key) ?? fallback;
    return typeof value === 'boolean' ? value : this.fail(key, message('trueOrFalse'));
  }

  /** An integer within its limits. */
  size(key: LimitedKey, fallback?: number): number {
    const value = this.number(key, fallback);
    return Number.isInteger(value) ? value : this.fail(key, message('wholeNumber'));
  }

  /** An integer within its limits; absent takes the fallback, an explicit null means none. */
  optionalSize(key: LimitedKey, fallback: number | null): number | null {
    if (this.config[key] === null || (fallback === null && !this.has(key))) return null;
    return this.size(key, fallback ?? undefined);
  }

  /** A divisor of `whole`; absent takes the fallback, an explicit null means `whole` itself. */
  divisorOf(whole: number, key: LimitedKey, fallback: number): number {
    const value = this.optionalSize(key, fallback) ?? whole;
    return whole % value === 0 ? value : this.fail(key, message('divisorOf', { whole }));
  }

  /** One of the values supported. */
  choice<Choice extends string>(key: string, fallback: Choice, choices: readonly Choice[]): Choice {
    const value = this.#get(key) ?? fallback;
    const found = choices.find((choice) => choice === value);
    const values = choices
      .map((choice): Sayable => JSON.stringify(choice))
      .reduce((first, second) => message('valuesEither', { first, second }));
    return found ?? this.fail(key, message(choices.length > 1 ? 'valuesSupported' : 'onlyValue', { values }));
  }

  /** Refuses every value of an option but the one that Airlock computes, which is also the default. */
  mustBe(key: string, wanted: boolean | null): void {
    const value = this.#get(key) ?? wanted;
    if (value !== wanted) {
      const values = wanted === null ? message('isAbsent') : String(wanted);
      this.fail(key, message('onlyValue', { values }));
    }
  }

  /** A list of `length` entries or more, of which the first `length` are taken; null where it is absent. */
  list<Item>(key: string, length: number, isItem: (value: unknown) => value is Item, items: Sayable): Item[] | null {
    if (!this.has(key)) return null;
    const value = this.#get(key);
    if (!Array.isArray(value) || value.length < length)
      this.fail(key, message('listOfCount', { count: length, items }));
    const taken = value.slice(0, length) as unknown[];
    return taken.every(isItem) ? taken : this.fail(key, message('listOf', { items }));
  }

  /** An object inside; null where it is absent. */
  section(key: string): ConfigReader | null {
    const value = this.#get(key);
    if (value === undefined) return null;
    if (typeof value !== 'object' || Array.isArray(value)) this.fail(key, message('anObject'));
    return new ConfigReader(value as Record<string, unknown>, `${this.path}${key}.`);
  }
}
