/**
 * @file safetensors files: u64-LE header length N, N bytes of JSON, data. The reader accepts and refuses what
 * safetensors 0.8 (`tensor.rs`) does, except that it also refuses equal tensor names and integers above 2^53, which
 * JavaScript cannot keep. It reads the header alone; tensors are read one at a time. The writer writes float32 and
 * gives the bytes that Python's `safetensors` gives for the same tensors.
 */
import { UserError, invariant } from '../core/errors';
import { message, type Message } from '../messages/message';
import { bfloat16ArrayToFloat32, float16ArrayToFloat32 } from '../core/float';
import type { ByteSource } from './byte-source';
import { OtherNumber, StrictJsonError, parseStrictJson } from './strict-json';
import type { StrictJson } from './strict-json';

/** Bits of one element of each dtype. */
const bitsPerElement = {
  BOOL: 8,
  F4: 4,
  F6_E2M3: 6,
  F6_E3M2: 6,
  U8: 8,
  I8: 8,
  F8_E5M2: 8,
  F8_E4M3: 8,
  F8_E8M0: 8,
  F8_E4M3FNUZ: 8,
  F8_E5M2FNUZ: 8,
  I16: 16,
  U16: 16,
  F16: 16,
  BF16: 16,
  I32: 32,
  U32: 32,
  F32: 32,
  F64: 64,
  I64: 64,
  U64: 64,
  C64: 64,
} as const;

export type SafetensorsDtype = keyof typeof bitsPerElement;

/** The most bytes of a header, which is read and parsed as a whole: the reference's own limit. */
export const maxHeaderBytes = 100_000_000;

/** Bytes of the pieces in which a tensor is converted, so that a large one is in memory once, not twice. */
const readChunkBytes = 64 * 1024 * 1024;

export interface TensorInfo {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  /** Where the tensor begins, in bytes from the start of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

export interface SafetensorsHeader {
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  readonly metadata: ReadonlyMap<string, string>;
}

function broken(source: ByteSource, reason: Message): UserError {
  return new UserError('safetensorsBroken', { file: source.name, reason });
}

/** Reads the header's JSON text, and finds the place where the data begins. */
async function readHeaderText(source: ByteSource): Promise<{ text: string; dataStart: number }> {
  if (source.sizeBytes < 8) throw broken(source, message('headerCut', { bytes: source.sizeBytes }));
  const prefix = await source.read(0, 8);
  const headerBytes = new DataView(prefix.buffer, prefix.byteOffset, 8).getBigUint64(0, true);
  if (headerBytes > BigInt(maxHeaderBytes)) {
    throw broken(source, message('headerLengthHuge', { bytes: String(headerBytes), limit: maxHeaderBytes }));
  }
  const dataStart = 8 + Number(headerBytes);
  if (dataStart > source.sizeBytes) {
    throw broken(source, message('headerBeyondFile', { bytes: String(headerBytes), all: source.sizeBytes }));
  }
  const bytes = await source.read(8, Number(headerBytes));
  try {
    // ignoreBOM keeps a byte order mark in the text, where the JSON parser refuses it as the reference does.
    return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes), dataStart };
  } catch {
    throw broken(source, message('headerNotUtf8'));
  }
}

function parseHeaderJson(source: ByteSource, text: string): Map<string, StrictJson> {
  try {
    const header = parseStrictJson(text);
    if (header instanceof Map) return header;
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    throw broken(source, message('headerNotJson', { reason: error.message }));
  }
  throw broken(source, message('headerNotObject'));
}

function parseMetadata(source: ByteSource, value: StrictJson | undefined): Map<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined || value === null) return metadata;
  if (!(value instanceof Map)) throw broken(source, message('metadataNotObject'));
  for (const [key, entry] of value) {
    if (typeof entry !== 'string') throw broken(source, message('metadataNotText', { key: JSON.stringify(key) }));
    metadata.set(key, entry);
  }
  return metadata;
}

/** A list of non-negative integers, or what is wrong with the first thing in it that is none. */
function parseSizes(value: StrictJson | undefined): number[] | Message {
  if (!Array.isArray(value)) return message('sizesMissing');
  const sizes: number[] = [];
  for (const item of value) {
    if (item instanceof OtherNumber) return message('sizeNotInteger', { value: item.text });
    if (typeof item !== 'number') return message('sizeNotNumber', { value: JSON.stringify(item) });
    if (item < 0) return message('sizeNegative', { value: String(item) });
    sizes.push(item);
  }
  return sizes;
}

