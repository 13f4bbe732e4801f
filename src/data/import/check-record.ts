/**
 * @file Whether three values of unknown kind are a preference pair, and if not why, as the end of "Row 3 of pairs.jsonl
 * ...". Every sentence names the field as the file calls it and shows the value. Tokens and lengths are not looked at
 * here.
 */
import { isJsonObject } from '../../core/json';
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

/** "the number 3", "the list [1,2]": for sentences. */
export function describe(value: unknown): string {
  if (value === null) return 'null';
  const text = JSON.stringify(value) ?? String(value);
  const shown = text.length > shownCharacters ? `${text.slice(0, shownCharacters)}…` : text;
  if (Array.isArray(value)) return `the list ${shown}`;
  return typeof value === 'object'
    ? `the object ${shown}`
    : `the ${typeof value === 'string' ? 'text' : typeof value} ${shown}`;
}

/** Absent, null, or empty. */
export function isAbsent(value: unknown): boolean {
  return value == null || value === '' || (Array.isArray(value) && value.length === 0);
}

/** Half of a surrogate pair ("\ud83d" alone) is no character and has no UTF-8 form; the tokenizer would lose it. */
function hasBrokenCharacter(text: string): boolean {
  return /\p{Surrogate}/u.test(text);
}

function messageProblem(message: unknown, place: string): string | null {
  if (!isJsonObject(message))
    return `has ${describe(message)} as ${place}; a message is an object with \`role\` and \`content\`.`;
  for (const key of ['role', 'content'] as const) {
    const value = message[key];
    if (value === undefined) return `has no \`${key}\` in ${place}; add it.`;
    if (typeof value !== 'string') return `has ${describe(value)} as the \`${key}\` of ${place}; it must be text.`;
    if (hasBrokenCharacter(value))
      return `has a broken character (half of a surrogate pair) in ${place}; write it again.`;
  }
  if (message['role'] === '') return `has an empty \`role\` in ${place}; use system, user or assistant.`;
  const extra = unsupportedMessageKeys.find((key) => !isAbsent(message[key]));
  return extra === undefined ? null : `has \`${extra}\` in ${place}, which Airlock does not support; remove it.`;
}

function chatProblem(part: Part, name: string, messages: readonly unknown[]): string | null {
  if (messages.length === 0) return `has an empty list as \`${name}\`; add at least one message.`;
  for (const [i, message] of messages.entries()) {
    const problem = messageProblem(message, `message ${i + 1} of \`${name}\``);
    if (problem !== null) return problem;
  }
  const empty = messages.every((message) => isJsonObject(message) && message['content'] === '');
  return empty && part !== 'prompt' ? `has an empty \`${name}\`; write the answer.` : null;
}

/** An empty prompt is left to the tokenizer, which may add a start token. */
function textProblem(part: Part, name: string, text: string): string | null {
  if (text === '' && part !== 'prompt') return `has an empty \`${name}\`; write the answer.`;
  return hasBrokenCharacter(text)
    ? `has a broken character (half of a surrogate pair) in \`${name}\`; write it again.`
    : null;
}

/** What is wrong with one part, or null. */
export function partProblem(part: Part, name: string, value: unknown): string | null {
  if (value === undefined) return `has no \`${name}\`; add it.`;
  if (typeof value === 'string') return textProblem(part, name, value);
  if (Array.isArray(value)) return chatProblem(part, name, value);
  return `has ${describe(value)} as \`${name}\`; it must be text or a list of messages.`;
}

function formOf(value: unknown): string {
  return typeof value === 'string' ? 'text' : 'a list of messages';
}

/** What is wrong with the three together, or null: each part first, then whether they fit together. */
function candidateProblem(candidate: Candidate, names: PartNames): string | null {
  for (const part of parts) {
    const problem = partProblem(part, names[part], candidate[part]);
    if (problem !== null) return problem;
  }
  const other = parts.find((part) => typeof candidate[part] !== typeof candidate.prompt);
  if (other !== undefined) {
    return `has ${formOf(candidate.prompt)} as \`${names.prompt}\` and ${formOf(candidate[other])} as \`${names[other]}\`; write all three in the same form.`;
  }
  if (JSON.stringify(toPair(candidate).chosen) !== JSON.stringify(toPair(candidate).rejected)) return null;
  return `has the same text as \`${names.chosen}\` and \`${names.rejected}\`, so there is nothing to learn; change one or remove the row.`;
}

/** Of messages, role and content alone. */
function toPair({ prompt, chosen, rejected }: Candidate): PreferencePair {
  if (typeof prompt === 'string') return { prompt, chosen: chosen as string, rejected: rejected as string };
  const messages = (value: unknown): ChatMessage[] =>
    (value as ChatMessage[]).map(({ role, content }) => ({ role, content }));
  return { prompt: messages(prompt), chosen: messages(chosen), rejected: messages(rejected) };
}

export type Checked = { readonly pair: PreferencePair } | { readonly problem: string };

export function checkCandidate(candidate: Candidate, names: PartNames): Checked {
  const problem = candidateProblem(candidate, names);
  return problem === null ? { pair: toPair(candidate) } : { problem };
}
