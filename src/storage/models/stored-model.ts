/**
 * @file What is known of a model in the store. The record is written last: a folder without one is not a model.
 */
import { isRecord, type Shape } from '../versioned';

export interface StoredFile {
  /** Name of the file; a checkpoint's files lie side by side. */
  readonly path: string;
  readonly sizeBytes: number;
  /** SHA-256, hex. */
  readonly sha256: string;
}

export interface StoredModel {
  readonly id: string;
  readonly name: string;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly sizeBytes: number;
  /** SHA-256 (hex) of the lines that `sha256sum` prints for the files, in the order of their names. */
  readonly sha256: string;
  readonly files: readonly StoredFile[];
  /** The chat template that was chosen for it: a built-in one's name, `none`, or a template's source. */
  readonly chatTemplate?: string | { readonly source: string; readonly file: string };
  /** SHA-256 over configuration and weights, by which runs name their base; absent until it was opened. */
  readonly fingerprint?: string;
}

/** What is learnt of a model after it was stored. */
export type ModelNotes = Partial<Pick<StoredModel, 'chatTemplate' | 'fingerprint'>>;

function isTemplate(value: unknown): boolean {
  return (
    typeof value === 'string' ||
    (isRecord(value) && typeof value['source'] === 'string' && typeof value['file'] === 'string')
  );
}

function isFile(value: unknown): value is StoredFile {
  return (
    isRecord(value) &&
    typeof value['path'] === 'string' &&
    typeof value['sizeBytes'] === 'number' &&
    typeof value['sha256'] === 'string'
  );
}

export const modelShape: Shape<StoredModel> = {
  name: 'A stored model',
  version: 1,
  migrations: {},
  isValid: (value): value is StoredModel =>
    isRecord(value) &&
    ['id', 'name', 'addedAt', 'sha256'].every((key) => typeof value[key] === 'string') &&
    typeof value['sizeBytes'] === 'number' &&
    Array.isArray(value['files']) &&
    value['files'].every(isFile) &&
    (value['chatTemplate'] === undefined || isTemplate(value['chatTemplate'])) &&
    (value['fingerprint'] === undefined || typeof value['fingerprint'] === 'string'),
};
