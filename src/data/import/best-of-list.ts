/**
 * @file A list of answers, and a column that says which of them is the best: its text, its letter, or its number from 0
 * or from 1. The others are each worse than it, and say nothing of each other.
 */
import type { JsonObject } from '../../core/json';
import { message } from '../../messages/message';
import { composePrompt, toCandidate } from './chat-values';
import { checkCandidate, describe } from './check-record';
import { verdictValue } from './compared';
import type { PlanOf, VerdictMeaning } from './plan';
import type { MadePair, RowResult } from './row-result';
import { answersOf, readScore } from './scored';

/** What a column that names the best of a list may hold. */
export const bestMeanings = ['name', 'from0', 'from1'] as const satisfies readonly VerdictMeaning[];

/** The place of the answer that a text or a letter names; null where it names none, or several. */
function namedPlace(value: unknown, answers: readonly unknown[]): number | null {
  if (typeof value !== 'string') return null;
  const places = answers.flatMap((answer, place) => (answer === value ? [place] : []));
  if (places.length > 0) return places.length === 1 ? (places[0] ?? null) : null;
  const letter = /^\s*([a-z])\s*$/i.exec(value)?.[1];
  const place = letter === undefined ? -1 : letter.toLowerCase().charCodeAt(0) - 'a'.charCodeAt(0);
  return place >= 0 && place < answers.length ? place : null;
}

/** The place, from 0, of the best of the answers; null where the value names none of them. */
export function placeOfBest(given: unknown, answers: readonly unknown[], meaning: VerdictMeaning): number | null {
  const value = verdictValue(given);
  if (meaning === 'name') return namedPlace(value, answers);
  const number = readScore(value);
  const place = number === null ? -1 : meaning === 'from1' ? number - 1 : number;
  return Number.isInteger(place) && place >= 0 && place < answers.length ? place : null;
}

/** The meaning by which most rows name one of their answers; null where numbers from 0 and from 1 both would. */
export function meaningOfBest(rows: readonly JsonObject[], best: string, answers: string): VerdictMeaning | null {
  const lists = rows.flatMap((row) => (Array.isArray(row[answers]) ? [{ list: row[answers], given: row[best] }] : []));
  const fits = bestMeanings.filter((meaning) => {
    const named = lists.filter(({ given, list }) => placeOfBest(given, list, meaning) !== null);
    return named.length > 0 && named.length * 10 >= lists.length * 9;
  });
  // A 0 counts from 0, and the length of its list from 1.
  const numbers = lists.map(({ given, list }) => [readScore(verdictValue(given)), list.length] as const);
  const is = (meaning: VerdictMeaning): boolean => {
    if (meaning === 'from0') return !numbers.some(([number, length]) => number === length);
    return meaning === 'name' || !numbers.some(([number]) => number === 0);
  };
  const certain = fits.filter(is);
  return certain.length === 1 ? (certain[0] ?? null) : null;
}

/** A row of a list: the best answer with each of the others. */
export function readBestOfList(row: JsonObject, plan: PlanOf<'ranked'> & { readonly best: string }): RowResult {
  const answers = answersOf(row, plan);
  if ('problem' in answers) return answers;
  const place = placeOfBest(row[plan.best], answers, plan.meaning ?? 'name');
  if (place === null) {
    const values = { value: describe(row[plan.best]), key: plan.best, count: answers.length };
    return { problem: message('bestUnknown', values) };
  }
  const composed = composePrompt(row, plan);
  if ('problem' in composed) return composed;
  const names = { prompt: plan.prompt, chosen: plan.answers, rejected: plan.answers };
  const pairs: MadePair[] = [];
  for (const worse of answers.filter((_, at) => at !== place)) {
    const checked = checkCandidate(toCandidate(composed.prompt, answers[place], worse), names);
    if ('problem' in checked) return checked;
    pairs.push({ pair: checked.pair, scores: null });
  }
  return { pairs };
}
