/**
 * @file `node tools/release/sign.mjs FOLDER KEY`: signs FOLDER/SHA256SUMS by an Ed25519 key that the releaser brings,
 * into SHA256SUMS.sig, as OpenSSL does it. `verify.mjs` beside it, or OpenSSL, says whose it is.
 */
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * @param {string} folder
 * @param {string} keyFile a private key in PEM
 */
export function signFolder(folder, keyFile) {
  const key = createPrivateKey(readFileSync(keyFile));
  if (key.asymmetricKeyType !== 'ed25519')
    throw new Error(`${keyFile} is a key of the kind ${key.asymmetricKeyType}; Airlock is signed by Ed25519.`);
  const list = join(folder, 'SHA256SUMS');
  writeFileSync(`${list}.sig`, sign(null, readFileSync(list), key));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder, keyFile] = process.argv.slice(2);
  if (folder === undefined || keyFile === undefined) {
    console.error('Name the folder with SHA256SUMS and the file of the private key.');
    process.exit(2);
  }
  signFolder(folder, keyFile);
}
