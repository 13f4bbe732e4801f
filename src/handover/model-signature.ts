/**
 * @file An OpenSSF model signature (Model Signing v1.0, a Sigstore bundle around a DSSE envelope) by a key of the one
 * who hands over: `model_signing verify key` reads it. It shows that no file was changed since and that the same key
 * signed as before; whose key it is it cannot show, which the administrator learns from the fingerprint.
 */
import { invariant } from '../core/errors';
import { sha256Hex } from '../core/sha256';

/** The name of the signature, which covers every other file of the folder. */
export const signatureFile = 'model.sig';

/** A key that signs; whether it can be read out of where it lies does not matter here. */
export interface Signer {
  /** The public key (SubjectPublicKeyInfo) in PEM, as the administrator gets it. */
  readonly publicKey: string;
  /** ECDSA on P-256 with SHA-256: r and s, 32 bytes each, as WebCrypto gives them. */
  sign(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' } as const;

/** Bytes in base64. */
function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Bytes in PEM, in lines of 64 characters, as OpenSSL writes them. */
function toPem(label: string, bytes: Uint8Array): string {
  const lines = toBase64(bytes).match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Makes a key whose private half no program can read out again, the page's own included. */
export function makeSigningKey(): Promise<CryptoKeyPair> {
  return crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']);
}

/** @param pair on P-256; its public key is extractable, as public keys always are */
export async function signerOf({ privateKey, publicKey }: CryptoKeyPair): Promise<Signer> {
  const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey));
  return {
    publicKey: toPem('PUBLIC KEY', spki),
    sign: async (bytes) =>
      new Uint8Array(await crypto.subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, privateKey, bytes)),
  };
}

/**
 * The fingerprint that is read out and compared: `sha256sum` of the public key's PEM file, which is also what the
 * signature names its key by.
 */
export const fingerprintOf = ({ publicKey }: Pick<Signer, 'publicKey'>): Promise<string> =>
  sha256Hex(new TextEncoder().encode(publicKey));

/** An unsigned number as an INTEGER of DER: no leading zeros, and one where the first bit would make it negative. */
function derInteger(bytes: Uint8Array): number[] {
  const first = bytes.findIndex((byte) => byte !== 0);
  const digits = first < 0 ? [0] : [...bytes.subarray(first)];
  const whole = (digits[0] as number) > 127 ? [0, ...digits] : digits;
  return [2, whole.length, ...whole];
}

/** WebCrypto's r and s as OpenSSL writes an ECDSA signature, a SEQUENCE of two INTEGERs. */
export function toDer(signature: Uint8Array): Uint8Array {
  invariant(signature.length === 64, `a signature of P-256 has 64 bytes, not ${signature.length}`);
  const body = [...derInteger(signature.subarray(0, 32)), ...derInteger(signature.subarray(32))];
  return Uint8Array.of(0x30, body.length, ...body);
}

function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}

const payloadType = 'application/vnd.in-toto+json';

/** What is signed: every file with its hash, and one hash over all of them. */
async function statementOf(folder: string, sums: ReadonlyMap<string, string>): Promise<string> {
  const resources = [...sums]
    .map(([name, digest]) => ({ algorithm: 'sha256', name, digest }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const root = await sha256Hex(fromHex(resources.map(({ digest }) => digest).join('')));
  return JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: folder, digest: { sha256: root } }],
    predicateType: 'https://model_signing/signature/v1.0',
    predicate: {
      resources,
      serialization: {
        allow_symlinks: false,
        method: 'files',
        hash_type: 'sha256',
        ignore_paths: ['.git', signatureFile, '.gitattributes', '.gitignore', '.github'],
      },
    },
  });
}

/**
 * Signs the files of a folder.
 * @param folder what the folder is called; a verifier does not compare it
 * @param sums SHA-256 (hex) of every file but the signature, by path with slashes
 * @returns the text of model.sig
 */
export async function writeSignature(
  folder: string,
  sums: ReadonlyMap<string, string>,
  signer: Signer,
): Promise<string> {
  const payload = new TextEncoder().encode(await statementOf(folder, sums));
  // DSSE's pre-authentication encoding (secure-systems-lab/dsse, protocol.md).
  const prefix = new TextEncoder().encode(`DSSEv1 ${payloadType.length} ${payloadType} ${payload.length} `);
  const signed = new Uint8Array(prefix.length + payload.length);
  signed.set(prefix);
  signed.set(payload, prefix.length);
  const sig = toBase64(toDer(await signer.sign(signed)));
  const bundle = {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: { publicKey: { hint: await fingerprintOf(signer) }, tlogEntries: [] },
    dsseEnvelope: { payload: toBase64(payload), payloadType, signatures: [{ sig, keyid: '' }] },
  };
  return `${JSON.stringify(bundle)}\n`;
}
