/**
 * @file Answers with scores or ranks -> pairs of a better and a worse one: lists of answers, and rows of one prompt.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import { message, type Message } from '../../messages/message';
import type { PairScores } from '../preference-pair';
import { composePrompt, toCandidate } from './chat-values';
import { checkCandidate, describe, partProblem } from './check-record';
import type { Pairing, PlanOf } from './plan';
import type { MadePair, RowResult } from './row-result';

/** All pairs of so many answers; a longer list is ended by its best and its worst. */
const maxAnswers = 64;

interface Scored {
  readonly answer: unknown;
  /** Greater is better. */
  readonly score: number;
  readonly row: number;
}

/** Pairs of answers of different scores, the better one chosen. `scored` need not be sorted. */
function pairUp(scored: readonly Scored[], pairing: Pairing): readonly (readonly [Scored, Scored])[] {
  const sorted = [...scored].sort((a, b) => b.score - a.score);
  const [best, worst] = [sorted[0], sorted.at(-1)];
  if (best === undefined || worst === undefined) return [];
  if (pairing === 'ends' || sorted.length > maxAnswers) return best.score > worst.score ? [[best, worst]] : [];
  return sorted.flatMap((better, i) =>
    sorted
      .slice(i + 1)
      .filter(({ score }) => score < better.score)
      .map((worse) => [better, worse] as const),
  );
}

/** A number, a number as text (CSV), or true and false. */
export function readScore(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && /^\s*(true|false)\s*$/i.test(value)) return /true/i.test(value) ? 1 : 0;
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof score === 'number' && Number.isFinite(score) ? score : null;
}

const answerKeys = ['answer', 'response', 'completion', 'text', 'content', 'output', 'body'];
const scoreKeys = [
  ...['score', 'rating', 'overall_score', 'reward', 'pm_score', 'overall_rating', 'helpfulness', 'votes', 'upvotes'],
];

interface Item {
  readonly answer: unknown;
  readonly score: number;
  /** Whether the score is one of the file's, not a place or a rank. */
  readonly isScore: boolean;
}

/** One item of a ranked list: text, messages, or an object with an answer and perhaps a score or a rank. */
function readItem(
  item: unknown,
  { index, count }: { readonly index: number; readonly count: number },
  column: { readonly name: string; readonly score: unknown } | null,
): Item | { fault: Message } {
  const inner = isJsonObject(item) ? answerKeys.find((key) => key in item) : undefined;
  if (isJsonObject(item) && inner === undefined)
    return { fault: message('answerWithoutKey', { answer: describe(item), keys: answerKeys.join(', ') }) };
  const answer = isJsonObject(item) && inner !== undefined ? item[inner] : item;
  const own = isJsonObject(item) ? [...scoreKeys, 'rank'].find((key) => key in item) : undefined;
  // A list of texts is in the order of their worth; objects say more, and their order may mean nothing.
  if (isJsonObject(item) && own === undefined && column === null)
    return {
      fault: message('answerWithoutScore', { answer: describe(item), keys: [...scoreKeys, 'rank'].join(', ') }),
    };
  const given = column !== null ? column.score : isJsonObject(item) && own !== undefined ? item[own] : count - index;
  const value = readScore(given);
  if (value === null) return { fault: message('scoreNotNumberInList', { value: describe(given) }) };
  const isRank = column === null ? own === 'rank' : /rank|순위/i.test(column.name);
  return { answer, score: isRank ? -value : value, isScore: !isRank && (column !== null || own !== undefined) };
}

/** The scores of a pair's two answers. */
const scoresOf = (better: Scored, worse: Scored): PairScores => ({ chosen: better.score, rejected: worse.score });

/** The list of answers, of two or more. */
export function answersOf(row: JsonObject, plan: PlanOf<'ranked'>): readonly unknown[] | { readonly problem: Message } {
  const answers = row[plan.answers];
  if (Array.isArray(answers) && answers.length > 1) return answers;
  if (answers === undefined) return { problem: message('partMissing', { key: plan.answers }) };
  return { problem: message('answersNotList', { value: describe(answers), key: plan.answers }) };
}