function isDtype(value: unknown): value is SafetensorsDtype {
  return typeof value === 'string' && Object.hasOwn(bitsPerElement, value);
}

/** Bytes of a tensor, or why there is no such number. */
function byteLengthOf(dtype: SafetensorsDtype, dims: readonly number[]): number | Message {
  const shape = dims.join(', ');
  let elements = 1;
  for (const size of dims) {
    elements *= size;
    if (!Number.isSafeInteger(elements)) return message('tensorTooLarge', { shape });
  }
  const bits = elements * bitsPerElement[dtype];
  if (!Number.isSafeInteger(bits)) return message('tensorTooLarge', { shape });
  if (bits % 8 !== 0) return message('tensorOddBits', { bits, dtype, shape });
  return bits / 8;
}

/** One tensor's entry; offsets in it are from `dataStart`. */
function parseTensor(source: ByteSource, name: string, entry: StrictJson, dataStart: number): TensorInfo {
  const fail = (fault: Message): never => {
    throw broken(source, message('tensorFault', { tensor: JSON.stringify(name), fault }));
  };
  if (!(entry instanceof Map)) return fail(message('entryNotObject'));
  const dtype = entry.get('dtype');
  if (!isDtype(dtype)) {
    return fail(
      dtype === undefined ? message('dtypeMissing') : message('dtypeUnknown', { dtype: JSON.stringify(dtype) }),
    );
  }
  const shape = parseSizes(entry.get('shape'));
  if (!Array.isArray(shape)) return fail(message('shapeFault', { fault: shape }));
  const offsets = parseSizes(entry.get('data_offsets'));
  if (!Array.isArray(offsets)) return fail(message('offsetsFault', { fault: offsets }));
  const [begin, end, more] = offsets;
  if (begin === undefined || end === undefined || more !== undefined) {
    return fail(message('offsetsCount', { count: offsets.length }));
  }
  const byteLength = byteLengthOf(dtype, shape);
  if (typeof byteLength !== 'number') return fail(byteLength);
  if (end - begin !== byteLength) {
    return fail(message('tensorSpanWrong', { begin, end, dtype, shape: shape.join(', '), bytes: byteLength }));
  }
  return { name, dtype, shape, byteOffset: dataStart + begin, byteLength };
}

/** Checks that the tensors fill the data without hole or overlap, to the last byte. */
function checkCoverage(source: ByteSource, tensors: Iterable<TensorInfo>, dataStart: number): void {
  const ordered = [...tensors].sort((a, b) => a.byteOffset - b.byteOffset || a.byteLength - b.byteLength);
  let reached = dataStart;
  for (const tensor of ordered) {
    if (tensor.byteOffset !== reached) {
      const code = tensor.byteOffset > reached ? 'tensorHole' : 'tensorOverlap';
      const fault = message(code, { begin: tensor.byteOffset, wanted: reached });
      throw broken(source, message('tensorFault', { tensor: JSON.stringify(tensor.name), fault }));
    }
    reached += tensor.byteLength;
  }
  if (reached !== source.sizeBytes) {
    throw broken(source, message('dataEndsWrong', { end: reached, bytes: source.sizeBytes }));
  }
}

/**
 * Reads and checks the header; tensor data is not touched.
 * @throws UserError with the rule that the file breaks.
 */
export async function readSafetensorsHeader(source: ByteSource): Promise<SafetensorsHeader> {
  const { text, dataStart } = await readHeaderText(source);
  const json = parseHeaderJson(source, text);
  const metadata = parseMetadata(source, json.get('__metadata__'));
  const tensors = new Map<string, TensorInfo>();
  for (const [name, entry] of json) {
    if (name !== '__metadata__') tensors.set(name, parseTensor(source, name, entry, dataStart));
  }
  checkCoverage(source, tensors.values(), dataStart);
  return { tensors, metadata };
}

