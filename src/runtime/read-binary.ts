/** @file Where the runtime's WebAssembly is read from in Node; package.json maps `#ort-binary` here. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** @param file a binary of the installed runtime */
export function readInstalled(file: string): Uint8Array {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  return readFileSync(join(folder, file));
}

export const readBinary = async (): Promise<Uint8Array> => readInstalled('ort-wasm-simd-threaded.wasm');
