/**
 * @file Rows and a plan -> preference pairs, and a message for every row that gives none. Rows are judged one by one:
 * a broken row never stops the others.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import { message, type Message } from '../../messages/message';
import { toChatPair } from '../pair-form';
import type { PairScores, PreferencePair } from '../preference-pair';
import { readBestOfList } from './best-of-list';
import { composePrompt, splitChats, toCandidate, toMessages, toOneAnswer } from './chat-values';
import {
  checkCandidate,
  checkOneAnswer,
  checkPrompt,
  describe,
  isAbsent,
  partProblem,
  type Candidate,
  type PartNames,
} from './check-record';
import { commonMessages, commonTextLength } from './common-prompt';
import { readCompared } from './compared';
import type { ImportPlan, PlanOf } from './plan';
import type { Table } from './read-table';
import type { MadePair, RowResult } from './row-result';
import { readRanked, readRatings, readScore, type NumberedRow } from './scored';
import { maxPairCharacters, maxPairs } from './table-limits';
import { readThumb } from './thumbs';
import { isTranscript, messagesOf } from './transcripts';

export interface RowError {
  /** 1-based; 1 for what concerns the whole file. */
  readonly row: number;
  readonly message: Message;
}

export interface ParsedPairs {
  readonly pairs: readonly PreferencePair[];
  /** Where each pair stands: the line of JSON Lines, the item of a list, the row of a table. */
  readonly rows: readonly number[];
  /** The scores of each pair's answers, where the file has them. */
  readonly scores: readonly (PairScores | null)[];
  readonly errors: readonly RowError[];
  /** Rows in which neither answer is better: no pair, and no fault. */
  readonly ties: readonly number[];
}

/** Columns that TRL puts into the chat template or beside the text; leaving them out would train on something else. */
const unsupportedColumns = ['tools', 'chat_template_kwargs', 'images', 'image'];

const plain = (pair: PreferencePair): MadePair => ({ pair, scores: null });

const oneOf = (candidate: Candidate, names: PartNames): RowResult => {
  const checked = checkCandidate(candidate, names);
  return 'problem' in checked ? checked : { pairs: [plain(checked.pair)] };
};

/** A list of texts, or of conversations: several answers where one is expected. */
function isSeveral(value: unknown): value is readonly unknown[] {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item) => typeof item === 'string' || Array.isArray(item));
}

/** A pair for each rejected answer, where there is a list of them. */
function pairsWithEach(prompt: unknown, chosen: unknown, rejected: unknown, names: PartNames): RowResult {
  const good: unknown = isSeveral(chosen) && chosen.length === 1 ? chosen[0] : chosen;
  const pairs: MadePair[] = [];
  for (const bad of isSeveral(rejected) ? rejected : [rejected]) {
    const checked = checkCandidate(toCandidate(prompt, good, bad), names);
    if ('problem' in checked) return checked;
    pairs.push(plain(checked.pair));
  }
  return { pairs };
}

function readPair(row: JsonObject, plan: PlanOf<'pairs'>): RowResult {
  const composed = composePrompt(row, plan);
  if ('problem' in composed) return composed;
  const result = pairsWithEach(composed.prompt, row[plan.chosen], row[plan.rejected], plan);
  if (!('pairs' in result)) return result;
  const numberIn = (column: string | null | undefined): number | null =>
    column == null ? null : readScore(row[column]);
  const [chosen, rejected, margin] = [plan.chosenScore, plan.rejectedScore, plan.margin].map(numberIn);
  const scores = chosen == null || rejected == null ? null : { chosen, rejected };
  return { pairs: result.pairs.map(({ pair }) => ({ pair: margin == null ? pair : { ...pair, margin }, scores })) };
}

function readImplicit(row: JsonObject, names: PartNames): RowResult {
  const [chosen, rejected] = [toMessages(row[names.chosen]), toMessages(row[names.rejected])];
  const problem = partProblem('chosen', names.chosen, chosen) ?? partProblem('rejected', names.rejected, rejected);
  if (problem !== null) return { problem };
  const [keyA, keyB, a] = [names.chosen, names.rejected, describe(chosen)];
  if (Array.isArray(chosen) && Array.isArray(rejected)) {
    const shared = commonMessages(chosen, rejected);
    if (shared > 0) return oneOf(splitChats(chosen, rejected, shared), names);
  } else if (typeof chosen === 'string' && typeof rejected === 'string') {
    const at = commonTextLength(chosen, rejected);
    if (at > 0)
      return oneOf({ prompt: chosen.slice(0, at), chosen: chosen.slice(at), rejected: rejected.slice(at) }, names);
  } else return { problem: message('answerFormsDiffer', { a, keyA, b: describe(rejected), keyB }) };
  return { problem: message('noCommonBeginning', { keyA, keyB, value: a }) };
}

