/**
 * @file IEEE half precision (f16) and bfloat16 (bf16) to and from float32, one value or a whole array at a time.
 * Narrowing rounds to nearest, ties to even, as PyTorch and NumPy do; overflow gives infinity, NaN stays NaN.
 * 16-bit values travel as Uint16Array bit patterns: Float16Array is missing from Node 20 and from Chrome before 135.
 */

/** float32 bit pattern of every f16 bit pattern: 256 KiB, built on first use. */
let float32BitsOfHalf: Uint32Array | undefined;

const scratchFloat = new Float32Array(1);
const scratchBits = new Uint32Array(scratchFloat.buffer);

/** The bits rather than the number: writing a signalling NaN through a float would quieten it. */
function widenHalfBits(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (mantissa << 13)) >>> 0;
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (mantissa << 13)) >>> 0;
  // Subnormal: mantissa * 2^-24, which float32 holds exactly.
  scratchFloat[0] = mantissa * 2 ** -24;
  return (sign | (scratchBits[0] ?? 0)) >>> 0;
}

function halfTable(): Uint32Array {
  float32BitsOfHalf ??= Uint32Array.from({ length: 0x10000 }, (_, half) => widenHalfBits(half));
  return float32BitsOfHalf;
}

/** Rounds float32 bits to f16 bits. */
function narrowToHalf(bits: number): number {
  const sign = (bits >>> 16) & 0x8000;
  const magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
  // 65520 is half-way between the largest f16 (65504) and what would be the next: ties go to infinity.
  if (magnitude >= 0x477ff000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    const rebiased = magnitude - 0x38000000;
    return sign | ((rebiased + 0xfff + ((rebiased >>> 13) & 1)) >>> 13);
  }
  // 2^-25 is half-way between 0 and the smallest subnormal: the tie goes to 0.
  if (magnitude <= 0x33000000) return sign;
  const shift = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const half = 1 << (shift - 1);
  const rest = mantissa & ((1 << shift) - 1);
  const kept = mantissa >>> shift;
  return sign | (kept + (rest > half || (rest === half && (kept & 1) === 1) ? 1 : 0));
}

/** Rounds float32 bits to bf16 bits. */
function narrowToBfloat(bits: number): number {
  // Rounding could carry a NaN over into infinity or -0: keep its top bits and set the quiet one.
  if ((bits & 0x7fffffff) > 0x7f800000) return (bits >>> 16) | 0x40;
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function bitsOf(value: number): number {
  scratchFloat[0] = value;
  return scratchBits[0] ?? 0;
}

function floatOf(bits: number): number {
  scratchBits[0] = bits;
  return scratchFloat[0] ?? 0;
}

/** Widens one f16 bit pattern, 0 to 0xffff. */
export function float16ToFloat32(bits: number): number {
  return floatOf(halfTable()[bits & 0xffff] ?? 0);
}

/** Finds the f16 bit pattern nearest to `value`, which is first rounded to float32. */
export function float32ToFloat16(value: number): number {
  return narrowToHalf(bitsOf(value));
}

/** Widens one bf16 bit pattern, 0 to 0xffff. */
export function bfloat16ToFloat32(bits: number): number {
  return floatOf((bits & 0xffff) << 16);
}

/** Finds the bf16 bit pattern nearest to `value`, which is first rounded to float32. */
export function float32ToBfloat16(value: number): number {
  return narrowToBfloat(bitsOf(value));
}

/** Views the bits of a float array, in place. */
function bitsView(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}

/** Widens f16 bit patterns into `target` (made if absent; same length) and returns it. */
export function float16ArrayToFloat32(source: Uint16Array, target = new Float32Array(source.length)): Float32Array {
  const table = halfTable();
  const bits = bitsView(target);
  for (let i = 0; i < source.length; i++) bits[i] = table[source[i] as number] as number;
  return target;
}

/** Widens bf16 bit patterns into `target` (made if absent; same length) and returns it. */
export function bfloat16ArrayToFloat32(source: Uint16Array, target = new Float32Array(source.length)): Float32Array {
  const bits = bitsView(target);
  for (let i = 0; i < source.length; i++) bits[i] = (source[i] as number) << 16;
  return target;
}

/** Rounds floats to f16 bit patterns in `target` (made if absent; same length) and returns it. */
export function float32ArrayToFloat16(source: Float32Array, target = new Uint16Array(source.length)): Uint16Array {
  const bits = bitsView(source);
  for (let i = 0; i < bits.length; i++) target[i] = narrowToHalf(bits[i] as number);
  return target;
}

/** Rounds floats to bf16 bit patterns in `target` (made if absent; same length) and returns it. */
export function float32ArrayToBfloat16(source: Float32Array, target = new Uint16Array(source.length)): Uint16Array {
  const bits = bitsView(source);
  for (let i = 0; i < bits.length; i++) target[i] = narrowToBfloat(bits[i] as number);
  return target;
}
