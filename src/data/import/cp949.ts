/**
 * @file CP949 (Windows' Korean code page, UHC), as Excel on a Korean PC saves text: made here, because Node's decoder
 * knows KS X 1001 alone. UHC adds the syllables that KS X 1001 lacks, in Unicode's order, in the codes left free.
 * Source: Microsoft code page 949; WHATWG Encoding, index EUC-KR.
 */

const firstSyllable = 0xac00;
const lastSyllable = 0xd7a3;
/** KS X 1001 has both bytes from here; below lie UHC's own codes. */
const firstOfKs = 0xa1;
const firstLead = 0x81;
const lastLead = 0xfe;

/** Two signs that KS X 1001 got in 1998, which some decoders lack. */
const lateSigns: readonly (readonly [code: number, sign: string])[] = [
  [0xa2e6, '€'],
  [0xa2e7, '®'],
];

/**
 * The second bytes that UHC uses after a lead byte, in order: all of them below A1, from A1 on those KS leaves free.
 */
function trailsOf(lead: number): number[] {
  const last = lead < firstOfKs ? 0xfe : 0xa0;
  const trails: number[] = [];
  for (let trail = 0x41; trail <= last; trail++)
    if (trail <= 0x5a || (trail >= 0x61 && trail <= 0x7a) || trail >= 0x81) trails.push(trail);
  return trails;
}

function makeTable(): ReadonlyMap<number, string> {
  const table = new Map<number, string>();
  const decoder = new TextDecoder('euc-kr');
  for (let lead = firstOfKs; lead <= lastLead; lead++)
    for (let trail = firstOfKs; trail <= lastLead; trail++) {
      const text = decoder.decode(Uint8Array.of(lead, trail));
      if (text.length === 1 && text !== '\ufffd') table.set(lead * 256 + trail, text);
    }
  for (const [code, sign] of lateSigns) table.set(code, sign);
  const known = new Set(table.values());
  let syllable = firstSyllable;
  for (let lead = firstLead; syllable <= lastSyllable; lead++)
    for (const trail of trailsOf(lead)) {
      while (syllable <= lastSyllable && known.has(String.fromCharCode(syllable))) syllable++;
      if (syllable <= lastSyllable) table.set(lead * 256 + trail, String.fromCharCode(syllable++));
    }
  return table;
}

let table: ReadonlyMap<number, string> | null = null;

/** The character of a two-byte code, or undefined where CP949 has none. */
export function cp949Character(code: number): string | undefined {
  table ??= makeTable();
  return table.get(code);
}

/** Decodes CP949, or returns null at the first byte that cannot be part of it. */
export function decodeCp949(bytes: Uint8Array): string | null {
  const parts: string[] = [];
  let plainFrom = 0;
  const ascii = new TextDecoder('utf-8');
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    const character = cp949Character((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0));
    if (character === undefined) return null;
    if (at > plainFrom) parts.push(ascii.decode(bytes.subarray(plainFrom, at)));
    parts.push(character);
    plainFrom = ++at + 1;
  }
  parts.push(ascii.decode(bytes.subarray(plainFrom)));
  return parts.join('');
}
