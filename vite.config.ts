/** @file How the studio is built, previewed and developed. The built app is served with the strict headers. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { isolationHeaders, strictHeaders } from './headers.mjs';

/** The checkpoints that are offered to everybody: they lie in the build, and a new build leaves them there. */
const keptInBuild = 'models';

/** Empties the folder of the build but for what people have put there. */
function emptyBuild(): Plugin {
  let outDir = '';
  return {
    name: 'airlock:empty-build',
    apply: 'build',
    configResolved: ({ root, build }) => void (outDir = join(root, build.outDir)),
    buildStart() {
      for (const name of existsSync(outDir) ? readdirSync(outDir) : [])
        if (name !== keptInBuild) rmSync(join(outDir, name), { recursive: true });
    },
  };
}

/**
 * Refuses a taken port and says what it most likely means. No other is tried, because a browser keeps models, pairs and
 * runs by address and port: there they would seem to be lost.
 */
function refuseTakenPort(): Plugin {
  return {
    name: 'airlock:refuse-taken-port',
    async configurePreviewServer({ config }) {
      const { port } = config.preview;
      const probe = createServer();
      const isTaken = await new Promise<boolean>((resolve) => {
        probe.once('error', () => resolve(true));
        probe.listen(port, 'localhost', () => probe.close(() => resolve(false)));
      });
      if (!isTaken) return;
      throw new Error(
        `Port ${port} is taken: is Airlock open already, at http://localhost:${port}? For a second studio, with a ` +
          'storage of its own, choose another port: npm run serve -- --port 4180',
      );
    },
  };
}

export default defineConfig({
  // Relative, so that the build works below any path of an intranet server.
  base: './',
  // One page: a wrong address is an honest 404, not the page again.
  appType: 'mpa',
  plugins: [react(), emptyBuild(), refuseTakenPort()],
  resolve: {
    // ORT's WASM glue stays a file of its own, so that its threads load that and not our whole bundle.
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  worker: { format: 'es' },
  build: {
    target: 'es2023',
    emptyOutDir: false,
    // The first Chrome with light-dark(), which would be rewritten otherwise.
    cssTarget: 'chrome123',
    // A data: URL would not pass the CSP.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  // The dev server's client injects inline styles and scripts: isolation only.
  server: { headers: isolationHeaders },
  preview: { port: 4173, strictPort: true, headers: strictHeaders },
});
