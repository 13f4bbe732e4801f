/** @file A private key of the disk that signs what is handed over. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { UserError } from '../core/errors';
import { signerOf, type Signer } from '../handover/model-signature';
import { readTextFile } from './node-files';

/**
 * Opens a key in PEM, of PKCS#8 or as `openssl ecparam` writes it.
 * @throws UserError for a file that is none, for a key with a passphrase, and for one that is not on P-256
 */
export async function openSigner(path: string): Promise<Signer> {
  const text = readTextFile(path);
  let key: KeyObject;
  try {
    key = createPrivateKey(text);
  } catch (error) {
    throw new UserError('signingKeyUnreadable', { path, reason: (error as Error).message.split('\n')[0] ?? '' });
  }
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType !== 'ec' || curve !== 'prime256v1')
    throw new UserError('signingKeyOther', { path, kind: curve ?? key.asymmetricKeyType ?? 'another kind' });
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;
  const [pkcs8, spki] = [
    key.export({ type: 'pkcs8', format: 'der' }),
    createPublicKey(key).export({ type: 'spki', format: 'der' }),
  ];
  return signerOf({
    privateKey: await crypto.subtle.importKey('pkcs8', Uint8Array.from(pkcs8), algorithm, false, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', Uint8Array.from(spki), algorithm, true, ['verify']),
  });
}
