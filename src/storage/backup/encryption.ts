/**
 * @file The encryption of a container: AES-256-GCM in chunks of equal size, the last one shorter. The key comes of a
 * passphrase by PBKDF2-SHA-256 with a salt of the file's own, so a chunk's number is nonce enough. Number, "is this the
 * last" and the hash of the file's beginning are authenticated with each chunk: none can be changed, left out, moved or
 * cut off, and none fits another file.
 */
type Bytes = Uint8Array<ArrayBuffer>;

export const chunkBytes = 2 ** 20;
/** What AES-GCM adds to a chunk. */
export const tagBytes = 16;
export const saltBytes = 16;

/** OWASP's figure of 2023 for PBKDF2-HMAC-SHA-256. */
export const iterations = 600_000;
/** More would hold up the page for longer than a person waits: some 6 s. */
export const maxIterations = 10_000_000;

/** @param passphrase is brought to one form of Unicode: input methods write the same Hangul in several */
export async function keyOf(passphrase: string, salt: Bytes, rounds: number): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(passphrase.normalize('NFC'));
  const material = await crypto.subtle.importKey('raw', secret, 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey(
    { name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds },
    material,
    { name: 'AES-GCM', length: 256 },
    false,
    ['encrypt', 'decrypt'],
  );
}

/** Which chunk of which file. */
export interface ChunkPlace {
  /** SHA-256 of the file's beginning. */
  readonly beginning: Bytes;
  readonly number: number;
  readonly isLast: boolean;
}

function parametersOf({ beginning, number, isLast }: ChunkPlace): AesGcmParams {
  const iv = new Uint8Array(12);
  new DataView(iv.buffer).setBigUint64(4, BigInt(number), true);
  const additionalData = new Uint8Array(beginning.length + 9);
  additionalData.set(beginning);
  new DataView(additionalData.buffer).setBigUint64(beginning.length, BigInt(number), true);
  additionalData[beginning.length + 8] = Number(isLast);
  return { name: 'AES-GCM', iv, additionalData, tagLength: tagBytes * 8 };
}

export async function encryptChunk(key: CryptoKey, place: ChunkPlace, plain: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.encrypt(parametersOf(place), key, plain));
}

/** Null where the chunk is not what was written under this key at this place. */
export async function decryptChunk(key: CryptoKey, place: ChunkPlace, sealed: Bytes): Promise<Bytes | null> {
  try {
    return new Uint8Array(await crypto.subtle.decrypt(parametersOf(place), key, sealed));
  } catch {
    return null;
  }
}
