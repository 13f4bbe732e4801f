/**
 * @file Looks through a Parquet file before hyparquet reads it, which takes the file at its word: lists, runs and pages
 * as long as they say they are, until the tab is out of memory. Here nothing is made that the bytes do not hold: the
 * thrift structures' lists fit into what is left of them, and values, runs, prefixes and unpacked bytes are counted.
 * Not here: what the values are.
 */
import type { ColumnMetaData, Compressors, FileMetaData, PageHeader } from 'hyparquet';
import { readVarInt } from 'hyparquet/src/thrift.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { readRleBitPackedHybrid } from 'hyparquet/src/encoding.js';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressPage } from 'hyparquet/src/datapage.js';
import { getMaxDefinitionLevel, getMaxRepetitionLevel, getSchemaPath } from 'hyparquet/src/schema.js';
import { UserError } from '../../core/errors';
import { maxFileBytes, maxRows } from './table-limits';

/** Elements of a schema: pandas writes three for a column of lists, and a table has a thousand columns at most. */
export const maxSchemaElements = 4000;
/** Structures inside each other; Parquet's own go five deep. */
const maxThriftDepth = 24;
/** Values of all columns together, those of lists one by one: the rows at 25 columns. */
export const maxParquetValues = 25 * maxRows;

/** Why a file's inner structure cannot be right. */
export class BrokenParquet extends Error {}

/** Walks over a thrift structure (compact protocol); nothing of it is made. */
class ThriftWalk {
  constructor(
    private readonly view: DataView,
    private offset: number,
  ) {}

  private byte(): number {
    if (this.offset >= this.view.byteLength) throw new BrokenParquet();
    return this.view.getUint8(this.offset++);
  }

  /** A varint's value, or more than any file has bytes. */
  private varint(): number {
    let [value, factor] = [0, 1];
    for (let count = 0; count < 10; count++, factor *= 128) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
    throw new BrokenParquet();
  }

  private skip(bytes: number): void {
    if (bytes > this.view.byteLength - this.offset) throw new BrokenParquet();
    this.offset += bytes;
  }

  private element(type: number, depth: number): void {
    if (type === 3) return this.skip(1);
    if (type >= 4 && type <= 6) return void this.varint();
    if (type === 7) return this.skip(8);
    if (type === 8) return this.skip(this.varint());
    if (type === 12) return this.struct(depth + 1);
    if (type !== 9) throw new BrokenParquet();
    const head = this.byte();
    const size = head >> 4 === 15 ? this.varint() : head >> 4;
    const inner = head & 0x0f;
    // Each item takes a byte at least.
    if (size > this.view.byteLength - this.offset || depth > maxThriftDepth) throw new BrokenParquet();
    for (let i = 0; i < size; i++) this.element(inner === 1 || inner === 2 ? 3 : inner, depth + 1);
  }

  struct(depth = 0): void {
    if (depth > maxThriftDepth) throw new BrokenParquet();
    for (let head = this.byte(); (head & 0x0f) !== 0; head = this.byte()) {
      if (head >> 4 === 0) this.varint();
      const type = head & 0x0f;
      if (type > 2) this.element(type, depth);
    }
  }
}

/** @throws BrokenParquet for a structure whose lists and texts are longer than what is left of the bytes */
const checkThrift = (view: DataView, offset: number): void => new ThriftWalk(view, offset).struct();

/**
 * Checks the footer, which is read whole.
 * @throws BrokenParquet
 */
export function checkFooter(file: ArrayBuffer): void {
  const view = new DataView(file);
  if (view.byteLength < 12) throw new BrokenParquet();
  const start = view.byteLength - 8 - view.getUint32(view.byteLength - 8, true);
  if (start < 0) throw new BrokenParquet();
  checkThrift(new DataView(file, start, view.byteLength - 8 - start), 0);
}

type Reader = { view: DataView; offset: number };

const isCount = (value: unknown): value is number => Number.isInteger(value) && (value as number) >= 0;
const bitsOf = (level: number): number => 32 - Math.clz32(level);

/**
 * Goes through the runs of one stream of levels or indices as the reader will, without making them.
 * @throws BrokenParquet for a run of more than the values that there are, which the reader would write out
 */
function checkRuns({ view, offset }: Reader, width: number, values: number): void {
  const reader = { view, offset };
  for (let seen = 0; seen < values;) {
    const header = readVarInt(reader) >>> 0;
    const count = header & 1 ? (header >>> 1) * 8 : header >>> 1;
    if (count === 0 || count > values + 8) throw new BrokenParquet();
    seen += count;
    reader.offset += header & 1 ? Math.ceil((count * width) / 8) : (width + 7) >> 3;
  }
}

/** Counts what a file holds, over all its pages. */
class Tally {
  private values = 0;
  private bytes = 0;

  constructor(private readonly file: string) {}

  addValues(count: unknown): void {
    if (!isCount(count)) throw new BrokenParquet();
    this.values += count;
    if (this.values > maxParquetValues)
      throw new UserError('tooManyValues', { file: this.file, limit: maxParquetValues });
  }

  addBytes(count: unknown): void {
    if (!isCount(count)) throw new BrokenParquet();
    this.bytes += count;
    if (this.bytes > maxFileBytes)
      throw new UserError('unpackedTooLarge', { file: this.file, limit: maxFileBytes / 2 ** 20 });
  }
}

interface Column {
  readonly meta: ColumnMetaData;
  readonly maxRepetition: number;
  readonly maxDefinition: number;
  readonly compressors: Compressors;
}

