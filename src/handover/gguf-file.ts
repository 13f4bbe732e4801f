/**
 * @file Writes GGUF files, version 3 (ggml-org/ggml, docs/gguf.md): a header of typed keys, a table of tensors, and
 * their data, each tensor at a multiple of 32 bytes. Only what an adapter needs: strings, FLOAT32 keys, F32 and F16.
 */
import { invariant } from '../core/errors';

export type GgufValue = { readonly string: string } | { readonly float32: number };

export interface GgufTensor {
  readonly name: string;
  /** Row-major, outermost first, as in PyTorch; GGUF lists them innermost first. */
  readonly shape: readonly number[];
  /** F32 as numbers, F16 as bit patterns. */
  readonly data: Float32Array | Uint16Array;
}

const valueTypes = { float32: 6, string: 8 } as const;
const tensorTypes = { f32: 0, f16: 1 } as const;
const alignment = 32;
const version = 3;

const align = (bytes: number): number => Math.ceil(bytes / alignment) * alignment;

/** Little-endian numbers and length-prefixed strings, one after another. */
class HeaderWriter {
  readonly #parts: Uint8Array[] = [];

  #number(bytes: number, write: (view: DataView) => void): void {
    const part = new Uint8Array(bytes);
    write(new DataView(part.buffer));
    this.#parts.push(part);
  }

  uint32(value: number): void {
    this.#number(4, (view) => view.setUint32(0, value, true));
  }

  uint64(value: number): void {
    this.#number(8, (view) => view.setBigUint64(0, BigInt(value), true));
  }

  float32(value: number): void {
    this.#number(4, (view) => view.setFloat32(0, value, true));
  }

  string(text: string): void {
    const bytes = new TextEncoder().encode(text);
    this.uint64(bytes.byteLength);
    this.#parts.push(bytes);
  }

  /** What was written, filled up with zeros to the alignment. */
  aligned(): Uint8Array[] {
    const bytes = this.#parts.reduce((sum, part) => sum + part.byteLength, 0);
    return [...this.#parts, new Uint8Array(align(bytes) - bytes)];
  }
}

function writeHeader(keys: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Uint8Array[] {
  const header = new HeaderWriter();
  header.uint32(0x46554747); // "GGUF"
  header.uint32(version);
  header.uint64(tensors.length);
  header.uint64(Object.keys(keys).length);
  for (const [key, value] of Object.entries(keys)) {
    header.string(key);
    if ('string' in value) {
      header.uint32(valueTypes.string);
      header.string(value.string);
    } else {
      header.uint32(valueTypes.float32);
      header.float32(value.float32);
    }
  }
  let offset = 0;
  for (const { name, shape, data } of tensors) {
    header.string(name);
    header.uint32(shape.length);
    for (const size of [...shape].reverse()) header.uint64(size);
    header.uint32(data instanceof Float32Array ? tensorTypes.f32 : tensorTypes.f16);
    header.uint64(offset);
    offset += align(data.byteLength);
  }
  return header.aligned();
}

/**
 * Writes a GGUF file.
 * @param keys in the order in which they stand in the file
 * @param tensors in the order in which their data follows; names are distinct
 */
export function writeGguf(keys: Readonly<Record<string, GgufValue>>, tensors: readonly GgufTensor[]): Uint8Array {
  for (const { name, shape, data } of tensors) {
    const elements = shape.reduce((product, size) => product * size, 1);
    invariant(elements === data.length, `tensor ${name} has ${data.length} values for the shape [${shape.join(', ')}]`);
  }
  const header = writeHeader(keys, tensors);
  const headerBytes = header.reduce((sum, part) => sum + part.byteLength, 0);
  const file = new Uint8Array(headerBytes + tensors.reduce((sum, { data }) => sum + align(data.byteLength), 0));
  let offset = 0;
  for (const part of header) {
    file.set(part, offset);
    offset += part.byteLength;
  }
  for (const { data } of tensors) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += align(data.byteLength);
  }
  return file;
}
