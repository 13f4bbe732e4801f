/** @file How the studio is built, previewed and developed. The built app is served with the strict headers. */
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig } from 'vite';
import { isolationHeaders, strictHeaders } from './headers.mjs';

export default defineConfig({
  // Relative, so that the build works below any path of an intranet server.
  base: './',
  // One page: a wrong address is an honest 404, not the page again.
  appType: 'mpa',
  plugins: [react()],
  resolve: {
    // ORT's WASM glue stays a file of its own, so that its threads load that and not our whole bundle.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    // The first Chrome with light-dark(), which would be rewritten otherwise.
    cssTarget: 'chrome123',
    // A data: URL would not pass the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  // The dev server's client injects inline styles and scripts: isolation only.
  server: { headers: isolationHeaders },
  preview: { port: 4173, strictPort: false, headers: strictHeaders },
});
