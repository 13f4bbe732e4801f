/** @file The tiny model of the fixtures, open on WASM in Node as an export has it, for tests. */
import { readFileSync, readdirSync } from 'node:fs';
import { openModel, type OpenedModel } from '../engine/open-model';
import { bytesSource } from '../formats/byte-source';
import type { Directory } from '../formats/checkpoint';
import { DecodeEngine } from '../generation/decode-engine';
import { openWasmExecutor } from '../runtime/ort';

/** The files of a directory on the disk. */
export const filesOf = (directory: string): Directory =>
  new Map(
    readdirSync(directory).map((name) => [name, bytesSource(name, readFileSync(`${directory}/${name}`))] as const),
  );

export interface TinyLlama {
  readonly opened: OpenedModel;
  readonly decoding: DecodeEngine;
  close(): Promise<void>;
}

export async function openTinyLlama(): Promise<TinyLlama> {
  const executor = await openWasmExecutor({ threads: 1, assets: null });
  const opened = await openModel('tiny-llama', filesOf('fixtures/tiny-llama'), executor);
  const decoding = new DecodeEngine(opened.model);
  return {
    opened,
    decoding,
    async close() {
      await decoding.dispose();
      await executor.close();
    },
  };
}
