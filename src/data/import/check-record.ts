/**
 * @file Whether three values of unknown kind are a preference pair, and if not why, as the end of "Row 3 of pairs.jsonl
 * ...". Every message names the field as the file calls it and shows the value. Tokens and lengths are not looked at
 * here.
 */
import { message, type Message, type Sayable } from '../../messages/message';
import { isJsonObject } from '../../core/json';
import { looksLikeMessages } from './cell-values';
import type { ChatMessage, PreferencePair } from '../preference-pair';

/** What the file calls each part. */
export interface PartNames {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

export interface Candidate {
  readonly prompt: unknown;
  readonly chosen: unknown;
  readonly rejected: unknown;
}

type Part = keyof PartNames;
const parts = ['prompt', 'chosen', 'rejected'] as const;

/** Message keys that chat templates print; leaving them out would change the text. */
const unsupportedMessageKeys = ['tool_calls', 'tool_call_id', 'reasoning_content', 'thinking', 'name'];

/** A value in a sentence is cut to this many characters. */
const shownCharacters = 40;

/** "the number 3", "the list [1,2]": for messages. */
export function describe(value: unknown): Sayable {
  if (value === null) return 'null';
  // JSON has no NaN.
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  if (Array.isArray(value)) return message('theList', { value: shown });
  const kinds = { object: 'theObject', string: 'theText', number: 'theNumber', boolean: 'theBoolean' } as const;
  const kind = typeof value;
  return kind in kinds ? message(kinds[kind as keyof typeof kinds], { value: shown }) : `the ${kind} ${shown}`;
}

/** Absent, null, empty, or pandas' NaN in their place. */
export function isAbsent(value: unknown): boolean {
  return value == null || value === '' || Number.isNaN(value) || (Array.isArray(value) && value.length === 0);
}

/** Half of a surrogate pair ("\ud83d" alone) is no character and has no UTF-8 form; the tokenizer would lose it. */
function hasBrokenCharacter(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function messageProblem(given: unknown, place: Message): Message | null {
  if (!isJsonObject(given)) return message('messageNotObject', { value: describe(given), place });
  for (const key of ['role', 'content'] as const) {
    const value = given[key];
    if (value === undefined) return message('messageLacksKey', { key, place });
    if (typeof value !== 'string') return message('messageNotText', { value: describe(value), key, place });
    if (hasBrokenCharacter(value)) return message('brokenCharacter', { place });
  }
  if (given['role'] === '') return message('roleEmpty', { place });
  const extra = unsupportedMessageKeys.find((key) => !isAbsent(given[key]));
  return extra === undefined ? null : message('messageKeyUnsupported', { key: extra, place });
}

function chatProblem(part: Part, name: string, messages: readonly unknown[]): Message | null {
  if (messages.length === 0) return message('messagesEmpty', { key: name });
  for (const [i, given] of messages.entries()) {
    const problem = messageProblem(given, message('messageOf', { number: i + 1, key: name }));
    if (problem !== null) return problem;
  }
  const empty = messages.every((given) => isJsonObject(given) && String(given['content']).trim() === '');
  return empty && part !== 'prompt' ? message('answerEmpty', { key: name }) : null;
}

/** What Excel shows of a formula that failed, as a text with = or - at its beginning becomes one. */
const excelError = /^#(?:NAME\?|N\/A|REF!|VALUE!|DIV\/0!|NULL!|NUM!|SPILL!|CALC!)$/;

/** An empty prompt is left to the tokenizer, which may add a start token. */
function textProblem(part: Part, name: string, text: string): Message | null {
  if (text.trim() === '' && part !== 'prompt') return message('answerEmpty', { key: name });
  if (excelError.test(text.trim())) return message('excelError', { key: name, value: text.trim() });
  if (looksLikeMessages(text)) return message('messagesAsText', { key: name, value: describe(text) });
  return hasBrokenCharacter(text) ? message('brokenCharacter', { place: `\`${name}\`` }) : null;
}

/** What is wrong with one part, or null. */
export function partProblem(part: Part, name: string, value: unknown): Message | null {
  if (value === undefined) return message('partMissing', { key: name });
  if (typeof value === 'string') return textProblem(part, name, value);
  if (Array.isArray(value)) return chatProblem(part, name, value);
  return message('partOfOtherKind', { value: describe(value), key: name });
}

function formOf(value: unknown): Message {
  return message(typeof value === 'string' ? 'textForm' : 'messagesForm');
}

/** What is wrong with the three together, or null: each part first, then whether they fit together. */
function candidateProblem(candidate: Candidate, names: PartNames): Message | null {
  for (const part of parts) {
    const problem = partProblem(part, names[part], candidate[part]);
    if (problem !== null) return problem;
  }
  const other = parts.find((part) => typeof candidate[part] !== typeof candidate.prompt);
  if (other !== undefined) {
    return message('formsDiffer', {
      a: formOf(candidate.prompt),
      keyA: names.prompt,
      b: formOf(candidate[other]),
      keyB: names[other],
    });
  }
  if (wordsOf(candidate.chosen) !== wordsOf(candidate.rejected)) return null;
  return message('answersSame', { keyA: names.chosen, keyB: names.rejected });
}

/** Of messages, role and content alone. */
const messagesOf = (value: unknown): ChatMessage[] =>
  (value as ChatMessage[]).map(({ role, content }) => ({ role, content }));

/** What an answer says, but for the space around it: the same answer with a line break more teaches nothing. */
const wordsOf = (answer: unknown): string =>
  typeof answer === 'string'
    ? answer.trim()
    : JSON.stringify(messagesOf(answer).map(({ role, content }) => [role, content.trim()]));

function toPair({ prompt, chosen, rejected }: Candidate): PreferencePair {
  if (typeof prompt === 'string') return { prompt, chosen: chosen as string, rejected: rejected as string };
  return { prompt: messagesOf(prompt), chosen: messagesOf(chosen), rejected: messagesOf(rejected) };
}

export type Checked = { readonly pair: PreferencePair } | { readonly problem: Message };

export function checkCandidate(candidate: Candidate, names: PartNames): Checked {
  const problem = candidateProblem(candidate, names);
  return problem === null ? { pair: toPair(candidate) } : { problem };
}

/** Checks a prompt that comes alone; both answers are absent in the pair. */
export function checkPrompt(prompt: unknown, name: string): Checked {
  const problem = partProblem('prompt', name, prompt);
  const none = typeof prompt === 'string' ? '' : [];
  return problem === null ? { pair: toPair({ prompt, chosen: none, rejected: none }) } : { problem };
}

/** Checks a prompt with one answer, which is good or bad; the other one is absent in the pair (see PreferencePair). */
export function checkOneAnswer(
  { prompt, answer }: { readonly prompt: unknown; readonly answer: unknown },
  names: { readonly prompt: string; readonly answer: string },
  isGood: boolean,
): Checked {
  const problem = partProblem('prompt', names.prompt, prompt) ?? partProblem('chosen', names.answer, answer);
  if (problem !== null) return { problem };
  if (typeof prompt !== typeof answer) {
    const values = { a: formOf(prompt), keyA: names.prompt, b: formOf(answer), keyB: names.answer };
    return { problem: message('answerFormsDiffer', values) };
  }
  const none = typeof prompt === 'string' ? '' : [];
  return {
    pair: toPair(isGood ? { prompt, chosen: answer, rejected: none } : { prompt, chosen: none, rejected: answer }),
  };
}
