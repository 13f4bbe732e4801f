/**
 * @file Changes to a Parquet file by its structure: numbers, lists and texts of the footer and of the page headers, all
 * lengths around them set right, so that a reader goes on to what was changed. The structures are thrift's compact
 * protocol, read here into a tree without knowing what their fields mean.
 */
import type { Dice } from './mutate';

interface Field {
  readonly id: number;
  readonly type: number;
  value: Value;
}
interface List {
  readonly type: number;
  items: Value[];
}
/** Numbers are varints as they lie, zigzag and all. */
type Value = bigint | boolean | Uint8Array | Struct | List;
interface Struct {
  fields: Field[];
}

class Reading {
  constructor(
    private readonly bytes: Uint8Array,
    public at: number,
  ) {}

  private byte(): number {
    return this.bytes[this.at++] ?? 0;
  }

  private varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  private take(length: number): Uint8Array {
    return this.bytes.slice(this.at, (this.at += length));
  }

  private value(type: number): Value {
    if (type === 1 || type === 2) return type === 1;
    if (type === 3) return this.take(1);
    if (type <= 6) return this.varint();
    if (type === 7) return this.take(8);
    if (type === 8) return this.take(Number(this.varint()));
    if (type === 12) return this.struct();
    const head = this.byte();
    const size = head >> 4 === 15 ? Number(this.varint()) : head >> 4;
    const inner = head & 0x0f;
    return { type: inner, items: Array.from({ length: size }, () => this.value(inner <= 2 ? 3 : inner)) };
  }

  struct(): Struct {
    const fields: Field[] = [];
    let id = 0;
    for (let head = this.byte(); head !== 0; head = this.byte()) {
      id = head >> 4 === 0 ? Number(this.varint() >> 1n) : id + (head >> 4);
      const type = head & 0x0f;
      fields.push({ id, type, value: this.value(type) });
    }
    return { fields };
  }
}

class Writing {
  readonly bytes: number[] = [];

  private varint(value: bigint): void {
    for (let rest = value; ; rest >>= 7n) {
      this.bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
      if (rest <= 0x7fn) return;
    }
  }

  private value(type: number, value: Value): void {
    if (typeof value === 'bigint') this.varint(value);
    else if (value instanceof Uint8Array) {
      if (type === 8) this.varint(BigInt(value.length));
      this.bytes.push(...value);
    } else if (typeof value === 'object' && 'fields' in value) this.struct(value);
    else if (typeof value === 'object') {
      const { length } = value.items;
      this.bytes.push((Math.min(length, 15) << 4) | value.type);
      if (length >= 15) this.varint(BigInt(length));
      for (const item of value.items) this.value(value.type <= 2 ? 3 : value.type, item);
    }
  }

  struct({ fields }: Struct): void {
    let before = 0;
    for (const { id, type, value } of fields) {
      const [kind, step] = [typeof value === 'boolean' ? (value ? 1 : 2) : type, id - before];
      // As other writers do, so that what is not changed has its length.
      this.bytes.push(step > 0 && step < 16 ? (step << 4) | kind : kind);
      if (step <= 0 || step >= 16) this.varint(BigInt(id) << 1n);
      this.value(type, value);
      before = id;
    }
    this.bytes.push(0);
  }
}

const write = (struct: Struct): number[] => {
  const writing = new Writing();
  writing.struct(struct);
  return writing.bytes;
};

type Place = { readonly type: number; get: Value; readonly set: (value: Value) => void; readonly drop: () => void };

/** Every field and item below a structure. */
function placesIn(struct: Struct, found: Place[] = []): Place[] {
  const add = (type: number, get: Value, set: (value: Value) => void, drop: () => void): void => {
    found.push({ type, get, set, drop });
    if (typeof get !== 'object' || get instanceof Uint8Array) return;
    if ('fields' in get) placesIn(get, found);
    else
      get.items.forEach((item, index) =>
        add(
          get.type,
          item,
          (value) => (get.items[index] = value),
          () => get.items.splice(index, 1),
        ),
      );
  };
  for (const field of struct.fields)
    add(
      field.type,
      field.value,
      (value) => (field.value = value),
      () => (struct.fields = struct.fields.filter((each) => each !== field)),
    );
  return found;
}

const numbers = [
  0n,
  1n,
  2n,
  3n,
  5n,
  16n,
  127n,
  255n,
  1n << 16n,
  1n << 25n,
  (1n << 32n) - 1n,
  1n << 41n,
  (1n << 64n) - 1n,
];

function changePlaces(struct: Struct, dice: Dice): void {
  for (let count = 1 + dice.below(3); count > 0; count--) {
    const places = placesIn(struct);
    if (places.length === 0) return;
    const { get, set, drop } = dice.pick(places);
    if (dice.below(6) === 0) drop();
    else if (typeof get === 'bigint') set(dice.below(2) === 0 ? dice.pick(numbers) : get + BigInt(2 * dice.below(9)));
    else if (typeof get === 'boolean') set(!get);
    else if (get instanceof Uint8Array) set(get.slice(0, dice.below(get.length + 1)));
    else if ('items' in get)
      set({ ...get, items: [...get.items, ...get.items].slice(0, dice.below(2 * get.items.length + 1)) });
    else set({ fields: [...get.fields, ...get.fields] });
  }
}

const fieldOf = (struct: Struct, id: number): Value | undefined =>
  struct.fields.find((field) => field.id === id)?.value;
/** A number that is written by zigzag, and no negative one. */
const unzigzag = (value: Value | undefined): number => Number((value as bigint) >> 1n);
const structsOf = (value: Value | undefined): readonly Struct[] =>
  ((value as List | undefined)?.items ?? []) as Struct[];

/** Bytes of a page header that the file has at that place, changed; those after it move along. */
function changePage(file: Uint8Array, meta: Struct, dice: Dice): Uint8Array {
  const start = unzigzag(fieldOf(meta, 11) ?? fieldOf(meta, 9));
  const reading = new Reading(file, start);
  const header = reading.struct();
  changePlaces(header, dice);
  const written = write(header);
  // What the header grows by, the page's bytes lose, so that every offset in the footer stays right.
  const rest = file.subarray(reading.at);
  const grown = written.length - (reading.at - start);
  const body = grown >= 0 ? rest.subarray(grown) : Uint8Array.from([...new Uint8Array(-grown), ...rest]);
  return Uint8Array.from([...file.subarray(0, start), ...written, ...body]);
}

/** One to three changes of the footer, or of the header of some column's first page. */
export function mutateParquet(file: Uint8Array, dice: Dice): Uint8Array<ArrayBuffer> {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = file.length - 8 - view.getUint32(file.length - 8, true);
  const footer = new Reading(file, start).struct();
  let body = file.subarray(0, start);
  const columns = structsOf(fieldOf(footer, 4)).flatMap((group) => structsOf(fieldOf(group, 1)));
  if (dice.below(2) === 0) changePlaces(footer, dice);
  else body = changePage(body, fieldOf(dice.pick(columns), 3) as Struct, dice);
  const written = write(footer);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, written.length, true);
  return Uint8Array.from([...body, ...written, ...length, ...new TextEncoder().encode('PAR1')]);
}
