/**
 * @file Rows and a plan -> preference pairs, and a message for every row that gives none. Rows are judged one by one:
 * a broken row never stops the others.
 */
import { message, type Message } from '../../messages/message';
import { isJsonObject, type JsonObject } from '../../core/json';
import type { PreferencePair } from '../preference-pair';
import { checkCandidate, describe, isAbsent, partProblem, type Candidate, type PartNames } from './check-record';
import { commonMessages, commonTextLength } from './common-prompt';
import { isTranscript, type ImportPlan, type Pairing } from './recognise';
import type { Table } from './read-table';

export interface RowError {
  /** 1-based; 1 for what concerns the whole file. */
  readonly row: number;
  readonly message: Message;
}

export interface ParsedPairs {
  readonly pairs: readonly PreferencePair[];
  /** Where each pair stands: the line of JSON Lines, the item of a list, the row of a table. */
  readonly rows: readonly number[];
  readonly errors: readonly RowError[];
}

type RowResult = { readonly pairs: readonly PreferencePair[] } | { readonly problem: Message };

/** Columns that TRL puts into the chat template or beside the text; leaving them out would train on something else. */
const unsupportedColumns = ['tools', 'chat_template_kwargs', 'images', 'image'];

/** All pairs of so many answers; a longer list is ended by its best and its worst. */
const maxAnswers = 64;

const oneOf = (candidate: Candidate, names: PartNames): RowResult => {
  const checked = checkCandidate(candidate, names);
  return 'problem' in checked ? checked : { pairs: [checked.pair] };
};

/** A text prompt beside chats: it is their first turn, or repeats what they begin with (as in UltraFeedback). */
function withTextPrompt(prompt: string, candidate: Candidate): Candidate {
  const { chosen, rejected } = candidate;
  if (!Array.isArray(chosen) || !Array.isArray(rejected)) return candidate;
  const shared = commonMessages(chosen, rejected);
  const last: unknown = chosen[shared - 1];
  if (isJsonObject(last) && last['content'] === prompt) return splitChats(chosen, rejected, shared);
  return shared === 0 ? { prompt: [{ role: 'user', content: prompt }], chosen, rejected } : candidate;
}

function splitChats(chosen: readonly unknown[], rejected: readonly unknown[], shared: number): Candidate {
  return { prompt: chosen.slice(0, shared), chosen: chosen.slice(shared), rejected: rejected.slice(shared) };
}

function readPair(row: JsonObject, names: PartNames): RowResult {
  const candidate: Candidate = { prompt: row[names.prompt], chosen: row[names.chosen], rejected: row[names.rejected] };
  return oneOf(typeof candidate.prompt === 'string' ? withTextPrompt(candidate.prompt, candidate) : candidate, names);
}

function readImplicit(row: JsonObject, names: PartNames): RowResult {
  const [chosen, rejected] = [row[names.chosen], row[names.rejected]];
  const problem = partProblem('chosen', names.chosen, chosen) ?? partProblem('rejected', names.rejected, rejected);
  if (problem !== null) return { problem };
  if (Array.isArray(chosen) && Array.isArray(rejected)) {
    const shared = commonMessages(chosen, rejected);
    if (shared > 0) return oneOf(splitChats(chosen, rejected, shared), names);
  } else if (typeof chosen === 'string' && typeof rejected === 'string') {
    const at = commonTextLength(chosen, rejected);
    if (at > 0)
      return oneOf({ prompt: chosen.slice(0, at), chosen: chosen.slice(at), rejected: rejected.slice(at) }, names);
  } else {
    return {
      problem: message('answerFormsDiffer', {
        a: describe(chosen),
        keyA: names.chosen,
        b: describe(rejected),
        keyB: names.rejected,
      }),
    };
  }
  return {
    problem: message('noCommonBeginning', { keyA: names.chosen, keyB: names.rejected, value: describe(chosen) }),
  };
}

const turnStart = /\n\n(Human|Assistant):/g;

function messagesOf(transcript: string): { role: string; content: string }[] {
  const text = `\n\n${transcript.trimStart()}`;
  const starts = [...text.matchAll(turnStart)];
  return starts.map((start, i) => ({
    role: start[1] === 'Human' ? 'user' : 'assistant',
    content: text.slice(start.index + start[0].length, starts[i + 1]?.index).trim(),
  }));
}

