/**
 * @file Bytes -> text, in the encoding that the bytes themselves speak for. UTF-8 and UTF-16 prove themselves; CP949
 * and Windows-1252 are told apart by what their bytes would say: Korean is runs of common syllables, Western text has
 * single signs among letters. All decoders give the same in every browser and in Node.
 */
import { UserError } from '../../core/errors';
import { decodeCp949, cp949Character } from './cp949';

/** The encodings that a file may be read in; names as people know them. */
export const encodings = ['UTF-8', 'UTF-16LE', 'UTF-16BE', 'CP949', 'Windows-1252'] as const;
export type Encoding = (typeof encodings)[number];

export interface DecodedText {
  readonly text: string;
  readonly encoding: Encoding;
  /** False where the bytes allow another reading, so that a person should look. */
  readonly isSure: boolean;
}

/** Windows-1252 from 0x80 to 0x9f; a space where it has no character. Above it is Unicode's first block. */
const westernSigns = '€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ';

function decodeWestern(bytes: Uint8Array): string | null {
  const parts: string[] = [];
  const slice = 0x8000;
  for (let from = 0; from < bytes.length; from += slice) {
    const codes = Array.from(bytes.subarray(from, from + slice), (byte) =>
      byte < 0x80 || byte > 0x9f ? byte : westernSigns.charCodeAt(byte - 0x80),
    );
    if (codes.some((code, i) => code === 0x20 && bytes[from + i] !== 0x20)) return null;
    parts.push(String.fromCharCode(...codes));
  }
  return parts.join('');
}

function decodeStrictly(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** Decodes in one encoding, or returns null where the bytes are none of it. A byte order mark is left out. */
function decodeAs(bytes: Uint8Array, encoding: Encoding): string | null {
  if (encoding === 'CP949') return decodeCp949(bytes);
  if (encoding === 'Windows-1252') return decodeWestern(bytes);
  return decodeStrictly(bytes, encoding.toLowerCase());
}

/** Bytes of a file's beginning that are weighed. */
const weighed = 1 << 20;

/** UTF-16 without a mark: every other byte of Western text, digits and line ends is 0. */
function unmarkedUtf16(bytes: Uint8Array): Encoding | null {
  const length = Math.min(bytes.length, weighed) & ~1;
  const zeros = [0, 0];
  for (let at = 0; at < length; at++) if (bytes[at] === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1;
  const [even = 0, odd = 0] = zeros;
  if (even + odd < length / 20) return null;
  return even === odd ? null : even < odd ? 'UTF-16LE' : 'UTF-16BE';
}

/**
 * Share of the two-byte codes that are common Korean syllables, were the bytes CP949; null where they hold none.
 * Signs (A1 to AC) say nothing. A byte that begins no code counts against it.
 */
function koreanShare(bytes: Uint8Array): number | null {
  let [common, other] = [0, 0];
  const length = Math.min(bytes.length, weighed);
  for (let at = 0; at < length; at++) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1] ?? 0;
    if (cp949Character(lead * 256 + trail) === undefined) other++;
    else {
      at++;
      if (lead >= 0xb0 && lead <= 0xc8 && trail >= 0xa1) common++;
      else if (lead < 0xa1 || lead > 0xac || trail < 0xa1) other++;
    }
  }
  return common + other === 0 ? null : common / (common + other);
}

/** A share of common syllables from which text is Korean, and one up to which it is not. */
const surelyKorean = 0.85;
const hardlyKorean = 0.15;

/**
 * Whether text decoded as Windows-1252 holds what Western text does not: a sign or a capital within a word, a run of
 * letters beyond ASCII. The bytes of Eastern Europe, Cyrillic, Greek and old Macintoshes read so.
 */
const isOddlyWestern = (text: string): boolean =>
  /[\p{L}][\u00a1-\u00a9\u00ab-\u00b6\u00b8\u00b9\u00bb-\u00bf×÷]\p{L}|[a-z][À-Þ]|[À-ÖØ-öø-ÿ]{3}/u.test(text);

function detectLegacy(bytes: Uint8Array): { encoding: Encoding; isSure: boolean } {
  const share = koreanShare(bytes);
  if (share === null) return { encoding: 'CP949', isSure: false };
  if (share >= 0.5) return { encoding: 'CP949', isSure: share >= surelyKorean };
  const western = decodeWestern(bytes.subarray(0, weighed));
  return { encoding: 'Windows-1252', isSure: share <= hardlyKorean && western !== null && !isOddlyWestern(western) };
}

function detect(bytes: Uint8Array): { encoding: Encoding; isSure: boolean } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { encoding: 'UTF-16LE', isSure: true };
  if (first === 0xfe && second === 0xff) return { encoding: 'UTF-16BE', isSure: true };
  const unmarked = unmarkedUtf16(bytes);
  if (unmarked !== null) return { encoding: unmarked, isSure: true };
  if (decodeStrictly(bytes, 'utf-8') !== null) return { encoding: 'UTF-8', isSure: true };
  return detectLegacy(bytes);
}

/** Whether bytes hold a character of three bytes of UTF-8, as every Hangul syllable is. */
const holdsThreeBytes = (bytes: Uint8Array): boolean => bytes.some((byte) => byte >= 0xe0 && byte <= 0xef);

/**
 * Lines, from 1, that prove two encodings in one file: one that is UTF-8 in Korean or the like, and one that is no
 * UTF-8. Null where there are no two such lines.
 */
function mixedLines(bytes: Uint8Array): { readonly utf8: number; readonly other: number } | null {
  let [utf8, other] = [0, 0];
  for (let [from, line] = [0, 1]; from < bytes.length && (utf8 === 0 || other === 0); line++) {
    const found = bytes.indexOf(0x0a, from);
    const end = found < 0 ? bytes.length : found;
    const part = bytes.subarray(from, end);
    if (part.some((byte) => byte >= 0x80)) {
      if (decodeStrictly(part, 'utf-8') === null) other ||= line;
      else if (holdsThreeBytes(part)) utf8 ||= line;
    }
    from = end + 1;
  }
  return utf8 > 0 && other > 0 ? { utf8, other } : null;
}

/**
 * Decodes a file's text.
 * @param chosen the encoding that a person named; by evidence without it
 * @throws UserError where the bytes are no text in it
 */
export function decodeText(bytes: Uint8Array, file: string, chosen?: Encoding | undefined): DecodedText {
  const { encoding, isSure } = chosen === undefined ? detect(bytes) : { encoding: chosen, isSure: true };
  const isLegacy = encoding === 'CP949' || encoding === 'Windows-1252';
  const mixed = chosen === undefined && isLegacy ? mixedLines(bytes) : null;
  if (mixed !== null) throw new UserError('fileMixesEncodings', { file, ...mixed });
  const text = decodeAs(bytes, encoding);
  if (text !== null && !text.includes('\0')) return { text, encoding, isSure };
  if (chosen !== undefined) throw new UserError('fileNotInEncoding', { file, encoding: chosen });
  throw new UserError('fileNotText', { file });
}
