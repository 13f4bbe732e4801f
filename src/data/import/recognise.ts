/**
 * @file What the rows of a file are: which shape of data, and in which columns. Only a guess, by the names of the
 * columns and by what they hold; where these contradict each other nothing is proposed. A plan can be made by hand as
 * well, and is carried out by make-pairs.ts. Many rows are looked at, for the first one may be odd.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import { message, type Message } from '../../messages/message';
import { holdsChats, isBlank, mostly, questionShare } from './column-content';
import { findNamed, isOwnName } from './column-names';
import { toMessages } from './chat-values';
import { meaningOfBest } from './best-of-list';
import { commonMessages } from './common-prompt';
import { guessPrompt, type Seen } from './guess-prompt';
import { columnRoles, columnsUsed, isComplete, type ImportPlan, type PromptColumns } from './plan';
import type { Table } from './read-table';
import { planOfCompared } from './recognise-compared';
import { readScore } from './scored';
import { readThumb } from './thumbs';
import { isTranscript } from './transcripts';

export interface Recognition {
  /** Null where no shape fits at all, or the content speaks against the one whose names fit. */
  readonly plan: ImportPlan | null;
  /** False where columns are named otherwise than the shape's own, so that a person should look. */
  readonly isSure: boolean;
  readonly columns: readonly string[];
  /** Those in which any row has a value. */
  readonly filled: readonly string[];
  /** Those of them that the plan does not read. */
  readonly leftOver: readonly string[];
  /** What speaks against the names, or has to be told. */
  readonly doubt: Message | null;
}

const sampleRows = 200;

interface Guess {
  readonly plan: ImportPlan | null;
  readonly doubt: Message | null;
}

const no: Guess = { plan: null, doubt: null };
const sure = (plan: ImportPlan): Guess => ({ plan, doubt: null });

function most(rows: readonly JsonObject[], test: (row: JsonObject) => boolean): boolean {
  return rows.length > 0 && rows.filter(test).length * 2 >= rows.length;
}

/** Whether scores, or the form of the texts, say that chosen and rejected are not what their names say. */
function contradiction(rows: readonly JsonObject[], plan: ImportPlan & { shape: 'pairs' }): Message | null {
  const { prompt, chosen, rejected, chosenScore, rejectedScore } = plan;
  if (chosenScore != null && rejectedScore != null) {
    const scored = rows.map((row) => [readScore(row[chosenScore]), readScore(row[rejectedScore])] as const);
    const known = scored.filter(([a, b]) => a !== null && b !== null && a !== b);
    if (known.length > 0 && known.filter(([a, b]) => (a ?? 0) < (b ?? 0)).length * 2 > known.length)
      return message('scoresContradict', { chosen, rejected });
  }
  const [asked, inChosen, inRejected] = [prompt, chosen, rejected].map((column) => questionShare(rows, column));
  if ((inChosen ?? 0) > 0.6 && (asked ?? 0) < 0.2 && (inRejected ?? 0) < 0.4 && rows.length > 1)
    return message('chosenAsks', { chosen, prompt });
  return null;
}

function guessPair(seen: Seen): Guess {
  const { rows, columns } = seen;
  const [chosen, rejected] = [findNamed(columns, 'chosen'), findNamed(columns, 'rejected')];
  if (chosen === null || rejected === null) return no;
  if (most(rows, (row) => isTranscript(row[chosen]) && isTranscript(row[rejected])))
    return sure({ shape: 'transcripts', chosen, rejected, as: 'text' });
  const rest = columns.filter((column) => column !== chosen && column !== rejected);
  const prompt = guessPrompt(seen, [chosen, rejected]);
  if (prompt !== null && !beginTogether(seen, prompt.prompt, [chosen, rejected])) {
    const [chosenScore, rejectedScore] = [findNamed(rest, 'chosenScore'), findNamed(rest, 'rejectedScore')];
    const scores = chosenScore !== null && rejectedScore !== null ? { chosenScore, rejectedScore } : {};
    const margin = findNamed(rest, 'margin');
    const numbers = { ...scores, ...(margin !== null && { margin }) };
    const plan: ImportPlan & { shape: 'pairs' } = { shape: 'pairs', ...prompt, chosen, rejected, ...numbers };
    const doubt = contradiction(rows, plan);
    return doubt === null ? sure(plan) : { plan: null, doubt };
  }
  // Prose beside the answers may be the prompt, by a name that nobody foresaw: no prompt is guessed then.
  const prose = holdsChats(rows, chosen) ? undefined : rest.find((column) => mostly(rows, column, isProse));
  if (prose !== undefined) return { plan: null, doubt: message('maybePrompt', { column: prose }) };
  return sure({ shape: 'implicit', chosen, rejected });
}