/** As text the prompt ends in the last "\n\nAssistant:" that both share, as in DPO's reference implementation. */
function readTranscripts(row: JsonObject, names: PartNames, as: 'text' | 'chat'): RowResult {
  const [chosen, rejected] = [row[names.chosen], row[names.rejected]];
  const other = !isTranscript(chosen)
    ? ([names.chosen, chosen] as const)
    : !isTranscript(rejected)
      ? ([names.rejected, rejected] as const)
      : null;
  if (other !== null)
    return {
      problem: message('notTranscript', { value: describe(other[1]), key: other[0] }),
    };
  if (as === 'chat') {
    const [a, b] = [messagesOf(chosen as string), messagesOf(rejected as string)];
    return oneOf(splitChats(a, b, commonMessages(a, b)), names);
  }
  const [a, b] = [chosen as string, rejected as string];
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  const marker = '\n\nAssistant:';
  const at = a.slice(0, shared).lastIndexOf(marker);
  if (at < 0)
    return {
      problem: message('noSharedTurn', { keyA: names.chosen, keyB: names.rejected, value: describe(a) }),
    };
  const end = at + marker.length;
  return oneOf({ prompt: a.slice(0, end), chosen: a.slice(end), rejected: b.slice(end) }, names);
}

function readOpenai(row: JsonObject): RowResult {
  const names = { prompt: 'input.messages', chosen: 'preferred_output', rejected: 'non_preferred_output' };
  const { input } = row;
  if (!isJsonObject(input))
    return {
      problem: input === undefined ? message('inputMissing') : message('inputNotObject', { value: describe(input) }),
    };
  if (!isAbsent(input['tools'])) return { problem: message('inputToolsUnsupported') };
  return oneOf(
    { prompt: input['messages'], chosen: row['preferred_output'], rejected: row['non_preferred_output'] },
    names,
  );
}

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

/** Prompt text beside one answer that is a chat, or the reverse: one user turn. */
function candidateOf(prompt: unknown, chosen: unknown, rejected: unknown): Candidate {
  const asChat = (answer: unknown) =>
    Array.isArray(prompt) && typeof answer === 'string' ? [{ role: 'assistant', content: answer }] : answer;
  const candidate = { prompt, chosen: asChat(chosen), rejected: asChat(rejected) };
  return typeof prompt === 'string' ? withTextPrompt(prompt, candidate) : candidate;
}

/** A number, a number as text (CSV), or true and false. */
function readScore(value: unknown): number | null {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string' && /^\s*(true|false)\s*$/i.test(value)) return /true/i.test(value) ? 1 : 0;
  const score = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof score === 'number' && Number.isFinite(score) ? score : null;
}

const answerKeys = ['answer', 'response', 'completion', 'text', 'content', 'output'];
const scoreKeys = ['score', 'rating', 'overall_score', 'reward'];

/** One item of a ranked list: text, messages, or an object with an answer and perhaps a score or a rank. */
function readItem(
  item: unknown,
  index: number,
  count: number,
  score: unknown,
  scoresColumn: string | null,
): { answer: unknown; score: number } | { fault: Message } {
  const inner = isJsonObject(item) ? answerKeys.find((key) => key in item) : undefined;
  if (isJsonObject(item) && inner === undefined)
    return { fault: message('answerWithoutKey', { answer: describe(item), keys: answerKeys.join(', ') }) };
  const answer = isJsonObject(item) && inner !== undefined ? item[inner] : item;
  const ownScore = isJsonObject(item) ? scoreKeys.find((key) => key in item) : undefined;
  const given =
    scoresColumn !== null
      ? score
      : isJsonObject(item) && ownScore !== undefined
        ? item[ownScore]
        : isJsonObject(item) && 'rank' in item
          ? item['rank']
          : count - index;
  const value = readScore(given);
  if (value === null) return { fault: message('scoreNotNumberInList', { value: describe(given) }) };
  const isRank =
    scoresColumn === 'ranks' ||
    (scoresColumn === null && isJsonObject(item) && ownScore === undefined && 'rank' in item);
  return { answer, score: isRank ? -value : value };
}

function readRanked(row: JsonObject, plan: ImportPlan & { shape: 'ranked' }): RowResult {
  const answers = row[plan.answers];
  if (!Array.isArray(answers) || answers.length < 2) {
    return {
      problem:
        answers === undefined
          ? message('partMissing', { key: plan.answers })
          : message('answersNotList', { value: describe(answers), key: plan.answers }),
    };
  }
  const scores = plan.scores === null ? null : row[plan.scores];
  if (scores !== null && (!Array.isArray(scores) || scores.length !== answers.length)) {
    return {
      problem: message('scoresNotList', {
        value: describe(scores),
        key: String(plan.scores),
        count: answers.length,
      }),
    };
  }
  const scored: Scored[] = [];
  for (const [index, item] of answers.entries()) {
    const read = readItem(item, index, answers.length, (scores as readonly unknown[] | null)?.[index], plan.scores);
    if ('fault' in read)
      return { problem: message('answerFault', { number: index + 1, key: plan.answers, fault: read.fault }) };
    scored.push({ ...read, row: 0 });
  }
  const names = { prompt: plan.prompt, chosen: plan.answers, rejected: plan.answers };
  const pairs: PreferencePair[] = [];
  for (const [better, worse] of pairUp(scored, plan.pairing)) {
    const checked = checkCandidate(candidateOf(row[plan.prompt], better.answer, worse.answer), names);
    if ('problem' in checked) return checked;
    pairs.push(checked.pair);
  }
  return pairs.length > 0
    ? { pairs }
    : {
        problem: message('scoresSame', { key: plan.answers }),
      };
}

