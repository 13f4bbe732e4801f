/**
 * @file Seeded random numbers: xoshiro128** (Blackman and Vigna 2018) seeded by splitmix32.
 * The same seed gives the same stream on every machine; it is not the stream of PyTorch or NumPy.
 */

/** Spreads the seeds of items apart: 2^32 over the golden ratio. */
const itemStride = 0x9e3779b9;

/** A seeded generator: the same seed gives the same numbers everywhere. */
export class Random {
  readonly #state = new Uint32Array(4);
  #spareNormal: number | null = null;

  /** @param seed any integer; its low 32 bits count. */
  constructor(seed: number) {
    let z = seed >>> 0;
    for (let i = 0; i < 4; i++) {
      z = (z + 0x9e3779b9) >>> 0;
      let mixed = z;
      mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
      this.#state[i] = (mixed ^ (mixed >>> 15)) >>> 0;
    }
  }

  /** The generator of one of many items under a common seed: items side by side draw nothing alike. */
  static ofItem(seed: number, item: number): Random {
    return new Random(seed + Math.imul(item, itemStride));
  }

  /** Draws a 32-bit unsigned integer, uniformly. */
  nextUint32(): number {
    const s = this.#state;
    const [s0, s1, s2, s3] = s as unknown as [number, number, number, number];
    const product = Math.imul(s1, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const t2 = s2 ^ s0;
    const t3 = s3 ^ s1;
    s[1] = s1 ^ t2;
    s[0] = s0 ^ t3;
    s[2] = t2 ^ (s1 << 9);
    s[3] = (t3 << 11) | (t3 >>> 21);
    return result;
  }

  /** Draws a number in [0, 1) with 53 bits, uniformly. */
  uniform(): number {
    return ((this.nextUint32() >>> 5) * 67108864 + (this.nextUint32() >>> 6)) / 9007199254740992;
  }

  /** Draws an integer in [0, bound), uniformly. */
  integer(bound: number): number {
    return Math.floor(this.uniform() * bound);
  }

  /** Draws from the standard normal distribution, by Box and Muller. */
  normal(): number {
    if (this.#spareNormal !== null) {
      const spare = this.#spareNormal;
      this.#spareNormal = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    const angle = 2 * Math.PI * this.uniform();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /** Returns the items in random order (Fisher and Yates), in a new array. */
  shuffled<T>(items: readonly T[]): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(i + 1);
      [result[i], result[j]] = [result[j] as T, result[i] as T];
    }
    return result;
  }
}
