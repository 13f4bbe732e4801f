/** @file SHA-256 in the form that people and `sha256sum` write it. */

/** Bytes as lower-case hexadecimal digits, two a byte. */
export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/**
 * Hashes bytes by the platform's own hash, which takes its input whole.
 * @returns 64 lower-case hexadecimal digits
 */
export async function sha256Hex(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}
