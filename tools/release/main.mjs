/**
 * @file What a release's start file runs: serves the studio that lies beside it and opens the browser. Bundled into one
 * file (make.mjs), so that the PC needs neither Node nor a registry.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { strictHeaders } from '../../headers.mjs';
import { port } from '../../src/cli/release/address.mjs';
import { startStudio } from '../../src/cli/release/start';

await startStudio({
  folder: join(dirname(fileURLToPath(import.meta.url)), 'studio'),
  port: Number(process.env['AIRLOCK_PORT'] ?? port),
  headers: strictHeaders,
  opensBrowser: process.env['AIRLOCK_BROWSER'] !== 'none',
});
