/** @file `npm run serve [-- --port N] [--open]`: serves dist/ to this PC's own browser, as a release does. */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { strictHeaders } from '../headers.mjs';
import { port } from '../src/cli/release/address.mjs';
import { startStudio } from '../src/cli/release/start';

const { values } = parseArgs({
  options: { port: { type: 'string', default: String(port) }, open: { type: 'boolean', default: false } },
});
if (!existsSync('dist/index.html')) {
  console.error('There is no dist/index.html: build the studio first, by npm run build.');
  process.exit(1);
}
await startStudio({ folder: 'dist', port: Number(values.port), headers: strictHeaders, opensBrowser: values.open });
