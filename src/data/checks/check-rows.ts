/**
 * @file What is wrong with a set of pairs, check by check, and what a fix makes of it. Pure; lengths and the length
 * confound are statistics.ts's, what needs the model's tokens is encode-pair's.
 */
import { findContradictions, keyOf, pairTexts } from './contradictions';
import { toChatPair } from '../pair-form';
import { hasAnswer, isChatPair, type PreferencePair } from '../preference-pair';
import { heldOut, type Split } from '../split';
import { hasGluedAnswer, isContinuation, withoutGluedAnswer } from './joined-texts';
import { findNearDuplicates } from './near-duplicates';
import { withoutRepeatedPrompt } from './prompt-in-answer';
import { specialTokensIn, withoutSpecialTokens } from './special-tokens';
import { textOf } from './text-of';
import { hasMarkup, hasPersonalData, withoutMarkup, withoutPersonalData } from './written-texts';

/** The checks in the order of the screen; what destroys training comes first. */
export const checkIds = [
  'emptyAnswer',
  'emptyPrompt',
  'plainText',
  'gluedAnswer',
  'identicalAnswers',
  'contradiction',
  'exactDuplicate',
  'nearDuplicate',
  'promptInAnswer',
  'specialTokens',
  'personalData',
  'markup',
  'leakage',
] as const;

export type CheckId = (typeof checkIds)[number];

export interface CheckContext {
  /** Special tokens of the loaded model; empty without one. */
  readonly specialTokens: readonly string[];
  readonly eosToken: string | null;
  readonly split: Split | null;
  /** Whether the loaded model has a chat template. */
  readonly hasTemplate?: boolean;
}

/**
 * Indices of the pairs that each check found: of duplicates the later ones, of leakage those of the evaluation side.
 */
export type CheckReport = Readonly<Record<CheckId, readonly number[]>>;

/** Share of five-character pieces in common from which two pairs, or two prompts, are nearly the same. */
const nearlySame = 0.85;

interface Row {
  readonly pair: PreferencePair;
}

/** What pandas and databases print where nothing is. */
const absentWords = new Set(['', 'nan', 'NaN', 'null', 'NULL', '<NA>', 'None', '#N/A', 'N/A']);

/** An answer of nothing but space, or the word for it; one that is absent (SFT, thumbs) is none, unless both are. */
function isEmpty(pair: PreferencePair): boolean {
  const present = (['chosen', 'rejected'] as const).filter((side) => hasAnswer(pair, side));
  return present.length === 0 || present.some((side) => absentWords.has(textOf(pair[side]).trim()));
}

const hasBoth = (pair: PreferencePair): boolean => hasAnswer(pair, 'chosen') && hasAnswer(pair, 'rejected');

/**
 * Text among chat messages, or for a model with a template; not where all answers go on in their prompts' words and are
 * meant to be text.
 */
function findPlainText(rows: readonly Row[], hasTemplate: boolean): number[] {
  const texts = rows.flatMap(({ pair }, index) => (isChatPair(pair) ? [] : [index]));
  if (texts.length < rows.length) return texts;
  return !hasTemplate || rows.every(({ pair }) => isContinuation(pair)) ? [] : texts;
}

function findRepeats(rows: readonly Row[]): Set<number> {
  const seen = new Set<string>();
  const repeats = new Set<number>();
  for (const [index, { pair }] of rows.entries()) {
    const key = JSON.stringify([pair.prompt, pair.chosen, pair.rejected]);
    if (seen.has(key)) repeats.add(index);
    seen.add(key);
  }
  return repeats;
}

/** Finds the evaluation pairs whose prompt nearly is one of training. */
async function findLeakage(
  rows: readonly Row[],
  prompts: readonly string[],
  split: Split | null,
  signal?: AbortSignal,
): Promise<number[]> {
  if (split === null) return [];
  const isHeldOut = heldOut(rows, split);
  const sides = rows.map(({ pair }) => isHeldOut(pair));
  // Training's prompts first, so that a prompt of evaluation finds them as earlier ones; each distinct text once.
  const trained = [...new Set(prompts.filter((_, i) => sides[i] === false))];
  const held = [...new Set(prompts.filter((_, i) => sides[i] === true))];
  const near = await findNearDuplicates([...trained, ...held], nearlySame, signal);
  const leaks = new Set(held.filter((_, i) => (near[trained.length + i] ?? trained.length) < trained.length));
  return prompts.flatMap((prompt, i) => (sides[i] === true && leaks.has(prompt) ? [i] : []));
}

/** Runs all checks, and gives way to the page between slices of work. */
export async function checkRows(
  rows: readonly Row[],
  context: CheckContext,
  signal?: AbortSignal,
): Promise<CheckReport> {
  const texts = rows.map(({ pair }) => pairTexts(pair));
  const repeats = findRepeats(rows);
  // Empty answers would all be near duplicates of one another.
  const near = await findNearDuplicates(
    texts.map(({ prompt, chosen, rejected }) => keyOf(prompt, chosen, rejected)),
    nearlySame,
    signal,
  );
  const contradictions = findContradictions(texts);
  const opposed = new Set(contradictions);
  const indices = (test: (row: Row, index: number) => boolean) =>
    rows.flatMap((row, index) => (test(row, index) ? [index] : []));
  return {
    emptyAnswer: indices(({ pair }) => isEmpty(pair)),
    emptyPrompt: indices(({ pair }) => textOf(pair.prompt).trim() === ''),
    plainText: findPlainText(rows, context.hasTemplate === true),
    // With a template the pairs had better become messages, which is the finding before.
    gluedAnswer: context.hasTemplate === false ? indices(({ pair }) => hasGluedAnswer(pair)) : [],
    identicalAnswers: indices(
      ({ pair }, i) => hasBoth(pair) && !isEmpty(pair) && texts[i]?.chosen === texts[i]?.rejected,
    ),
    contradiction: contradictions,
    exactDuplicate: [...repeats],
    nearDuplicate: near.flatMap((earlier, index) =>
      earlier === null || repeats.has(index) || opposed.has(index) ? [] : [index],
    ),
    promptInAnswer: indices(({ pair }) => withoutRepeatedPrompt(pair) !== pair),
    specialTokens:
      context.specialTokens.length === 0
        ? []
        : indices(({ pair }) => specialTokensIn(pair, context.specialTokens, context.eosToken).length > 0),
    personalData: indices(({ pair }) => hasPersonalData(pair)),
    markup: indices(({ pair }) => hasMarkup(pair)),
    leakage: await findLeakage(
      rows,
      texts.map(({ prompt }) => prompt),
      context.split,
      signal,
    ),
  };
}

/**
 * Returns the rows after a check's fix: texts are corrected where that is possible, otherwise the pairs found are
 * removed.
 */
export function fixRows<T extends Row>(
  rows: readonly T[],
  check: CheckId,
  report: CheckReport,
  context: CheckContext,
): readonly T[] {
  const found = new Set(report[check]);
  const edit = (correct: (pair: PreferencePair) => PreferencePair) =>
    rows.map((row, index) => (found.has(index) ? { ...row, pair: correct(row.pair) } : row));
  if (check === 'promptInAnswer') return edit(withoutRepeatedPrompt);
  if (check === 'plainText') return edit(toChatPair);
  if (check === 'gluedAnswer') return edit(withoutGluedAnswer);
  if (check === 'personalData') return edit(withoutPersonalData);
  if (check === 'markup') return edit(withoutMarkup);
  if (check === 'specialTokens')
    return edit((pair) => withoutSpecialTokens(pair, context.specialTokens, context.eosToken));
  return rows.filter((_, index) => !found.has(index));
}
