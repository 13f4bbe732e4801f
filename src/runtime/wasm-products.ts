/**
 * @file A faster matrix product for onnxruntime's WASM build (1.30). Its kernel takes two elements of the inner axis
 * between branches; V8 then loads sixteen vectors before it multiplies any, and has sixteen registers for all. Here a
 * branch follows each element, and up to four rows take eight columns: 1.6 times as fast, by the same multiplications
 * and additions in the same order, so the same bits. The two functions are known by their size and hash; of another
 * build all stays as it is.
 */

/** Parameters of the functions below, in the order of the runtime (MlasSgemmKernelZero and -Add in its source). */
const [A, B, C, K, M, N, lda, ldc, alpha] = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const parameters = 9;

interface KernelForm {
  readonly sizeBytes: number;
  readonly hash: number;
  /** Whether products are added to what is in C. */
  readonly adds: boolean;
}

const forms: readonly KernelForm[] = [
  { sizeBytes: 2040, hash: 0x3eacadd4, adds: false },
  { sizeBytes: 1922, hash: 0xca587132, adds: true },
];

/** FNV-1a, 32 bits. */
function hashOf(bytes: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** Unsigned LEB128. */
function leb(value: number): number[] {
  const bytes: number[] = [];
  do {
    bytes.push((value & 0x7f) | (value > 0x7f ? 0x80 : 0));
    value >>>= 7;
  } while (value > 0);
  return bytes;
}

const [i32, v128] = [0x7f, 0x7b];
const get = (local: number): number[] => [0x20, ...leb(local)];
const set = (local: number): number[] => [0x21, ...leb(local)];
const tee = (local: number): number[] => [0x22, ...leb(local)];
/** @param value from 0 to 63, or 64 to 8191 in two bytes: the sign is a bit of the last one */
const int = (value: number): number[] => [0x41, ...(value < 64 ? [value] : [(value & 0x7f) | 0x80, value >> 7])];
const [plus, minus, and, shiftLeft, isZero, isOther, atLeast] = [0x6a, 0x6b, 0x71, 0x74, 0x45, 0x47, 0x4f];
const [loop, when, end, back, giveBack] = [[0x03, 0x40], [0x04, 0x40], [0x0b], [0x0d, 0], [0x0f]];
const load = (offset: number): number[] => [0xfd, 0x00, 2, ...leb(offset)];
const loadEverywhere = [0xfd, 0x09, 2, 0];
const store = (offset: number): number[] => [0xfd, 0x0b, 2, ...leb(offset)];
const everywhere = [0xfd, 0x13];
const times = [0xfd, 0xe6, 0x01];
const sum = [0xfd, 0xe4, 0x01];
const zeros = [0xfd, 0x0c, ...new Array<number>(16).fill(0)];

/** Columns of a panel of B, which lies as [K, 16], and vectors of them. */
const [panel, panelVectors] = [16, 4];
/** Rows taken together, and vectors of columns: eight sums, and the registers suffice. */
const tiles = [
  { rows: 4, vectors: 2 },
  { rows: 3, vectors: 2 },
  { rows: 2, vectors: 4 },
];
const mostRows = 4;
const mostSums = 8;
/** Locals of the new part, after what the function has: of int32, then of vectors. */
const counted = mostRows + 3;
const vectorLocals = mostSums + panelVectors + mostRows + 1;

const times4 = [...int(2), shiftLeft];

/** Multiplies some rows of A [M, K] with all panels of B, and returns how many rows. */
function multiplyRows({ rows, vectors }: (typeof tiles)[number], adds: boolean, first: number): number[] {
  const row = (r: number): number => first + r;
  const [left, b, c] = [first + mostRows, first + mostRows + 1, first + mostRows + 2];
  const total = (r: number, j: number): number => first + counted + r * vectors + j;
  const column = (j: number): number => first + counted + mostSums + j;
  const factor = (r: number): number => first + counted + mostSums + panelVectors + r;
  const scale = first + counted + vectorLocals - 1;
  const [eachRow, eachVector] = [rows, vectors].map((count) => Array.from({ length: count }, (_, i) => i)) as [
    number[],
    number[],
  ];
  const part = (from: number): number[] => [
    ...eachRow.flatMap((r) =>
      (r === 0 ? get(A) : [...get(row(r - 1)), ...get(lda), ...times4, plus]).concat(set(row(r))),
    ),
    ...eachRow.flatMap((r) => eachVector.flatMap((j) => [...zeros, ...set(total(r, j))])),
    ...[...get(B), ...set(b), ...get(K), ...set(left), ...loop],
    ...eachVector.flatMap((j) => [...get(b), ...load(16 * (from + j)), ...set(column(j))]),
    ...eachRow.flatMap((r) => [
      ...[...get(row(r)), ...loadEverywhere, ...set(factor(r))],
      ...eachVector.flatMap((j) => [
        ...[...get(total(r, j)), ...get(factor(r)), ...get(column(j)), ...times, ...sum, ...set(total(r, j))],
      ]),
      ...[...get(row(r)), ...int(4), plus, ...set(row(r))],
    ]),
    ...[...get(b), ...int(4 * panel), plus, ...set(b)],
    ...[...get(left), ...int(1), minus, ...tee(left), ...back, ...end],
    ...eachRow.flatMap((r) => [
      ...(r === 0 ? get(C) : [...get(c), ...get(ldc), ...times4, plus]).concat(set(c)),
      ...eachVector.flatMap((j) => [
        ...[...get(c), ...(adds ? [...get(c), ...load(16 * (from + j))] : [])],
        ...[...get(scale), ...get(total(r, j)), ...times, ...(adds ? sum : []), ...store(16 * (from + j))],
      ]),
    ]),
  ];
  return [
    ...[...get(alpha), ...everywhere, ...set(scale), ...loop],
    ...Array.from({ length: panelVectors / vectors }, (_, i) => part(i * vectors)).flat(),
    ...[...get(B), ...get(K), ...int(6), shiftLeft, plus, ...set(B)],
    ...[...get(C), ...int(4 * panel), plus, ...set(C)],
    ...[...get(N), ...int(panel), minus, ...tee(N), ...back, ...end],
    ...[...int(rows), ...giveBack],
  ];
}

/** Reads numbers and functions of a WebAssembly module. */
class Reader {
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  leb(): number {
    let [value, factor, byte] = [0, 1, 0];
    do {
      byte = this.bytes[this.at++] as number;
      value += (byte & 0x7f) * factor;
      factor *= 128;
    } while (byte > 0x7f);
    return value;
  }
}

/** A function's body with the new part before the old one, which keeps single rows and odd widths. */
function hasten(body: Uint8Array, adds: boolean): Uint8Array {
  const reader = new Reader(body);
  const groups = reader.leb();
  const groupsAt = reader.at;
  let locals = parameters;
  for (let i = 0; i < groups; i++) {
    locals += reader.leb();
    reader.at++;
  }
  const isWhole = [...get(N), ...int(panel - 1), and, isZero, ...get(K), ...int(0), isOther, and];
  const added = tiles.flatMap((tile) => [
    ...[...get(M), ...int(tile.rows), atLeast, ...when, ...multiplyRows(tile, adds, locals), ...end],
  ]);
  return Uint8Array.from([
    ...[...leb(groups + 2), ...body.subarray(groupsAt, reader.at), counted, i32, vectorLocals, v128],
    ...[...isWhole, ...when, ...added, ...end, ...body.subarray(reader.at)],
  ]);
}

function join(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(parts.reduce((bytes, part) => bytes + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

const codeSection = 10;

/** Gives the runtime's module with the faster product; null where it is not the module that is known here. */
export function withFasterProducts(module: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const reader = new Reader(module);
  reader.at = 8;
  let [section, start, end] = [0, 0, 0];
  do {
    start = reader.at;
    section = module[reader.at++] as number;
    end = reader.leb() + reader.at;
    if (section !== codeSection) reader.at = end;
  } while (section !== codeSection && end < module.length);
  if (section !== codeSection) return null;
  const parts: Uint8Array[] = [];
  let from = reader.at;
  const count = reader.leb();
  const found = new Set<KernelForm>();
  for (let i = 0; i < count; i++) {
    const sizeAt = reader.at;
    const size = reader.leb();
    const body = module.subarray(reader.at, reader.at + size);
    reader.at += size;
    const form = forms.find(({ sizeBytes, hash }) => sizeBytes === size && hash === hashOf(body));
    if (!form) continue;
    const faster = hasten(body, form.adds);
    parts.push(module.subarray(from, sizeAt), Uint8Array.from(leb(faster.length)), faster);
    from = reader.at;
    found.add(form);
  }
  if (found.size < forms.length) return null;
  const code = join([...parts, module.subarray(from, end)]);
  const head = Uint8Array.from([codeSection, ...leb(code.length)]);
  return join([module.subarray(0, start), head, code, module.subarray(end)]);
}
