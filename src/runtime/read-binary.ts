/** @file Where the runtime's WebAssembly is read from in Node; package.json maps `#ort-binary` here. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export async function readBinary(): Promise<Uint8Array> {
  const folder = dirname(createRequire(import.meta.url).resolve('onnxruntime-web'));
  return readFileSync(join(folder, 'ort-wasm-simd-threaded.wasm'));
}
