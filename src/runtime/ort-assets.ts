/**
 * @file Where the build puts onnxruntime-web's own files (glue and WebAssembly); browser only, resolved by Vite.
 */
import wasmMjs from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url&no-inline';
import wasmBinary from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url&no-inline';
import webgpuMjs from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url&no-inline';
import webgpuBinary from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url&no-inline';
import type { OrtAssets } from './ort';

const absolute = (url: string): string => new URL(url, self.location.href).href;

export const wasmAssets: OrtAssets = { mjs: absolute(wasmMjs), wasm: absolute(wasmBinary) };
export const webgpuAssets: OrtAssets = { mjs: absolute(webgpuMjs), wasm: absolute(webgpuBinary) };
