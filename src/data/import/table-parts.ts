/** @file A table on its way out of the worker that read it: the messages, and the parts in which its rows go. */
import type { Message } from '../../messages/message';
import type { JsonLine } from '../json-lines';
import type { Encoding } from './encoding';
import type { Table } from './read-table';

export interface ToTableWorker {
  readonly file: Blob;
  readonly name: string;
  /** The one that a person chose; by evidence without it. */
  readonly encoding: Encoding | undefined;
}

export type FromTableWorker =
  /** How much of the file has been read, from 0 to 1. */
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'rows'; readonly rows: readonly JsonLine[]; readonly of: number }
  | ({ readonly kind: 'end' } & Omit<Table, 'rows'>)
  | { readonly kind: 'failed'; readonly error: { readonly name: string; readonly message: string; said?: Message } };

/** Rows of a part: ten thousand pairs are five parts, each a few milliseconds to take up. */
const partRows = 2000;

/** Cuts a table into messages. */
export function* cutTable({ rows, ...rest }: Table): Generator<FromTableWorker> {
  for (let at = 0; at < rows.length; at += partRows)
    yield { kind: 'rows', rows: rows.slice(at, at + partRows), of: rows.length };
  yield { kind: 'end', ...rest };
}
