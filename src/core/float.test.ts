/**
 * @file f16 and bf16 conversion, exhaustively: every 16-bit pattern against its definition, and rounding at, below and
 * above the middle of every two neighbours.
 */
import { describe, expect, it } from 'vitest';
import {
  bfloat16ArrayToFloat32,
  bfloat16ToFloat32,
  float16ArrayToFloat32,
  float16ToFloat32,
  float32ArrayToBfloat16,
  float32ArrayToFloat16,
  float32ToBfloat16,
  float32ToFloat16,
} from './float';

/** The number that a 16-bit float means, by IEEE 754's definition: sign, exponent, mantissa. */
function meaningOf(bits: number, mantissaBits: number): number {
  const exponentBits = 15 - mantissaBits;
  const bias = 2 ** (exponentBits - 1) - 1;
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits & 0x7fff) >> mantissaBits;
  const fraction = (bits & (2 ** mantissaBits - 1)) / 2 ** mantissaBits;
  if (exponent === 2 ** exponentBits - 1) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (exponent === 0 ? fraction * 2 ** (1 - bias) : (1 + fraction) * 2 ** (exponent - bias));
}

const allBits = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits);

/** The next float32 above a positive one. */
function above(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] ?? 0) + 1;
  return new Float32Array(bits.buffer)[0] ?? 0;
}

function below(value: number): number {
  const bits = new Uint32Array(Float32Array.of(value).buffer);
  bits[0] = (bits[0] ?? 0) - 1;
  return new Float32Array(bits.buffer)[0] ?? 0;
}

describe.each([
  {
    name: 'float16',
    mantissaBits: 10,
    widen: float16ToFloat32,
    narrow: float32ToFloat16,
    widenAll: float16ArrayToFloat32,
    narrowAll: float32ArrayToFloat16,
  },
  {
    name: 'bfloat16',
    mantissaBits: 7,
    widen: bfloat16ToFloat32,
    narrow: float32ToBfloat16,
    widenAll: bfloat16ArrayToFloat32,
    narrowAll: float32ArrayToBfloat16,
  },
])('$name', ({ mantissaBits, widen, narrow, widenAll, narrowAll }) => {
  const infinity = 0x7fff & ~(2 ** mantissaBits - 1);

  it('widens every pattern to what it means', () => {
    const wrong = [...allBits].filter((bits) => !Object.is(widen(bits), meaningOf(bits, mantissaBits)));
    expect(wrong).toEqual([]);
  });

  it('narrows every widened pattern back to itself; NaNs stay NaNs of the same sign', () => {
    for (const bits of allBits) {
      const back = narrow(widen(bits));
      if (Number.isNaN(widen(bits))) expect(Number.isNaN(widen(back))).toBe(true);
      else if (back !== bits) expect(back).toBe(bits);
    }
  });

  it('rounds to nearest, ties to even, over every two neighbours', () => {
    const wrong: number[] = [];
    for (let low = 0; low < infinity; low++) {
      // Beyond the last finite value the neighbour is where the next binade would begin.
      const next = low + 1 === infinity ? 2 ** (2 ** (14 - mantissaBits)) : widen(low + 1);
      const middle = Math.fround(widen(low) / 2 + next / 2);
      const even = low % 2 === 0 ? low : low + 1;
      const expected: [number, number][] = [[middle, even]];
      if (middle > 2 ** -149) expected.push([below(middle), low]);
      expected.push([above(middle), low + 1]);
      for (const [value, bits] of expected) {
        if (narrow(value) !== bits || narrow(-value) !== (bits | 0x8000)) wrong.push(value);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps signed zeros and infinities, and overflows to infinity', () => {
    expect([0, -0, Infinity, -Infinity, 3.4e38, -3.4e38].map(narrow)).toEqual([
      0,
      0x8000,
      infinity,
      infinity | 0x8000,
      ...(mantissaBits === 10 ? [infinity, infinity | 0x8000] : [narrow(3.4e38), narrow(-3.4e38)]),
    ]);
    expect(narrow(1e39)).toBe(infinity);
  });

  it('rounds what is far too small to a zero of its sign', () => {
    const smallest = widen(1);
    for (let value = smallest / 2; value > 0; value = Math.fround(value / 2))
      expect([value, narrow(value), narrow(-value)]).toEqual([value, 0, 0x8000]);
  });

  it('keeps every kind of NaN one, those that rounding would carry over or cut away too', () => {
    const bits = Uint32Array.of(0x7fffffff, 0x7f800001, 0x7fc00000, 0xffffffff, 0xff800001);
    const narrowed = narrowAll(new Float32Array(bits.buffer));
    expect([...narrowed].map((half) => Number.isNaN(widen(half)))).toEqual(Array(5).fill(true));
    expect([...narrowed].map((half) => half >> 15)).toEqual([0, 0, 0, 1, 1]);
  });

  it('converts arrays as it converts values', () => {
    const wide = widenAll(allBits);
    const wrong = [...allBits].filter((bits) => !Object.is(wide[bits], widen(bits)));
    expect(wrong).toEqual([]);
    const finite = wide.filter((value) => !Number.isNaN(value));
    expect(narrowAll(finite)).toEqual(Uint16Array.from(finite, narrow));
  });

  it('writes into a given part of an array', () => {
    const whole = new Float32Array(4).fill(9);
    widenAll(Uint16Array.of(narrow(1), narrow(-2)), whole.subarray(1, 3));
    expect([...whole]).toEqual([9, 1, -2, 9]);
    const target = new Uint16Array(3).fill(7);
    narrowAll(Float32Array.of(1, 2, 3).subarray(1, 2), target.subarray(1, 2));
    expect([...target]).toEqual([7, narrow(2), 7]);
  });
});

describe('against NumPy and PyTorch', () => {
  // numpy.float32(x).astype(numpy.float16).view(numpy.uint16), torch.tensor(x).bfloat16().view(torch.uint16)
  it.each([
    [1 / 3, 0x3555, 0x3eab],
    [65519.996, 0x7bff, 0x4780],
    [65520, 0x7c00, 0x4780],
    [5.9604645e-8, 0x0001, 0x3380],
    [2.9802322e-8, 0x0000, 0x3300],
    [2.9802326e-8, 0x0001, 0x3300],
    [6.1e-5, 0x03ff, 0x3880],
    [-1.00390625, 0xbc04, 0xbf80],
    [1.01171875, 0x3c0c, 0x3f82],
  ])('%f', (value, half, bfloat) => {
    expect([float32ToFloat16(value), float32ToBfloat16(value)]).toEqual([half, bfloat]);
  });
});
