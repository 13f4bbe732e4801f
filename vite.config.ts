/** @file How the studio is built and developed. The built app is served by tools/serve.mjs. */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { isolationHeaders } from './headers.mjs';
import { notePackages, writeNotices } from './tools/release/packages.mjs';
import { sealBuild } from './tools/release/seal-build.mjs';

/** The checkpoints that are offered to everybody: they lie in the build, and a new build leaves them there. */
const keptInBuild = 'models';

/** Empties the folder of the build but for what people have put there. */
function emptyBuild(): Plugin {
  let outDir = '';
  return {
    name: 'airlock:empty-build',
    apply: 'build',
    configResolved: ({ root, build }) => void (outDir = resolve(root, build.outDir)),
    buildStart() {
      for (const name of existsSync(outDir) ? readdirSync(outDir) : [])
        if (name !== keptInBuild) rmSync(join(outDir, name), { recursive: true });
    },
  };
}

const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };

const noted = notePackages();

export default defineConfig({
  define: { 'import.meta.env.AIRLOCK_VERSION': JSON.stringify(version) },
  // Relative, so that the build works below any path of an intranet server.
  base: './',
  // One page: a wrong address is an honest 404, not the page again.
  appType: 'mpa',
  plugins: [react(), emptyBuild(), noted.plugin(), sealBuild((folder) => writeNotices(folder, noted.packages()))],
  resolve: {
    // ORT's WASM glue stays a file of its own, so that its threads load that and not our whole bundle.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  worker: { format: 'es', plugins: () => [noted.plugin()], rolldownOptions: { checks: { pluginTimings: false } } },
  build: {
    target: 'es2023',
    emptyOutDir: false,
    // The first Chrome with light-dark(), which would be rewritten otherwise.
    cssTarget: 'chrome123',
    // A data: URL would not pass the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      checks: { pluginTimings: false },
      input: { index: 'index.html', 'service-worker': 'src/worker/service-worker.ts' },
      output: {
        // A service worker governs what lies beside it, and its address must not change.
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
  // The dev server's client injects inline styles and scripts: isolation only.
  server: { headers: isolationHeaders, cors: false },
});