/** Reads one stream of levels, whose runs are checked first; how many are at the highest level. */
function countAtMost(reader: Reader, most: number, values: number, length?: number): number {
  const start = { ...reader, offset: reader.offset + (length === undefined ? 4 : 0) };
  checkRuns(start, bitsOf(most), values);
  const levels = new Array<number>(values);
  readRleBitPackedHybrid(reader, bitsOf(most), levels, length);
  return levels.reduce((count, level) => count + (level === most ? 1 : 0), 0);
}

/** Checks what the values of a page, present ones only, would be written out to. */
function checkValues(reader: Reader, encoding: string, { meta }: Column, values: number, tally: Tally): void {
  if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    const width = values === 0 ? 0 : reader.view.getUint8(reader.offset++);
    if (width > 32) throw new BrokenParquet();
    if (width > 0) checkRuns(reader, width, values);
  } else if (encoding === 'RLE') checkRuns({ ...reader, offset: reader.offset + 4 }, 1, values);
  else if (encoding === 'DELTA_BYTE_ARRAY' && values > 0) {
    // Each value may repeat all of the one before it: what they come to is the sum of prefixes and suffixes.
    for (let part = 0; part < 2; part++) {
      const lengths = new Int32Array(values);
      deltaBinaryUnpack(reader, values, lengths);
      tally.addBytes(lengths.reduce((sum, length) => (length < 0 ? Infinity : sum + length), 0));
    }
  } else if (encoding === 'BYTE_STREAM_SPLIT' && meta.type === 'FIXED_LEN_BYTE_ARRAY') throw new BrokenParquet();
}

function checkDataPage(bytes: Uint8Array, header: PageHeader, column: Column, tally: Tally): void {
  const { meta, maxRepetition, maxDefinition, compressors } = column;
  const unpack = (packed: Uint8Array, size: number): Reader => {
    const page = decompressPage(packed, size, meta.codec, compressors);
    return { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: 0 };
  };
  const { data_page_header: v1, data_page_header_v2: v2 } = header;
  if (v1) {
    tally.addValues(v1.num_values);
    const reader = unpack(bytes, header.uncompressed_page_size);
    if (maxRepetition > 0) countAtMost(reader, maxRepetition, v1.num_values);
    const present = maxDefinition > 0 ? countAtMost(reader, maxDefinition, v1.num_values) : v1.num_values;
    return checkValues(reader, v1.encoding, column, present, tally);
  }
  if (!v2) throw new BrokenParquet();
  const { repetition_levels_byte_length: repetition, definition_levels_byte_length: definition } = v2;
  tally.addValues(v2.num_values);
  if (![repetition, definition, v2.num_nulls].every(isCount) || v2.num_nulls > v2.num_values) throw new BrokenParquet();
  const levels = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength), offset: 0 };
  if (maxRepetition > 0) countAtMost(levels, maxRepetition, v2.num_values, repetition);
  levels.offset = repetition;
  if (maxDefinition > 0) countAtMost(levels, maxDefinition, v2.num_values, definition);
  const packed = bytes.subarray(repetition + definition);
  const size = header.uncompressed_page_size - repetition - definition;
  if (!isCount(size)) throw new BrokenParquet();
  const reader = v2.is_compressed && meta.codec !== 'UNCOMPRESSED' ? unpack(packed, size) : null;
  const plain = { view: new DataView(packed.buffer, packed.byteOffset, packed.byteLength), offset: 0 };
  checkValues(reader ?? plain, v2.encoding, column, v2.num_values - v2.num_nulls, tally);
}

/** Goes through the pages of one column chunk. */
function checkColumn(file: ArrayBuffer, column: Column, tally: Tally): void {
  const { meta } = column;
  const start = Number(meta.dictionary_page_offset || meta.data_page_offset);
  const length = Number(meta.total_compressed_size);
  if (!isCount(start) || !isCount(length) || start + length > file.byteLength) throw new BrokenParquet();
  const reader = { view: new DataView(file, start, length), offset: 0 };
  while (reader.offset < length - 1) {
    checkThrift(reader.view, reader.offset);
    const header = parquetHeader(reader);
    const size = header.compressed_page_size;
    if (!isCount(size) || size > length - reader.offset) throw new BrokenParquet();
    tally.addBytes(header.uncompressed_page_size);
    const bytes = new Uint8Array(file, start + reader.offset, size);
    if (header.type === 'DICTIONARY_PAGE') tally.addValues(header.dictionary_page_header?.num_values);
    else checkDataPage(bytes, header, column, tally);
    reader.offset += size;
  }
}

/**
 * Checks all pages against the limits and against what their bytes hold.
 * @throws BrokenParquet, UserError with the limit, or an error of a decompressor
 */
export function checkPages(
  file: ArrayBuffer,
  { schema, row_groups: groups, num_rows: rows }: FileMetaData,
  compressors: Compressors,
  name: string,
): void {
  const counts = [Number(rows), groups.reduce((sum, group) => sum + Number(group.num_rows), 0)];
  const most = Math.max(...counts);
  if (most > maxRows) throw new UserError('tooManyRows', { file: name, rows: String(most), limit: maxRows });
  if (!counts.every(isCount) || schema.length > maxSchemaElements) throw new BrokenParquet();
  const tally = new Tally(name);
  for (const { columns } of groups)
    for (const { meta_data: meta } of columns) {
      if (!meta) throw new BrokenParquet();
      const path = getSchemaPath(schema, meta.path_in_schema);
      const [maxRepetition, maxDefinition] = [getMaxRepetitionLevel(path), getMaxDefinitionLevel(path)];
      checkColumn(file, { meta, maxRepetition, maxDefinition, compressors }, tally);
    }
}
