/** @file Short keys that stand for texts: where a text is to be known again and need not be read. */

/** Hashes the text by FNV-1a from the seed on, then by murmur's finish, for its low bits are poor. */
export function hashText(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** 64 bits that stand for a text: of a million texts two are taken for one with a chance of 1 in 10^7. */
export const textKey = (text: string): string =>
  [1, 2].map((seed) => hashText(text, seed).toString(16).padStart(8, '0')).join('');
