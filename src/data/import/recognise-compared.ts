/** @file Two answers a row and which is better: which columns they are, and what the verdict's values mean. */
import type { JsonObject } from '../../core/json';
import { message, type Message } from '../../messages/message';
import { holdsAnswers, holdsNumbers, meanLength, mostly } from './column-content';
import { findNamed, markedPairs, namesAnswer, plainName, sideOf } from './column-names';
import { namedSide, verdictValue } from './compared';
import type { ImportPlan, PlanOf, VerdictMeaning } from './plan';
import { guessPrompt, type Seen } from './guess-prompt';
import { readScore } from './scored';

type Pair = readonly [first: string, second: string];

/** The two answers: columns that differ in a mark, called answers if some are, the longest. */
function findAnswers(rows: readonly JsonObject[], columns: readonly string[]): Pair | null {
  const pairs = markedPairs(columns).filter((pair) => pair.every((column) => holdsAnswers(rows, column)));
  const called = pairs.filter(([first]) => namesAnswer(first));
  const weight = ([first, second]: Pair) => meanLength(rows, first) + meanLength(rows, second);
  const candidates = called.length > 0 ? called : pairs;
  return candidates.reduce<Pair | null>(
    (best, pair) => (best === null || weight(pair) > weight(best) ? pair : best),
    null,
  );
}

/** A score for each answer. */
function findScores(rows: readonly JsonObject[], columns: readonly string[]): Pair | null {
  const isScores = ([first, second]: Pair) =>
    [first, second].every(
      (column) => holdsNumbers(rows, column) && mostly(rows, column, (value) => typeof value !== 'boolean'),
    ) &&
    /score|rating|reward|rank|vote|점수|평점|^winnermodel/.test(plainName(first)) &&
    !/rank/.test(plainName(first));
  return markedPairs(columns).find(isScores) ?? null;
}

const isNamedVerdict = (rows: readonly JsonObject[], column: string, [first, second]: Pair): boolean =>
  mostly(rows, column, (value) => namedSide(verdictValue(value), first, second) !== null);

/** The verdict's column: by its name, or one whose values name an answer. */
function findVerdict(rows: readonly JsonObject[], columns: readonly string[], answers: Pair): string | null {
  const isVerdict = (column: string) =>
    isNamedVerdict(rows, column, answers) || mostly(rows, column, (value) => readScore(verdictValue(value)) !== null);
  const named = findNamed(columns.filter(isVerdict), 'better');
  if (named !== null) return named;
  // A number may be anything; a column that names the answers, in more than one word or none, is the verdict.
  const naming = columns.filter((column) => !holdsNumbers(rows, column) && isNamedVerdict(rows, column, answers));
  // What a model suggested to the annotator is no verdict beside the annotator's own.
  return naming.find((column) => !/suggest/i.test(column)) ?? naming[0] ?? null;
}

interface Meaning {
  readonly meaning: VerdictMeaning | null;
  readonly doubt: Message | null;
}

/** Whether 1 goes with the higher score of the first answer (or of the second); null without evidence. */
function byScores(rows: readonly JsonObject[], better: string, [first, second]: Pair): VerdictMeaning | null {
  let [ofFirst, ofSecond] = [0, 0];
  for (const row of rows) {
    const [verdict, a, b] = [verdictValue(row[better]), row[first], row[second]].map(readScore);
    if (verdict == null || a == null || b == null || a === b) continue;
    if ((verdict === 1) === a > b) ofFirst++;
    else ofSecond++;
  }
  return ofFirst > 0 && ofSecond === 0 ? 'firstIsOne' : ofSecond > 0 && ofFirst === 0 ? 'from0' : null;
}

/** What the values of a verdict's column mean for these answers, where they tell. */
export function meaningOf(rows: readonly JsonObject[], better: string, answers: Pair, scores: Pair | null): Meaning {
  const certain = (meaning: VerdictMeaning): Meaning => ({ meaning, doubt: null });
  const doubt = message('verdictAmbiguous', { column: better, first: answers[0], second: answers[1] });
  const numbers = rows.flatMap((row) => readScore(verdictValue(row[better])) ?? []);
  if (numbers.length * 2 < rows.length) return certain('name');
  const values = new Set(numbers);
  const within = (...allowed: number[]) => [...values].every((value) => allowed.includes(value));
  const name = plainName(better);
  const mark = sideOf(answers[0], answers[1]);
  if (within(0, 1)) {
    if (mark === '0' || /id$|index$/.test(name)) return certain('from0');
    const evident = scores === null ? null : byScores(rows, better, scores);
    return evident === null ? { meaning: null, doubt } : certain(evident);
  }
  if (within(1, 2)) return certain('from1');
  // HelpSteer2 and 3 count from -3, the first far better, to 3.
  if (/^(overallpreference|preferencestrength)$/.test(name)) return certain('signSecond');
  return { meaning: null, doubt };
}

/** Two answers and a verdict, or two answers and two scores. */
export function planOfCompared(seen: Seen): { readonly plan: ImportPlan | null; readonly doubt: Message | null } {
  const { rows, columns } = seen;
  const answers = findAnswers(rows, columns);
  if (answers === null) return { plan: null, doubt: null };
  const [first, second] = answers;
  const rest = columns.filter((column) => column !== first && column !== second);
  const scores = findScores(rows, rest);
  const open = rest.filter((column) => !scores?.includes(column));
  const better = findVerdict(rows, open, answers);
  if (better === null && scores === null) return { plan: null, doubt: null };
  const prompt = guessPrompt(seen, [first, second, better]) ?? { prompt: null };
  const plan: PlanOf<'compared'> = {
    ...{ shape: 'compared', ...prompt, first, second, better, meaning: null },
    ...(scores !== null && { firstScore: scores[0], secondScore: scores[1] }),
  };
  if (better === null) return { plan, doubt: null };
  const { meaning, doubt } = meaningOf(rows, better, answers, scores);
  return { plan: { ...plan, meaning }, doubt };
}