/** As text the prompt ends in the last "\n\nAssistant:" that both share, as in DPO's reference implementation. */
function readTranscripts(row: JsonObject, names: PartNames, as: 'text' | 'chat'): RowResult {
  const [chosen, rejected] = [row[names.chosen], row[names.rejected]];
  const key = !isTranscript(chosen) ? names.chosen : !isTranscript(rejected) ? names.rejected : null;
  if (key !== null) return { problem: message('notTranscript', { value: describe(row[key]), key }) };
  const [a, b] = [chosen as string, rejected as string];
  if (as === 'chat') {
    const [ofA, ofB] = [messagesOf(a), messagesOf(b)];
    return oneOf(splitChats(ofA, ofB, commonMessages(ofA, ofB)), names);
  }
  let shared = 0;
  while (shared < a.length && a[shared] === b[shared]) shared++;
  const marker = '\n\nAssistant:';
  const at = a.slice(0, shared).lastIndexOf(marker);
  if (at < 0)
    return { problem: message('noSharedTurn', { keyA: names.chosen, keyB: names.rejected, value: describe(a) }) };
  const end = at + marker.length;
  return oneOf({ prompt: a.slice(0, end), chosen: a.slice(end), rejected: b.slice(end) }, names);
}

function readOpenai(row: JsonObject): RowResult {
  const names = { prompt: 'input.messages', chosen: 'preferred_output', rejected: 'non_preferred_output' };
  const { input } = row;
  if (input === undefined) return { problem: message('inputMissing') };
  if (!isJsonObject(input)) return { problem: message('inputNotObject', { value: describe(input) }) };
  if (!isAbsent(input['tools'])) return { problem: message('inputToolsUnsupported') };
  return oneOf(
    { prompt: input['messages'], chosen: row['preferred_output'], rejected: row['non_preferred_output'] },
    names,
  );
}

const oneAnswer = (
  given: { readonly prompt: unknown; readonly answer: unknown },
  names: { readonly prompt: string; readonly answer: string },
  isGood: boolean,
): RowResult => {
  const checked = checkOneAnswer(given, names, isGood);
  return 'problem' in checked ? checked : { pairs: [plain(checked.pair)] };
};

/** Whether a row's answer is a good one, or what is wrong with its label. */
function thumbAt(row: JsonObject, key: string): boolean | Message {
  if (row[key] === undefined) return message('partMissing', { key });
  return readThumb(row[key]) ?? message('thumbUnknown', { value: describe(row[key]), key });
}

/** A conversation's last turn is the good answer unless its label says otherwise, what is before it the prompt. */
function readLastTurn(row: JsonObject, plan: PlanOf<'lastTurn'>): RowResult {
  const messages = toMessages(row[plan.messages]);
  const problem = partProblem('prompt', plan.messages, messages);
  if (problem !== null) return { problem };
  const last: unknown = Array.isArray(messages) ? messages.at(-1) : undefined;
  if (!Array.isArray(messages) || messages.length < 2 || !isJsonObject(last) || last['role'] !== 'assistant')
    return { problem: message('lastTurnNotAnswer', { key: plan.messages, value: describe(last ?? messages) }) };
  if (Number(last['weight'] ?? 1) === 0) return { problem: message('lastTurnUnweighted', { key: plan.messages }) };
  const asked: readonly unknown[] = messages.slice(0, -1);
  const system = plan.system == null ? {} : { system: plan.system };
  const composed = composePrompt({ ...row, [plan.messages]: asked }, { prompt: plan.messages, ...system });
  if ('problem' in composed) return composed;
  const prompt = composed.prompt as readonly unknown[];
  if (plan.rejected === null) {
    const isGood = plan.label == null ? true : thumbAt(row, plan.label);
    const names = { prompt: plan.messages, answer: plan.messages };
    return typeof isGood === 'boolean' ? oneAnswer({ prompt, answer: [last] }, names, isGood) : { problem: isGood };
  }
  const names = { prompt: plan.messages, chosen: plan.messages, rejected: plan.rejected };
  const given = row[plan.rejected];
  const asTurns = (answer: unknown): unknown => toOneAnswer(asked, answer).answer;
  return pairsWithEach(prompt, [last], isSeveral(given) ? given.map(asTurns) : asTurns(given), names);
}