/**
 * Whether the answers are whole conversations with a beginning in common, so that a column that is no prompt by its
 * name (what the data was made of) need not be one.
 */
function beginTogether({ rows }: Seen, prompt: string, [chosen, rejected]: readonly [string, string]): boolean {
  if (findNamed([prompt], 'prompt') !== null) return false;
  return most(rows, (row) => {
    const [good, bad] = [toMessages(row[chosen]), toMessages(row[rejected])];
    if (!Array.isArray(good) || !Array.isArray(bad)) return false;
    const [first] = good as readonly unknown[];
    return isJsonObject(first) && first['role'] !== 'assistant' && commonMessages(good, bad) > 0;
  });
}

const isProse = (value: unknown): boolean => typeof value === 'string' && /\s/.test(value.trim()) && value.length > 8;

/** A conversation whose last turn is the answer, with or without a worse one beside it. */
function guessLastTurn({ rows, columns, filled }: Seen): Guess {
  const messages = findNamed(columns, 'messages');
  if (messages === null || !holdsChats(rows, messages) || findNamed(columns, 'chosen') !== null) return no;
  const rest = columns.filter((column) => column !== messages);
  // The answers stand beside it.
  if (findNamed(rest, 'answers') !== null) return no;
  const rejected = findNamed(rest, 'rejected');
  const label = findNamed(rest, 'label');
  const isThumb = rejected === null && label !== null && mostly(rows, label, (value) => readThumb(value) !== null);
  const system = findNamed(
    filled.filter((column) => column !== messages && column !== rejected),
    'system',
  );
  return sure({ shape: 'lastTurn', messages, rejected, ...(isThumb && { label }), ...(system !== null && { system }) });
}

/** Whether at least half of the prompts have answers of both kinds, so that they make pairs. */
function makesPairs(rows: readonly JsonObject[], prompt: string, label: string): boolean {
  const kinds = new Map<string, Set<unknown>>();
  for (const row of rows) {
    const key = JSON.stringify(row[prompt]);
    kinds.set(key, (kinds.get(key) ?? new Set()).add(readThumb(row[label])));
  }
  return [...kinds.values()].filter(({ size }) => size > 1).length * 2 >= kinds.size;
}

const isListOfAnswers = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 1 && value.every((one) => typeof one === 'string');

const isListOfNumbers = (value: unknown): boolean =>
  Array.isArray(value) && value.length > 1 && value.every((one) => readScore(one) !== null);

const isOneOf = (value: unknown, list: unknown): boolean =>
  typeof value === 'string' && Array.isArray(list) && list.includes(value);

/** Answers in a list, with the column that has a score for each; one number beside them may name the best. */
function rankedPlan({ rows, columns }: Seen, named: PromptColumns & { readonly answers: string }): Guess {
  const rest = columns.filter((column) => !Object.values(named).includes(column));
  const lists = rest.filter((column) => mostly(rows, column, isListOfNumbers));
  const scores =
    findNamed(rest, 'scores') ?? findNamed(lists, 'score') ?? lists.find((name) => /rank|score/i.test(name));
  const isTexts = most(rows, (row) => isListOfAnswers(row[named.answers]));
  const single = rest.filter((column) => !lists.includes(column));
  const verdict =
    single.find((column) => /choice|chosen|best|better|winner|prefer|^labels?$|선택|정답|좋은|나은/i.test(column)) ??
    single.find((column) => most(rows, (row) => isOneOf(row[column], row[named.answers])));
  if (scores === undefined && isTexts && verdict !== undefined) {
    const meaning = meaningOfBest(rows, verdict, named.answers);
    const doubt = meaning === null ? message('verdictOfList', { column: verdict, answers: named.answers }) : null;
    return { plan: { shape: 'ranked', ...named, scores: null, best: verdict, meaning, pairing: 'all' }, doubt };
  }
  return sure({ shape: 'ranked', ...named, scores: scores ?? null, pairing: 'all' });
}