/** Describes some rows of a tensor as a tensor of their own. */
export function rowsOf(info: TensorInfo, start: number, count: number): TensorInfo {
  const [rows = 1, ...rest] = info.shape;
  const rowBytes = info.byteLength / rows;
  return {
    ...info,
    shape: [count, ...rest],
    byteOffset: info.byteOffset + start * rowBytes,
    byteLength: count * rowBytes,
  };
}

/** Views bytes as 16-bit words; copies them where they are not aligned to two. */
function wordsOf(bytes: Uint8Array): Uint16Array {
  const aligned = bytes.byteOffset % 2 === 0 ? bytes : bytes.slice();
  return new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 2);
}

/**
 * Reads a tensor's values in row-major order, into an array of the caller's own. F32 (bit for bit), F16 and BF16 are
 * read; infinities and NaNs are kept.
 * @throws UserError for any other dtype
 */
export async function readTensorAsFloat32(source: ByteSource, info: TensorInfo): Promise<Float32Array> {
  const { dtype, byteLength } = info;
  if (dtype !== 'F32' && dtype !== 'F16' && dtype !== 'BF16') {
    throw new UserError('tensorDtypeUnread', { tensor: JSON.stringify(info.name), file: source.name, dtype });
  }
  const bytesPerElement = bitsPerElement[dtype] / 8;
  const values = new Float32Array(byteLength / bytesPerElement);
  for (let done = 0; done < byteLength; done += readChunkBytes) {
    const bytes = await source.read(info.byteOffset + done, Math.min(readChunkBytes, byteLength - done));
    const target = values.subarray(done / bytesPerElement, (done + bytes.byteLength) / bytesPerElement);
    if (dtype === 'F32') new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(bytes);
    else if (dtype === 'F16') float16ArrayToFloat32(wordsOf(bytes), target);
    else bfloat16ArrayToFloat32(wordsOf(bytes), target);
  }
  return values;
}

export interface TensorToWrite {
  name: string;
  shape: readonly number[];
  data: Float32Array;
}

/** Rust orders strings by UTF-8 bytes, JavaScript's sort by UTF-16 units; code points agree with UTF-8. */
function compareAsUtf8(a: string, b: string): number {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** A tensor as the header of a file to be written names it. */
export interface HeaderEntry {
  readonly name: string;
  readonly dtype: SafetensorsDtype;
  readonly shape: readonly number[];
  readonly byteLength: number;
}

/**
 * Writes all that comes before the data: the length, and the JSON padded with spaces to a multiple of 8 bytes. Keys are
 * in the reference writer's order.
 * @param entries in the order of their data
 */
export function headerBytes(entries: readonly HeaderEntry[], metadata: Readonly<Record<string, string>>): Uint8Array {
  const members: string[] = [];
  if (Object.keys(metadata).length > 0) members.push(`"__metadata__":${JSON.stringify(metadata)}`);
  let offset = 0;
  for (const { name, dtype, shape, byteLength } of entries) {
    const end = offset + byteLength;
    members.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const json = new TextEncoder().encode(`{${members.join(',')}}`);
  const length = Math.ceil(json.byteLength / 8) * 8;
  const bytes = new Uint8Array(8 + length).fill(0x20, 8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length), true);
  bytes.set(json, 8);
  return bytes;
}

/**
 * Writes a safetensors file of float32 tensors, sorted by name (the reference sorts by dtype first, and all are the
 * same here); the header is padded with spaces to a multiple of 8 bytes.
 */
export function writeSafetensors(
  tensors: readonly TensorToWrite[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const sorted = [...tensors].sort((a, b) => compareAsUtf8(a.name, b.name));
  for (const [i, { name, shape, data }] of sorted.entries()) {
    const elements = shape.reduce((product, size) => product * size, 1);
    invariant(elements === data.length, `tensor ${name} has ${data.length} values for the shape [${shape.join(', ')}]`);
    invariant(name !== '__metadata__' && sorted[i + 1]?.name !== name, `tensor name ${name} is reserved or used twice`);
  }
  const header = headerBytes(
    sorted.map(({ name, shape, data }) => ({ name, dtype: 'F32', shape, byteLength: data.byteLength })),
    metadata,
  );
  const file = new Uint8Array(header.byteLength + sorted.reduce((sum, { data }) => sum + data.byteLength, 0));
  file.set(header);
  let offset = header.byteLength;
  for (const { data } of sorted) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset);
    offset += data.byteLength;
  }
  return file;
}
