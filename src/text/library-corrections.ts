/**
 * @file Parts of `@huggingface/tokenizers` 0.2 whose results differ from the Rust crate's (tokenizers 0.23), corrected
 * in place: decoders of bytes and of the space marker, lower case, SentencePiece's normalization table, Unigram's best
 * path.
 */
import {
  ByteFallbackDecoder,
  ByteLevelDecoder,
  ByteLevelPreTokenizer,
  LowercaseNormalizer,
  MetaspaceDecoder,
  PrecompiledNormalizer,
  PrependNormalizer,
  SequenceDecoder,
  SequenceNormalizer,
  SplitPreTokenizer,
  Unigram,
} from '@huggingface/tokenizers';
import type { Decoder, Model, Normalizer, PreTokenizer } from '@huggingface/tokenizers';
import { parseCharsmap } from './charsmap';
import { checkCount, checkGrowth, maxPieceCharacters } from './tokenizer-limits';

/** GPT-2's table: bytes that print stand for themselves, the others for the characters from U+0100 on. */
function buildByteTable(): Map<string, number> {
  const prints = (byte: number) => (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  let next = 0x100;
  return new Map(Array.from({ length: 256 }, (_, byte) => [String.fromCharCode(prints(byte) ? byte : next++), byte]));
}

const byteOfCharacter = buildByteTable();
const encoder = new TextEncoder();
/** ignoreBOM keeps a byte order mark, which in the middle of a text is a character. */
const lossy = new TextDecoder('utf-8', { ignoreBOM: true });
const strict = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** `ByteLevel::decode_chain`: a token with a character outside the table stands for its own UTF-8. */
function decodeByteLevel(tokens: readonly string[]): string[] {
  const bytes = tokens.flatMap((token) => {
    const known = Array.from(token, (character) => byteOfCharacter.get(character));
    return known.every((byte) => byte !== undefined) ? known : [...encoder.encode(token)];
  });
  return [lossy.decode(Uint8Array.from(bytes))];
}

/** A run of byte tokens: its text, or one U+FFFD a byte where any of it is broken. */
function decodeRun(bytes: readonly number[]): string {
  try {
    return strict.decode(Uint8Array.from(bytes));
  } catch {
    return '\ufffd'.repeat(bytes.length);
  }
}

/** `ByteFallback::decode_chain`. */
function decodeByteFallback(tokens: readonly string[]): string[] {
  const out: string[] = [];
  let run: number[] = [];
  for (const token of [...tokens, null]) {
    const hex = token === null ? undefined : /^<0x([0-9A-Fa-f]{2})>$/.exec(token)?.[1];
    if (hex !== undefined) {
      run.push(parseInt(hex, 16));
      continue;
    }
    if (run.length > 0) out.push(decodeRun(run));
    run = [];
    if (token !== null) out.push(token);
  }
  return out;
}

/** `Metaspace::decode_chain`: markers of the first token vanish, unless none was prepended. */
function decodeMetaspace(decoder: MetaspaceDecoder, tokens: readonly string[]): string[] {
  const { replacement = '\u2581', prepend_scheme: scheme } = decoder.config as {
    replacement?: string;
    prepend_scheme?: string;
  };
  return tokens.map((token, i) => token.replaceAll(replacement, () => (i === 0 && scheme !== 'never' ? '' : ' ')));
}

export function correctDecoder(decoder: Decoder | null): void {
  if (decoder instanceof SequenceDecoder) decoder.decoders.forEach(correctDecoder);
  else if (decoder instanceof ByteLevelDecoder) decoder.decode_chain = decodeByteLevel;
  else if (decoder instanceof ByteFallbackDecoder) decoder.decode_chain = decodeByteFallback;
  else if (decoder instanceof MetaspaceDecoder) decoder.decode_chain = (tokens) => decodeMetaspace(decoder, tokens);
}

export function correctNormalizer(normalizer: Normalizer | null): void {
  if (normalizer instanceof SequenceNormalizer) {
    const parts = normalizer.normalizers;
    parts.forEach(correctNormalizer);
    // Each by itself, before the next makes more of it.
    normalizer.normalize = (text) => parts.reduce((out, part) => checkGrowth(text, part?.normalize(out) ?? out), text);
  }
  // Rust lowers character by character, so that a final sigma stays an inner one.
  else if (normalizer instanceof LowercaseNormalizer)
    normalizer.normalize = (text) => Array.from(text, (character) => character.toLowerCase()).join('');
  else if (normalizer instanceof PrependNormalizer) {
    const { prepend } = normalizer.config as { prepend: string };
    normalizer.normalize = (text) => (text === '' ? '' : prepend + text);
  } else if (normalizer instanceof PrecompiledNormalizer) normalizer.normalize = parseCharsmap(normalizer.charsmap);
}

/** A Split that drops its matches: the gaps between them. JavaScript's keeps what a match's groups caught. */
function gapsBetween(text: string, pattern: RegExp): string[] {
  const gaps: string[] = [];
  let reached = 0;
  for (const match of text.matchAll(pattern)) {
    gaps.push(text.slice(reached, match.index));
    reached = match.index + match[0].length;
  }
  return [...gaps, text.slice(reached)].filter((gap) => gap !== '');
}

/** GPT-2's pattern; the library's \s is JavaScript's, which takes U+FEFF for a space and U+0085 for none. */
const byteLevelPattern =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

export function correctPreTokenizer(part: PreTokenizer | null): void {
  if (part instanceof ByteLevelPreTokenizer) part.pattern = byteLevelPattern;
  if (!(part instanceof SplitPreTokenizer)) return;
  const { pattern } = part;
  const { behavior, invert } = part.config as { behavior?: string; invert?: boolean };
  if (behavior === 'Removed' && invert !== true && pattern !== null)
    part.pre_tokenize_text = (text) => gapsBetween(text, pattern);
}

/** Added to the lowest score for a character that no piece covers. */
const unknownPenalty = 10;

/**
 * `Unigram::encode_optimized`: the best path of pieces; of equal ones that which came first. Unknown characters stay
 * single.
 */
function bestPath(model: Unigram, text: string, longestPiece: number): string[] {
  const characters = Array.from(text);
  const unknown = model.min_score - unknownPenalty;
  const ends: { score: number; start: number }[] = [{ score: 0, start: -1 }];
  for (let start = 0; start < characters.length; start++) {
    const { score: reached } = ends[start] as { score: number };
    let piece = '';
    for (let end = start + 1; end <= Math.min(characters.length, start + longestPiece); end++) {
      piece += characters[end - 1];
      const id = model.tokens_to_ids.get(piece);
      if (id === undefined && end > start + 1) continue;
      const score = reached + (id === undefined ? unknown : (model.scores[id] as number));
      const known = ends[end];
      if (known === undefined || score > known.score) ends[end] = { score, start };
    }
  }
  const path: string[] = [];
  for (let end = characters.length; end > 0; end = ends[end]?.start ?? 0)
    path.push(characters.slice(ends[end]?.start, end).join(''));
  return path.reverse();
}

export function correctModel(model: Model): void {
  if (!(model instanceof Unigram)) return;
  const longestPiece = model.vocab.reduce((longest, piece) => Math.max(longest, Array.from(piece).length), 1);
  checkCount('characters in a piece', longestPiece, maxPieceCharacters);
  model.tokenize = (text) => bestPath(model, text, longestPiece);
}
