/** @file Builds and serves the device harness: the engine alone in a page, for tests that run stages on WebGPU. */
import { defaultClientConditions, defineConfig } from 'vite';
import { isolationHeaders } from '../../headers.mjs';

export default defineConfig({
  root: import.meta.dirname,
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  build: { outDir: '../../dist-harness', emptyOutDir: true, target: 'es2023', assetsInlineLimit: 0 },
  preview: { headers: isolationHeaders },
});
