/**
 * @file The one way that an export leaves, whatever its format: its files, what travels beside them, the bill of
 * materials, SHA256SUMS over all of these, and the signature over everything where there is a key.
 */
import type { PlannedExport } from './export';
import { bomFile, uuidOf, writeBom } from './ml-bom';
import { signatureFile, writeSignature, type Signer } from './model-signature';
import type { Provenance } from './provenance';
import {
  textFile,
  writeFilesTo,
  writeSums,
  type FileSink,
  type StreamedFile,
  type WriteOptions,
} from './streamed-file';

export interface HandOver {
  readonly planned: PlannedExport;
  /** What travels beside the format's own files: canaries and the script that asks a server for them. */
  readonly beside?: readonly StreamedFile[];
  readonly provenance: Provenance;
  /** null where there is no key: the folder then has no model.sig. */
  readonly signer: Signer | null;
  /** What the folder is called; the signature names it. */
  readonly folder: string;
}

/**
 * Writes an export whole, or nothing of it.
 * @returns SHA-256 (hex) of each file, by its path
 * @throws whatever a file or the sink throws; AbortError when the signal says so
 */
export function writeHandOver(
  sink: FileSink,
  { planned, beside = [], provenance, signer, folder }: HandOver,
  options: Omit<WriteOptions, 'closing'> = {},
): Promise<ReadonlyMap<string, string>> {
  const serial = uuidOf(crypto.getRandomValues(new Uint8Array(16)));
  return writeFilesTo(sink, [...planned.files, ...beside], {
    ...options,
    closing: [
      (sums) => textFile(bomFile, writeBom(provenance, sums, serial)),
      writeSums,
      ...(signer
        ? [
            async (sums: ReadonlyMap<string, string>) =>
              textFile(signatureFile, await writeSignature(folder, sums, signer)),
          ]
        : []),
    ],
  });
}