/** One answer a row, or a list of answers. */
function guessAnswers(seen: Seen): Guess {
  const { rows, columns } = seen;
  const answers = findNamed(columns, 'answers');
  const listPrompt = guessPrompt(seen, [answers]);
  if (answers !== null && listPrompt !== null && most(rows, (row) => Array.isArray(row[answers]))) {
    return rankedPlan(seen, { ...listPrompt, answers });
  }
  const answer = findNamed(columns, 'answer');
  const rejected = findNamed(columns, 'rejected');
  const prompt = answer === null ? null : guessPrompt(seen, [answer, rejected]);
  if (answer === null || prompt === null) return no;
  // The good answer by a plain name, beside a bad one.
  if (rejected !== null && rejected !== answer) return sure({ shape: 'pairs', ...prompt, chosen: answer, rejected });
  // The older form of LLaMA-Factory: the good answer and the bad one in a list.
  if (most(rows, (row) => isListOfAnswers(row[answer]))) return rankedPlan(seen, { ...prompt, answers: answer });
  const beside = columns.filter((column) => column !== answer && !Object.values(prompt).includes(column));
  const label = findNamed(beside, 'label');
  const isThumb = label !== null && mostly(rows, label, (value) => readThumb(value) !== null);
  if (isThumb && !makesPairs(rows, prompt.prompt, label)) return sure({ shape: 'thumbs', ...prompt, answer, label });
  const score = findNamed(beside, 'score') ?? (isThumb ? label : null);
  if (score !== null) return sure({ shape: 'ratings', ...prompt, answer, score, pairing: 'all' });
  return sure({ shape: 'completions', ...prompt, answer });
}

/** Where the names are right and one is missing, rows are refused by name. */
function guessHalf(columns: readonly string[]): Guess {
  const own = { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' } as const;
  return Object.values(own).filter((name) => columns.includes(name)).length < 2 ? no : sure({ shape: 'pairs', ...own });
}

/** The first rows that are objects. */
export function sampleOf({ rows }: Table): readonly JsonObject[] {
  const sample: JsonObject[] = [];
  for (const { value } of rows) {
    if (isJsonObject(value)) sample.push(value);
    if (sample.length === sampleRows) break;
  }
  return sample;
}

function guess(seen: Seen, all: readonly string[]): Guess {
  if (
    most(seen.rows, (row) => isJsonObject(row['input']) && 'preferred_output' in row && 'non_preferred_output' in row)
  )
    return sure({ shape: 'openai' });
  const order = [guessPair, planOfCompared, guessLastTurn, guessAnswers, () => guessHalf(all)];
  for (const attempt of order) {
    const found = attempt(seen);
    if (found.plan !== null || found.doubt !== null) return found;
  }
  return no;
}

/** Whether a plan can be carried out without anybody looking: its columns bear the shape's own names. */
function isPlain(plan: ImportPlan): boolean {
  if (['compared', 'thumbs', 'completions', 'lastTurn'].includes(plan.shape)) return false;
  const named = plan as Partial<Record<string, string | null>>;
  if ((['system', 'history', 'input'] as const).some((role) => named[role] != null)) return false;
  return columnRoles[plan.shape].every((role) => {
    const column = named[role];
    return (
      column == null ||
      role === 'chosenScore' ||
      role === 'rejectedScore' ||
      role === 'margin' ||
      isOwnName(column, role)
    );
  });
}

/** The columns of all rows, and those in which any row has a value. */
function columnsOf({ rows }: Table): { readonly all: readonly string[]; readonly filled: readonly string[] } {
  const [all, filled] = [new Set<string>(), new Set<string>()];
  for (const { value } of rows)
    for (const [column, cell] of isJsonObject(value) ? Object.entries(value) : []) {
      all.add(column);
      if (!isBlank(cell)) filled.add(column);
    }
  return { all: [...all], filled: [...all].filter((column) => filled.has(column)) };
}

/** What is known of a file before its shape is guessed. */
export function seenIn(table: Table): Seen & { readonly all: readonly string[] } {
  const rows = sampleOf(table);
  const { all, filled } = columnsOf(table);
  return { rows, columns: all.filter((column) => most(rows, (row) => row[column] != null)), filled, all };
}

/** Guesses by the first rows what the file holds. Columns that are empty in all of it are not left over. */
export function recognise(table: Table): Recognition {
  const seen = seenIn(table);
  const { all, filled } = seen;
  const { plan, doubt } = guess(seen, all);
  return {
    plan,
    isSure: plan !== null && doubt === null && isComplete(plan) && isPlain(plan),
    columns: all,
    leftOver: plan === null ? [] : leftOverOf(plan, filled),
    filled,
    doubt,
  };
}

/** The columns that hold something and that a plan does not read. */
export function leftOverOf(plan: ImportPlan, filled: readonly string[]): readonly string[] {
  const used = columnsUsed(plan);
  return filled.filter((column) => !used.includes(column));
}
