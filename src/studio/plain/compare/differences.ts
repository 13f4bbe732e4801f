/** @file What the words of an answer have that those of another have not, by jsdiff. Pure. */
import { diffWords } from 'diff';

export interface AnswerPiece {
  readonly text: string;
  readonly isNew: boolean;
}

export interface Differences {
  /** The answer cut into pieces, each of words that the other answer has or of words that it has not. */
  readonly pieces: readonly AnswerPiece[];
  /** Share of the answer's words and punctuation marks that the other answer has not; 0 for an empty answer. */
  readonly share: number;
}

/** Cuts text of any script into words; jsdiff alone takes only Latin letters for parts of words. */
const words = new Intl.Segmenter(undefined, { granularity: 'word' });

export function differencesFrom(reference: string, answer: string): Differences {
  let [fresh, all] = [0, 0];
  const pieces: AnswerPiece[] = [];
  for (const { value, added, removed, count } of diffWords(reference, answer, { intlSegmenter: words })) {
    if (removed) continue;
    pieces.push({ text: value, isNew: added });
    all += count;
    if (added) fresh += count;
  }
  return { pieces, share: all === 0 ? 0 : fresh / all };
}
