/**
 * @file The streams of random numbers: those of an implementation in big integers by the papers' formulas, since runs,
 * splits and answers repeat by their seeds; and the moments of what is drawn from them.
 */
import { describe, expect, it } from 'vitest';
import { Random } from './random';

const mask = 0xffffffffn;
const rotate = (x: bigint, by: bigint): bigint => ((x << by) | (x >> (32n - by))) & mask;

/** xoshiro128** 1.1 (Blackman and Vigna) with the state that splitmix32 gives. */
function* reference(seed: number): Generator<number> {
  let z = BigInt(seed) & mask;
  const s = [0, 1, 2, 3].map(() => {
    z = (z + 0x9e3779b9n) & mask;
    let mixed = ((z ^ (z >> 16n)) * 0x21f0aaadn) & mask;
    mixed = ((mixed ^ (mixed >> 15n)) * 0x735a2d97n) & mask;
    return mixed ^ (mixed >> 15n);
  }) as [bigint, bigint, bigint, bigint];
  for (;;) {
    yield Number((rotate((s[1] * 5n) & mask, 7n) * 9n) & mask);
    const t = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate(s[3], 11n);
  }
}

describe('the stream', () => {
  it.each([0, 1, 42, -7, 2 ** 31, 2 ** 32 + 42])('of seed %i is that of xoshiro128**', (seed) => {
    const random = new Random(seed);
    const wanted = reference(seed);
    for (let i = 0; i < 200; i++) expect(random.nextUint32()).toBe(wanted.next().value);
  });

  it('gives uniform numbers 53 bits, of two draws', () => {
    const random = new Random(3);
    const bits = reference(3);
    const next = (): number => bits.next().value as number;
    for (let i = 0; i < 100; i++) {
      const [high, low] = [next(), next()];
      expect(random.uniform()).toBe(((high >>> 5) * 2 ** 26 + (low >>> 6)) / 2 ** 53);
    }
  });

  it('gives normal numbers by Box and Muller, two of two uniform ones', () => {
    const [random, uniform] = [new Random(4), new Random(4)];
    for (let i = 0; i < 50; i++) {
      const [u, v] = [uniform.uniform(), uniform.uniform()];
      const radius = Math.sqrt(-2 * Math.log(1 - u));
      expect(random.normal()).toBe(radius * Math.cos(2 * Math.PI * v));
      expect(random.normal()).toBe(radius * Math.sin(2 * Math.PI * v));
    }
  });
});

describe('what is drawn', () => {
  const count = 20_000;
  const draw = (of: (random: Random) => number): number[] => {
    const random = new Random(5);
    return Array.from({ length: count }, () => of(random));
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

  it('integers are below their bound and all of them come equally often', () => {
    const seen = [0, 0, 0, 0, 0, 0, 0];
    for (const value of draw((random) => random.integer(7))) seen[value]!++;
    expect(seen.length).toBe(7);
    // Five standard deviations.
    for (const times of seen) expect(Math.abs(times - count / 7)).toBeLessThan(5 * Math.sqrt((count * 6) / 49));
  });

  it('normal numbers have mean 0 and variance 1', () => {
    const values = draw((random) => random.normal());
    expect(Math.abs(mean(values))).toBeLessThan(5 / Math.sqrt(count));
    expect(Math.abs(mean(values.map((value) => value ** 2)) - 1)).toBeLessThan(5 * Math.sqrt(2 / count));
  });

  it('a shuffled list has its items, each in each place equally often, and the given list stays', () => {
    const items = ['a', 'b', 'c', 'd'] as const;
    const random = new Random(6);
    const places = items.map(() => [0, 0, 0, 0]);
    for (let i = 0; i < 4000; i++) {
      const shuffled = random.shuffled(items);
      expect([...shuffled].sort()).toEqual(['a', 'b', 'c', 'd']);
      shuffled.forEach((item, place) => places[items.indexOf(item)]![place]!++);
    }
    expect(items).toEqual(['a', 'b', 'c', 'd']);
    for (const times of places.flat()) expect(Math.abs(times - 1000)).toBeLessThan(5 * Math.sqrt((4000 * 3) / 16));
  });
});