function readOneAnswer(row: JsonObject, plan: PlanOf<'completions'> | PlanOf<'thumbs'>): RowResult {
  const composed = composePrompt(row, plan);
  if ('problem' in composed) return composed;
  const isGood = plan.shape === 'completions' ? true : thumbAt(row, plan.label);
  if (typeof isGood !== 'boolean') return { problem: isGood };
  return oneAnswer(toOneAnswer(composed.prompt, row[plan.answer]), plan, isGood);
}

function readPrompt(row: JsonObject, plan: PlanOf<'prompts'>): RowResult {
  const composed = composePrompt(row, plan);
  if ('problem' in composed) return composed;
  const checked = checkPrompt(composed.prompt, plan.prompt);
  return 'problem' in checked ? checked : { pairs: [plain(checked.pair)] };
}

function unsupportedProblem(row: JsonObject): Message | null {
  const extra = unsupportedColumns.find((column) => !isAbsent(row[column]));
  return extra === undefined ? null : message('columnUnsupported', { key: extra });
}

function readShape(row: JsonObject, plan: Exclude<ImportPlan, PlanOf<'ratings'>>): RowResult {
  switch (plan.shape) {
    case 'pairs':
      return readPair(row, plan);
    case 'implicit':
      return readImplicit(row, { prompt: 'prompt', ...plan });
    case 'transcripts':
      return readTranscripts(row, { prompt: 'prompt', ...plan }, plan.as ?? 'text');
    case 'lastTurn':
      return readLastTurn(row, plan);
    case 'openai':
      return readOpenai(row);
    case 'compared':
      return readCompared(row, plan);
    case 'ranked':
      return plan.best == null ? readRanked(row, plan) : readBestOfList(row, { ...plan, best: plan.best });
    case 'completions':
    case 'thumbs':
      return readOneAnswer(row, plan);
    case 'prompts':
      return readPrompt(row, plan);
  }
}

function readRow(row: JsonObject, plan: Exclude<ImportPlan, PlanOf<'ratings'>>): RowResult {
  const result = readShape(row, plan);
  const problem = unsupportedProblem(row);
  // What a part is comes before what stands beside it.
  return problem === null || 'problem' in result ? result : { problem };
}

const lengthOf = (part: PreferencePair['prompt']): number =>
  typeof part === 'string' ? part.length : part.reduce((sum, { content }) => sum + content.length, 0);

const charactersOf = ({ prompt, chosen, rejected }: PreferencePair): number =>
  lengthOf(prompt) + lengthOf(chosen) + lengthOf(rejected);

/** Carries out a plan on all rows of a table. */
export function makePairs(table: Table, plan: ImportPlan, fileName: string): ParsedPairs {
  const made: { readonly made: MadePair; readonly row: number }[] = [];
  const errors: RowError[] = [];
  const ties: number[] = [];
  const add = (row: number, result: RowResult): void => {
    if ('problem' in result)
      errors.push({ row, message: message('rowHas', { row, file: fileName, problem: result.problem }) });
    else if ('isTie' in result) ties.push(row);
    else for (const pair of result.pairs) addPair(pair, row);
  };
  let characters = 0;
  const addPair = (pair: MadePair, row: number): void => {
    characters += charactersOf(pair.pair);
    if (made.length < maxPairs && characters <= maxPairCharacters) made.push({ made: pair, row });
    else if (!isFull) {
      isFull = true;
      const problem = message('makesTooMuch', { pairs: maxPairs, characters: maxPairCharacters });
      errors.push({ row, message: message('rowHas', { row, file: fileName, problem }) });
    }
  };
  let isFull = false;
  const rated: NumberedRow[] = [];
  for (const { row, value, error } of table.rows) {
    if (error !== undefined) {
      const kind = table.format === 'JSON Lines' ? 'JSON' : table.format;
      add(row, { problem: message('rowInvalid', { format: kind, reason: error }) });
    } else if (!isJsonObject(value)) {
      const wanted = message(plan.shape === 'pairs' ? 'wantsPairObject' : 'wantsObject');
      add(row, { problem: message('rowIs', { value: describe(value), wanted }) });
    } else if (plan.shape !== 'ratings') add(row, readRow(value, plan));
    else {
      const problem = unsupportedProblem(value);
      if (problem === null) rated.push({ row, value });
      else add(row, { problem });
    }
  }
  if (plan.shape === 'ratings') readRatings(rated, plan, add);
  errors.sort((a, b) => a.row - b.row);
  const form = (pair: PreferencePair) => (plan.as === 'chat' ? toChatPair(pair) : pair);
  return {
    pairs: made.map(({ made: { pair } }) => form(pair)),
    rows: made.map(({ row }) => row),
    scores: made.map(({ made: { scores } }) => scores),
    errors,
    ties,
  };
}