function unsupportedProblem(row: JsonObject): Message | null {
  const extra = unsupportedColumns.find((column) => !isAbsent(row[column]));
  return extra === undefined ? null : message('columnUnsupported', { key: extra });
}

function readRow(row: JsonObject, plan: Exclude<ImportPlan, { shape: 'ratings' }>): RowResult {
  const problem = unsupportedProblem(row);
  // What a part is comes before what stands beside it.
  const refuse = (result: RowResult): RowResult => ('problem' in result || problem === null ? result : { problem });
  if (plan.shape === 'openai') return refuse(readOpenai(row));
  if (plan.shape === 'ranked') return refuse(readRanked(row, plan));
  const names = { prompt: 'prompt', ...plan };
  if (plan.shape === 'pairs') return refuse(readPair(row, names));
  return refuse(plan.shape === 'implicit' ? readImplicit(row, names) : readTranscripts(row, names, plan.as));
}

/** Groups rows by prompt; a prompt whose answers all have one score is refused at its first row. */
function readRatings(
  rows: readonly { row: number; value: JsonObject }[],
  plan: ImportPlan & { shape: 'ratings' },
  add: (row: number, result: RowResult) => void,
): void {
  const groups = new Map<string, { prompt: unknown; scored: Scored[] }>();
  for (const { row, value } of rows) {
    const [prompt, answer, given] = [value[plan.prompt], value[plan.answer], value[plan.score]];
    const score = readScore(given);
    const problem =
      partProblem('prompt', plan.prompt, prompt) ??
      partProblem('chosen', plan.answer, answer) ??
      (score === null
        ? given === undefined
          ? message('partMissing', { key: plan.score })
          : message('scoreNotNumber', { value: describe(given), key: plan.score })
        : unsupportedProblem(value));
    if (problem !== null) add(row, { problem });
    if (problem !== null || score === null) continue;
    const key = JSON.stringify(prompt);
    const group = groups.get(key) ?? { prompt, scored: [] };
    group.scored.push({ answer, score, row });
    groups.set(key, group);
  }
  const names = { prompt: plan.prompt, chosen: plan.answer, rejected: plan.answer };
  for (const { prompt, scored } of groups.values()) {
    const pairs = pairUp(scored, plan.pairing);
    for (const [better, worse] of pairs)
      add(better.row, oneOf(candidateOf(prompt, better.answer, worse.answer), names));
    if (pairs.length > 0) continue;
    const first = scored[0]?.row ?? 1;
    const why =
      scored.length === 1
        ? message('onlyOneOfPrompt')
        : message('allScoredSame', { count: scored.length - 1, key: plan.score });
    add(first, { problem: message('noPairOfPrompt', { why, prompt: describe(prompt) }) });
  }
}

export function makePairs(table: Table, plan: ImportPlan, fileName: string): ParsedPairs {
  const pairs: PreferencePair[] = [];
  const pairRows: number[] = [];
  const errors: RowError[] = [];
  const add = (row: number, result: RowResult): void => {
    if ('problem' in result) {
      errors.push({ row, message: message('rowHas', { row, file: fileName, problem: result.problem }) });
      return;
    }
    for (const pair of result.pairs) {
      pairs.push(pair);
      pairRows.push(row);
    }
  };
  const rated: { row: number; value: JsonObject }[] = [];
  for (const { row, value, error } of table.rows) {
    if (error !== undefined) {
      const kind = table.format === 'CSV' || table.format === 'TSV' ? table.format : 'JSON';
      add(row, { problem: message('rowInvalid', { format: kind, reason: error }) });
    } else if (!isJsonObject(value)) {
      const wanted = message(plan.shape === 'pairs' ? 'wantsPairObject' : 'wantsObject');
      add(row, { problem: message('rowIs', { value: describe(value), wanted }) });
    } else if (plan.shape === 'ratings') rated.push({ row, value });
    else add(row, readRow(value, plan));
  }
  if (plan.shape === 'ratings') readRatings(rated, plan, add);
  errors.sort((a, b) => a.row - b.row);
  return { pairs, rows: pairRows, errors };
}
