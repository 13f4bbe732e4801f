/**
 * @file The storage buffers of one kernel: the tensors that it reads and writes, by the order in which it first names
 * them, and how an element of each is read.
 */
import type { DType } from '../core/dtype';
import type { Shape } from '../core/shape';
import type { Value } from '../graph/value';
import { lengthsBinding } from './kernel';

/** float16 and uint8 tensors are bound as words and unpacked; a bool is a word. */
const elementTypes: Readonly<Record<DType, string>> = {
  float32: 'f32',
  int32: 'i32',
  int64: 'i32',
  bool: 'u32',
  float16: 'u32',
  uint8: 'u32',
};

/** The type of an expression that stands for an element in a kernel. */
export function expressionType(dtype: DType): string {
  if (dtype === 'bool') return 'bool';
  if (dtype === 'uint8') return 'u32';
  return dtype === 'int32' ? 'i32' : 'f32';
}

/** Writes a number as WGSL has it, of the type of its elements. */
export function literal(value: number, dtype: DType): string {
  if (dtype === 'bool') return value === 0 ? 'false' : 'true';
  if (dtype === 'int32') return value === -(2 ** 31) ? 'i32(-2147483647 - 1)' : `${value}i`;
  const text = Math.fround(value).toString();
  return /[.e]/.test(text) ? `${text}f` : `${text}.0f`;
}

/** An input that cannot be written over: a kernel reads it at another place than it writes. */
export class NotInPlace extends Error {
  constructor(readonly input: Value) {
    super('not in place');
  }
}

/** What the compiler knows of a stage besides its graph. */
export interface StageTerms {
  /** The outputs that are written over an input, by it. */
  readonly inPlace: ReadonlyMap<Value, Value>;
  /** Sizes that kernels read from a buffer (`Stage.lengths`). */
  readonly lengths: readonly number[];
}

export const plainTerms: StageTerms = { inPlace: new Map(), lengths: [] };

export class Bindings {
  readonly reads: Value[] = [];
  /** float32 tensors that the kernel reads in vectors of four. */
  readonly #vectors = new Set<Value>();

  /** Where the result that is being written lies in its tensor. */
  place = '';

  #readsLengths = false;

  constructor(
    readonly writes: readonly Value[],
    private readonly terms: StageTerms = plainTerms,
  ) {}

  /** The values of the kernel's uniform buffer. */
  get lengths(): readonly number[] {
    return this.#readsLengths ? this.terms.lengths : [];
  }

  /** WGSL of a size, a u32: a number, or read where it is one of the stage's lengths. */
  size = (size: number): string => {
    const place = this.terms.lengths.indexOf(size);
    if (place < 0) return `${size}u`;
    this.#readsLengths = true;
    return `lengths[${place}]`;
  };

  /** WGSL of the number of elements of a shape. */
  sizeOf(shape: Shape): string {
    const fixed = shape.filter((dim) => !this.terms.lengths.includes(dim)).reduce((product, dim) => product * dim, 1);
    const read = shape.filter((dim) => this.terms.lengths.includes(dim)).map(this.size);
    return [...read, ...(fixed === 1 && read.length > 0 ? [] : [`${fixed}u`])].join(' * ');
  }

  /** The result that is written over a tensor; null where none is. */
  #over(value: Value): number | null {
    const output = this.terms.inPlace.get(value);
    return output === undefined ? null : this.writes.indexOf(output);
  }

  get count(): number {
    return this.reads.length + this.writes.length;
  }

  #nameOf(value: Value): string {
    let place = this.reads.indexOf(value);
    if (place < 0) place = this.reads.push(value) - 1;
    return `t${place}`;
  }

  /** Says, before any element of it is read, that a float32 tensor is read in vectors of four. */
  readInVectors(value: Value): void {
    if (value.dtype === 'float32') this.#vectors.add(value);
  }

  /** Reads four elements of a tensor named to `readInVectors`, from a place on that is a multiple of 4 and a name. */
  vector(value: Value, at: string): string {
    if (this.terms.inPlace.has(value)) throw new NotInPlace(value);
    const tensor = this.#nameOf(value);
    if (value.dtype !== 'float16') return `${tensor}[${at} / 4u]`;
    return `vec4f(unpack2x16float(${tensor}[${at} / 2u]), unpack2x16float(${tensor}[${at} / 2u + 1u]))`;
  }

  /** Reads the 32-bit word that holds a byte of a uint8 tensor. */
  word(value: Value, byte: string): string {
    return `${this.#nameOf(value)}[${byte} / 4u]`;
  }

  /** Reads the element at a place, which must be a name or a literal: it may stand in the expression twice. */
  element(value: Value, at: string): string {
    const over = this.#over(value);
    if (over !== null) {
      if (over < 0 || at !== this.place) throw new NotInPlace(value);
      return `y${over}[${at}]`;
    }
    const tensor = this.#nameOf(value);
    switch (value.dtype) {
      case 'float16':
        return `unpack2x16float(${tensor}[${at} / 2u])[${at} % 2u]`;
      case 'uint8':
        return `extractBits(${tensor}[${at} / 4u], (${at} % 4u) * 8u, 8u)`;
      case 'bool':
        return `${tensor}[${at}] != 0u`;
      default:
        return this.#vectors.has(value) ? `${tensor}[${at} / 4u][${at} % 4u]` : `${tensor}[${at}]`;
    }
  }

  /** Writes an element of the n-th result. */
  store(n: number, at: string, expression: string): string {
    const { dtype } = this.writes[n] as Value;
    return `y${n}[${at}] = ${dtype === 'bool' ? `select(0u, 1u, ${expression})` : expression};`;
  }

  /** Declares all buffers; to be called when the kernel's body is written. */
  declare(): string {
    const declareOne = (value: Value, i: number, name: string, access: string): string => {
      const type = access === 'read' && this.#vectors.has(value) ? 'vec4f' : elementTypes[value.dtype];
      return `@group(0) @binding(${i}) var<storage, ${access}> ${name}: array<${type}>;`;
    };
    return [
      ...this.reads.map((value, i) => declareOne(value, i, `t${i}`, 'read')),
      ...this.writes.map((value, i) => declareOne(value, this.reads.length + i, `y${i}`, 'read_write')),
      ...(this.#readsLengths ? [`@group(0) @binding(${lengthsBinding}) var<uniform> lengths: vec4u;`] : []),
    ].join('\n');
  }
}
