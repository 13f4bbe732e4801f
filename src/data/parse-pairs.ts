/**
 * @file A file's text -> preference pairs, and a sentence for every row that is none.
 * Reads TRL's "explicit prompt" format as JSON Lines, or as one JSON list of the same objects.
 * Rows are judged one by one: a broken row never stops the others. Tokens and lengths are not looked at here.
 */
import { parseJsonLines } from './json-lines';
import type { JsonLine } from './json-lines';
import type { ChatMessage, PreferencePair } from './preference-pair';

export interface RowError {
  /** 1-based; 1 for what concerns the whole file. */
  readonly row: number;
  readonly message: string;
}

export interface ParsedPairs {
  readonly pairs: readonly PreferencePair[];
  /** Where each pair stands: the 1-based line, or the place in the list if the file is one JSON list. */
  readonly rows: readonly number[];
  readonly errors: readonly RowError[];
}

const fields = ['prompt', 'chosen', 'rejected'] as const;
type Field = (typeof fields)[number];

/** Columns that TRL puts into the chat template or beside the text; leaving them out would train on something else. */
const unsupportedFields = ['tools', 'chat_template_kwargs', 'images', 'image'];

/** Message keys that chat templates print; leaving them out would change the text. */
const unsupportedMessageKeys = ['tool_calls', 'tool_call_id', 'reasoning_content', 'thinking', 'name'];

type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** "a number", "a list": for messages. */
function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** Absent, null, or empty. */
function isAbsent(value: unknown): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Half of a surrogate pair ("\ud83d" alone) is no character and has no UTF-8 form; the tokenizer would lose it. */
function hasBrokenCharacter(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

/** What is wrong with one message, as the end of "Row 3 of pairs.jsonl ...", or null. */
function messageProblem(message: unknown, place: string): string | null {
  if (!isObject(message)) return `has ${kindOf(message)} as ${place}; a message is an object with \`role\` and \`content\`.`;
  for (const key of ['role', 'content'] as const) {
    const value = message[key];
    if (value === undefined) return `has no \`${key}\` in ${place}; add it.`;
    if (typeof value !== 'string') return `has ${kindOf(value)} as the \`${key}\` of ${place}; it must be text.`;
    if (hasBrokenCharacter(value)) return `has a broken character (half of a surrogate pair) in ${place}; write it again.`;
  }
  if (message['role'] === '') return `has an empty \`role\` in ${place}; use system, user or assistant.`;
  const extra = unsupportedMessageKeys.find((key) => !isAbsent(message[key]));
  return extra === undefined ? null : `has \`${extra}\` in ${place}, which Airlock does not support; remove it.`;
}

/** What is wrong with a list of messages, or null. */
function chatProblem(field: Field, messages: readonly unknown[]): string | null {
  if (messages.length === 0) return `has an empty list as \`${field}\`; add at least one message.`;
  for (const [i, message] of messages.entries()) {
    const problem = messageProblem(message, `message ${i + 1} of \`${field}\``);
    if (problem !== null) return problem;
  }
  const empty = messages.every((message) => isObject(message) && message['content'] === '');
  return empty && field !== 'prompt' ? `has an empty \`${field}\`; write the answer.` : null;
}

/** What is wrong with a field's text, or null. An empty prompt is left to the tokenizer, which may add a start token. */
function textProblem(field: Field, text: string): string | null {
  if (text === '' && field !== 'prompt') return `has an empty \`${field}\`; write the answer.`;
  return hasBrokenCharacter(text) ? `has a broken character (half of a surrogate pair) in \`${field}\`; write it again.` : null;
}

function fieldProblem(field: Field, value: unknown): string | null {
  if (value === undefined) return `has no \`${field}\`; add it.`;
  if (typeof value === 'string') return textProblem(field, value);
  if (Array.isArray(value)) return chatProblem(field, value);
  return `has ${kindOf(value)} as \`${field}\`; it must be text or a list of messages.`;
}

/** What is wrong with a row, or null: presence and type first, then whether the fields fit together. */
function rowProblem(row: unknown): string | null {
  if (!isObject(row)) return `is ${kindOf(row)}; it must be an object with \`prompt\`, \`chosen\` and \`rejected\`.`;
  for (const field of fields) {
    const problem = fieldProblem(field, row[field]);
    if (problem !== null) return problem;
  }
  const other = fields.find((field) => typeof row[field] !== typeof row['prompt']);
  if (other !== undefined) {
    const [prompt, completion] = typeof row['prompt'] === 'string' ? ['text', 'a list of messages'] : ['a list of messages', 'text'];
    return `has ${prompt} as \`prompt\` and ${completion} as \`${other}\`; write all three in the same form.`;
  }
  const extra = unsupportedFields.find((field) => !isAbsent(row[field]));
  return extra === undefined ? null : `has \`${extra}\`, which Airlock does not support; remove it.`;
}

/** The pair without whatever else the row holds. */
function toPair(row: JsonObject): PreferencePair {
  const { prompt, chosen, rejected } = row;
  if (typeof prompt === 'string') return { prompt, chosen: chosen as string, rejected: rejected as string };
  const messages = (value: unknown): ChatMessage[] =>
    (value as ChatMessage[]).map(({ role, content }) => ({ role, content }));
  return { prompt: messages(prompt), chosen: messages(chosen), rejected: messages(rejected) };
}

/** The rows of a file that is one JSON list, or null if it is not one. */
function listRows(text: string): JsonLine[] | null {
  const body = text.replace(/^\ufeff/, '').trimStart();
  if (!body.startsWith('[')) return null;
  try {
    const list = JSON.parse(body) as unknown[];
    return list.map((value, index) => ({ row: index + 1, value }));
  } catch {
    // Perhaps each line is a list; those rows get their own sentences.
    return null;
  }
}

/** The one sentence for a file in which nothing can be read, or null. */
function fileProblem(rows: readonly JsonLine[], fileName: string): string | null {
  const shape = 'one {"prompt": ..., "chosen": ..., "rejected": ...} per line';
  const first = rows[0];
  if (first === undefined) return `${fileName} is empty; it needs ${shape}.`;
  if (rows.some(({ error }) => error === undefined)) return null;
  return `${fileName} has no line of valid JSON; it needs ${shape} (line ${first.row}: ${first.error}).`;
}

/**
 * Reads preference pairs.
 * @param text the file's text, JSON Lines or one JSON list.
 * @param fileName for the sentences.
 */
export function parsePairs(text: string, fileName: string): ParsedPairs {
  const rows = listRows(text) ?? parseJsonLines(text);
  const problem = fileProblem(rows, fileName);
  if (problem !== null) return { pairs: [], rows: [], errors: [{ row: 1, message: problem }] };
  const pairs: PreferencePair[] = [];
  const pairRows: number[] = [];
  const errors: RowError[] = [];
  for (const { row, value, error } of rows) {
    let wrong = error === undefined ? rowProblem(value) : `is not valid JSON (${error}); correct the line.`;
    if (wrong === null) {
      const pair = toPair(value as JsonObject);
      if (JSON.stringify(pair.chosen) !== JSON.stringify(pair.rejected)) {
        pairs.push(pair);
        pairRows.push(row);
        continue;
      }
      wrong = 'has the same text as `chosen` and `rejected`, so there is nothing to learn; change one or remove the row.';
    }
    errors.push({ row, message: `Row ${row} of ${fileName} ${wrong}` });
  }
  return { pairs, rows: pairRows, errors };
}
