/**
 * @file Texts that are nearly the same: by the share of five-character pieces that both have (Jaccard). Candidates come
 * from one-permutation MinHash in bands (Li, Owen and Zhang 2012), so that ten thousand texts take a second and not an
 * hour; every candidate is then compared exactly.
 */
import { breathe } from '../../core/breathe';
import { throwIfAborted } from '../../core/errors';

const pieceCharacters = 5;
const bins = 64;
const binsPerBand = 4;
const empty = 0xffffffff;
/** How far a signature of 64 may be below the true share: more than four standard deviations at 0.85. */
const signatureDoubt = 0.2;
/** Number of texts between two pauses. */
const slice = 200;
/** A band shared by very many texts (a long common preamble) is compared with this many of the first ones alone. */
const maxPerBand = 20;

/** Lists the distinct hashes of all pieces, ascending; a text shorter than a piece is one. */
function piecesOf(text: string): Uint32Array {
  const count = Math.max(1, text.length - pieceCharacters + 1);
  const hashes = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    let h = 0x811c9dc5;
    for (let i = start; i < start + pieceCharacters && i < text.length; i++)
      h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
    h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
    hashes[start] = h ^ (h >>> 13);
  }
  hashes.sort();
  return hashes.filter((hash, i) => i === 0 || hash !== hashes[i - 1]);
}

/** Takes the least hash in each of `bins` parts; an empty part takes the next filled one's. */
function signatureOf(pieces: Uint32Array): Uint32Array {
  const least = new Uint32Array(bins).fill(empty);
  for (const h of pieces) {
    const bin = h % bins;
    if (h < (least[bin] ?? 0)) least[bin] = h;
  }
  const filled = least.slice();
  for (let bin = 0; bin < bins; bin++) {
    for (let step = 1; filled[bin] === empty && step < bins; step++) filled[bin] = least[(bin + step) % bins] ?? empty;
  }
  return filled;
}

/** Computes the share of both texts' pieces that both have; both lists are ascending. */
function similarity(a: Uint32Array, b: Uint32Array): number {
  let [i, j, both] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const [x, y] = [a[i]!, b[j]!];
    if (x === y) both++;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return both / (a.length + b.length - both);
}

/**
 * Tells whether an exact comparison is worth its time: the sizes allow it, and the signatures do not speak against it.
 */
function mayResemble(
  a: Uint32Array,
  b: Uint32Array,
  signatureA: Uint32Array,
  signatureB: Uint32Array,
  atLeast: number,
): boolean {
  if (Math.min(a.length, b.length) < atLeast * Math.max(a.length, b.length)) return false;
  let equal = 0;
  for (let bin = 0; bin < bins; bin++) if (signatureA[bin] === signatureB[bin]) equal++;
  return equal >= (atLeast - signatureDoubt) * bins;
}

/**
 * Finds for each text the first earlier one that it resembles by `atLeast`, or null.
 * @param onCompare called for each two texts that are compared: the work that must not grow with the texts' square
 */
export async function findNearDuplicates(
  texts: readonly string[],
  atLeast: number,
  signal?: AbortSignal,
  onCompare?: () => void,
): Promise<readonly (number | null)[]> {
  const pieces: Uint32Array[] = [];
  const signatures: Uint32Array[] = [];
  const bands = new Map<string, number[]>();
  const found: (number | null)[] = [];
  for (const [index, text] of texts.entries()) {
    if (index % slice === slice - 1) {
      await breathe();
      throwIfAborted(signal);
    }
    const own = piecesOf(text);
    pieces.push(own);
    const signature = signatureOf(own);
    signatures.push(signature);
    const candidates = new Set<number>();
    for (let start = 0; start < bins; start += binsPerBand) {
      const key = `${start}:${signature.subarray(start, start + binsPerBand).join()}`;
      const earlier = bands.get(key);
      if (earlier === undefined) bands.set(key, [index]);
      else {
        for (const other of earlier) candidates.add(other);
        if (earlier.length < maxPerBand) earlier.push(index);
      }
    }
    const resembles = (other: number) => {
      onCompare?.();
      return (
        mayResemble(own, pieces[other]!, signature, signatures[other]!, atLeast) &&
        similarity(own, pieces[other]!) >= atLeast
      );
    };
    found.push([...candidates].sort((a, b) => a - b).find(resembles) ?? null);
  }
  return found;
}
