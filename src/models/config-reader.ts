/**
 * @file Reads typed fields out of a config.json, of transformers 4 or 5. A field of the wrong type, or an option that
 * would change the numbers and is not supported, is refused by name.
 */
import { UserError } from '../core/errors';

export class ConfigReader {
  constructor(private readonly config: Readonly<Record<string, unknown>>) {}

  /** null counts as absent, as in transformers. */
  #get(key: string): unknown {
    return this.config[key] ?? undefined;
  }

  #fail(key: string, wanted: string): never {
    throw new UserError(`config.json: \`${key}\` is ${JSON.stringify(this.config[key])}; it must be ${wanted}.`);
  }

  string(key: string): string {
    const value = this.#get(key);
    return typeof value === 'string' ? value : this.#fail(key, 'a string');
  }

  number(key: string, fallback?: number): number {
    const value = this.#get(key) ?? fallback;
    return typeof value === 'number' && Number.isFinite(value) ? value : this.#fail(key, 'a number');
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.#get(key) ?? fallback;
    return typeof value === 'boolean' ? value : this.#fail(key, 'true or false');
  }

  /** A positive integer. */
  size(key: string, fallback?: number): number {
    const value = this.number(key, fallback);
    return Number.isInteger(value) && value > 0 ? value : this.#fail(key, 'a positive integer');
  }

  /** A positive integer; absent takes the fallback, an explicit null means none. */
  optionalSize(key: string, fallback: number): number | null {
    return this.config[key] === null ? null : this.size(key, fallback);
  }

  evenSize(key: string, fallback: number): number {
    const value = this.size(key, fallback);
    return value % 2 === 0 ? value : this.#fail(key, 'even, because rotary positions turn pairs of dimensions');
  }

  divisorOf(whole: number, key: string, fallback: number): number {
    const value = this.size(key, fallback);
    return whole % value === 0 ? value : this.#fail(key, `a divisor of ${whole}`);
  }

  mustBe(key: string, wanted: string): void {
    const value = this.#get(key);
    if (value !== undefined && value !== wanted) this.#fail(key, `"${wanted}", the only value supported`);
  }

  /** transformers 5 keeps rope_theta in rope_parameters, transformers 4 at the top beside rope_scaling. */
  ropeTheta(fallback: number): number {
    for (const key of ['rope_parameters', 'rope_scaling']) {
      const rope = this.#get(key);
      if (rope === undefined) continue;
      if (typeof rope !== 'object') this.#fail(key, 'an object');
      const { rope_type, type, rope_theta } = rope as Record<string, unknown>;
      const kind = rope_type ?? type ?? 'default';
      if (kind !== 'default') {
        throw new UserError(`config.json: \`${key}\` asks for rope type ${JSON.stringify(kind)}; only "default" is supported.`);
      }
      if (typeof rope_theta === 'number' && rope_theta > 0) return rope_theta;
    }
    return this.number('rope_theta', fallback);
  }
}
