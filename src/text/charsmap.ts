/**
 * @file SentencePiece's `precompiled_charsmap`: replacements for characters and short sequences, in a double-array
 * trie. `@huggingface/tokenizers` 0.2 takes NFKC for it; this reads the table, as the Rust crate `spm_precompiled` 0.1
 * does. Layout: u32 LE bytes of the trie, u32 LE units (darts-clone), then the replacements, each ending in NUL.
 */
import { UserError } from '../core/errors';

/** Units of a darts-clone double array. */
class DoubleArray {
  constructor(private readonly units: Uint32Array) {}

  /** The value of the shortest key that `key` begins with, or null. */
  findPrefix(key: Uint8Array): number | null {
    let unit = this.units[0] ?? 0;
    let node = offsetOf(unit);
    for (const byte of key) {
      if (byte === 0) return null;
      node ^= byte;
      unit = this.units[node] ?? 0;
      if ((unit & 0x800000ff) >>> 0 !== byte) return null;
      node ^= offsetOf(unit);
      if ((unit >>> 8) & 1) return (this.units[node] ?? 0) & 0x7fffffff;
    }
    return null;
  }
}

function offsetOf(unit: number): number {
  return (unit >>> 10) << ((unit & 0x200) >>> 6);
}

function decodeBase64(text: unknown): Uint8Array {
  try {
    return Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0));
  } catch {
    throw new UserError('charsmapNotBase64');
  }
}

/** @returns the normalization that the table describes */
export function parseCharsmap(base64: unknown): (text: string) => string {
  const bytes = decodeBase64(base64);
  const trieBytes = bytes.length < 4 ? Infinity : new DataView(bytes.buffer).getUint32(0, true);
  if (trieBytes % 4 !== 0 || 4 + trieBytes > bytes.length) {
    throw new UserError('charsmapBroken', { bytes: bytes.length });
  }
  const trie = new DoubleArray(new Uint32Array(bytes.buffer.slice(4, 4 + trieBytes)));
  const replacements = bytes.subarray(4 + trieBytes);
  const encoder = new TextEncoder();
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const replace = (part: Uint8Array): string | null => {
    const at = trie.findPrefix(part);
    if (at === null) return null;
    const end = replacements.indexOf(0, at);
    return decoder.decode(replacements.subarray(at, end < 0 ? undefined : end));
  };
  const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
  // A whole grapheme first where it has fewer than 6 bytes, else each of its characters.
  return (text) =>
    Array.from(segmenter.segment(text), ({ segment }) => {
      const grapheme = encoder.encode(segment);
      const whole = grapheme.length < 6 ? replace(grapheme) : null;
      return whole ?? Array.from(segment, (character) => replace(encoder.encode(character)) ?? character).join('');
    }).join('');
}