/** A row with a list of answers. */
export function readRanked(row: JsonObject, plan: PlanOf<'ranked'>): RowResult {
  const answers = answersOf(row, plan);
  if ('problem' in answers) return answers;
  const scores = plan.scores === null ? null : row[plan.scores];
  if (scores !== null && (!Array.isArray(scores) || scores.length !== answers.length)) {
    const values = { value: describe(scores), key: String(plan.scores), count: answers.length };
    return { problem: message('scoresNotList', values) };
  }
  const scored: (Scored & Item)[] = [];
  for (const [index, item] of answers.entries()) {
    const column = scores === null ? null : { name: String(plan.scores), score: (scores as readonly unknown[])[index] };
    const read = readItem(item, { index, count: answers.length }, column);
    if ('fault' in read)
      return { problem: message('answerFault', { number: index + 1, key: plan.answers, fault: read.fault }) };
    scored.push({ ...read, row: 0 });
  }
  const composed = composePrompt(row, plan);
  if ('problem' in composed) return composed;
  const names = { prompt: plan.prompt, chosen: plan.answers, rejected: plan.answers };
  const hasScores = scored.every(({ isScore }) => isScore);
  const pairs: MadePair[] = [];
  for (const [better, worse] of pairUp(scored, plan.pairing)) {
    const checked = checkCandidate(toCandidate(composed.prompt, better.answer, worse.answer), names);
    if ('problem' in checked) return checked;
    pairs.push({ pair: checked.pair, scores: hasScores ? scoresOf(better, worse) : null });
  }
  return pairs.length > 0 ? { pairs } : { problem: message('scoresSame', { key: plan.answers }) };
}

function ratingProblem(row: JsonObject, plan: PlanOf<'ratings'>, prompt: unknown): Message | null {
  const given = row[plan.score];
  const problem = partProblem('prompt', plan.prompt, prompt) ?? partProblem('chosen', plan.answer, row[plan.answer]);
  if (problem !== null || readScore(given) !== null) return problem;
  if (given === undefined) return message('partMissing', { key: plan.score });
  return message('scoreNotNumber', { value: describe(given), key: plan.score });
}

export interface NumberedRow {
  readonly row: number;
  readonly value: JsonObject;
}

/** Groups rows by prompt; a prompt whose answers all have one score is refused at its first row. */
export function readRatings(
  rows: readonly NumberedRow[],
  plan: PlanOf<'ratings'>,
  add: (row: number, result: RowResult) => void,
): void {
  const groups = new Map<string, { prompt: unknown; scored: Scored[] }>();
  for (const { row, value } of rows) {
    const composed = composePrompt(value, plan);
    const prompt = 'problem' in composed ? undefined : composed.prompt;
    const problem = 'problem' in composed ? composed.problem : ratingProblem(value, plan, prompt);
    const score = readScore(value[plan.score]);
    if (problem !== null) add(row, { problem });
    if (problem !== null || score === null) continue;
    const key = JSON.stringify(prompt);
    const group = groups.get(key) ?? { prompt, scored: [] };
    group.scored.push({ answer: value[plan.answer], score, row });
    groups.set(key, group);
  }
  const names = { prompt: plan.prompt, chosen: plan.answer, rejected: plan.answer };
  for (const { prompt, scored } of groups.values()) {
    const pairs = pairUp(scored, plan.pairing);
    for (const [better, worse] of pairs) {
      const checked = checkCandidate(toCandidate(prompt, better.answer, worse.answer), names);
      add(
        better.row,
        'problem' in checked ? checked : { pairs: [{ pair: checked.pair, scores: scoresOf(better, worse) }] },
      );
    }
    if (pairs.length > 0) continue;
    const why =
      scored.length === 1
        ? message('onlyOneOfPrompt')
        : message('allScoredSame', { count: scored.length - 1, key: plan.score });
    add(scored[0]?.row ?? 1, { problem: message('noPairOfPrompt', { why, prompt: describe(prompt) }) });
  }
}
