/** @file Files as they cross from the page, as the engine's readers take them. */
import { blobSource } from '../formats/byte-source';
import type { Directory } from '../formats/checkpoint';
import { directoryOf, withoutCommonFolder } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import { readPeftAdapter } from '../formats/peft';
import type { AdapterFiles, ModelFile } from './protocol';

/** The files that were chosen, by their path below the folder that all of them share. */
export function asDirectory(files: readonly ModelFile[]): Directory {
  return withoutCommonFolder(
    new Map(files.map(({ path, blob }) => [path, blobSource(path.split('/').at(-1) ?? path, blob)])),
  );
}

/**
 * Reads an adapter from its files.
 * @throws UserError for files that are no PEFT adapter that Airlock can read
 */
export function readAdapter(files: AdapterFiles): Promise<LoraAdapter> {
  return readPeftAdapter(directoryOf(files));
}
