/**
 * @file Writes `manifest.json` into a directory of checkpoint directories, for the server that offers them in the
 * studio:
 *      node tools/make-models-manifest.mjs dist/models Each folder with a config.json is a model; of it the files that
 * the studio reads are listed, with size and SHA-256.
 */
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const wanted = /\.(json|safetensors|jinja)$/;

async function sha256(path) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}

const directory = process.argv[2];
if (directory === undefined || !existsSync(directory)) {
  console.error(
    `${directory ?? 'No directory'} ${directory ? 'does not exist' : 'was given'}; name the directory that holds the models: node tools/make-models-manifest.mjs dist/models`,
  );
  process.exit(2);
}

const models = [];
for (const entry of readdirSync(directory, { withFileTypes: true })) {
  if (!entry.isDirectory() || !existsSync(join(directory, entry.name, 'config.json'))) continue;
  const files = [];
  for (const path of readdirSync(join(directory, entry.name))
    .filter((name) => wanted.test(name) && !name.startsWith('.'))
    .sort()) {
    const file = join(directory, entry.name, path);
    files.push({ path, size: statSync(file).size, sha256: await sha256(file) });
  }
  models.push({ name: entry.name, files });
  console.error(`${entry.name}: ${files.length} files`);
}
writeFileSync(join(directory, 'manifest.json'), `${JSON.stringify({ models }, null, 2)}\n`);
