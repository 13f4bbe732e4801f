/**
 * @file What is known of a model in the store. The record is written last: a folder without one is not a model.
 */
import { message } from '../../messages/message';
import { z } from '../../core/zod';
import { count, mapping, maybe, type Kept, type Shape } from '../versioned';

const fileSchema = mapping({
  /** Name of the file; a checkpoint's files lie side by side. */
  path: z.string(),
  sizeBytes: count,
  /** SHA-256, hex. */
  sha256: z.string(),
  /** SHA-256 of a sample of a large file (check-files.ts); absent from small ones, and where none was taken. */
  sample: maybe(z.string()),
});
export type StoredFile = Kept<typeof fileSchema>;

/** A chat template that was chosen: a built-in one's name, `none`, or a template's source. */
export const chosenTemplateSchema = z.union([z.string(), mapping({ source: z.string(), file: z.string() })]);

const modelSchema = mapping({
  id: z.string(),
  name: z.string(),
  /** ISO 8601. */
  addedAt: z.string(),
  sizeBytes: count,
  /** SHA-256 (hex) of the lines that `sha256sum` prints for the files, in the order of their names. */
  sha256: z.string(),
  files: z.array(fileSchema),
  /** The chat template that was chosen for it. */
  chatTemplate: maybe(chosenTemplateSchema),
  /** SHA-256 over configuration and weights, by which runs name their base; absent until it was opened. */
  fingerprint: maybe(z.string()),
});
export type StoredModel = Kept<typeof modelSchema>;

/** What is learnt of a model after it was stored. */
export type ModelNotes = Partial<Pick<StoredModel, 'name' | 'chatTemplate' | 'fingerprint'>>;

export const modelShape: Shape<StoredModel> = {
  name: message('aStoredModel'),
  version: 1,
  migrations: {},
  schema: modelSchema,
};
