/**
 * @file Conversations as other tools write them -> messages of role and content: ShareGPT's from and value, roles by
 * other names, one message alone, pairs of question and answer. What is no conversation stays as it is.
 */
import { isJsonObject, type JsonObject } from '../../core/json';
import { message, type Message } from '../../messages/message';
import { messagesInText } from './cell-values';
import type { Candidate } from './check-record';
import { commonMessages } from './common-prompt';
import type { PromptColumns } from './plan';

const roleNames: Readonly<Record<string, string>> = {
  ...{ human: 'user', prompter: 'user', user: 'user', customer: 'user', question: 'user' },
  ...{ gpt: 'assistant', assistant: 'assistant', bot: 'assistant', chatgpt: 'assistant', model: 'assistant' },
  ...{ chatbot: 'assistant', ai: 'assistant', system: 'system' },
  ...{ 사용자: 'user', 고객: 'user', 질문자: 'user', 질문: 'user' },
  ...{ 어시스턴트: 'assistant', 상담원: 'assistant', 상담사: 'assistant', 챗봇: 'assistant', 답변: 'assistant' },
  ...{ 시스템: 'system' },
};

const roleOf = (name: unknown): unknown =>
  typeof name === 'string' ? (roleNames[name.toLowerCase().trim()] ?? name) : name;

/** What tools call a message's text: OpenAI, ShareGPT, Gemini. */
const contentKeys = ['content', 'value', 'parts'] as const;

/** Whether an object is a message of any kind. */
const isMessage = (value: unknown): value is JsonObject =>
  isJsonObject(value) && ('role' in value || ('from' in value && contentKeys.some((key) => key in value)));

/** A part that is text: OpenAI's has a type, Gemini's and Bedrock's has nothing else. */
const isTextPart = (part: unknown): part is { readonly text: string } =>
  isJsonObject(part) &&
  typeof part['text'] === 'string' &&
  (/^(?:input_|output_)?text$/.test(String(part['type'])) || Object.keys(part).length === 1);

/** Content in parts, as APIs for pictures have it, as text where all parts are: a line each. */
const contentOf = (content: unknown): unknown =>
  Array.isArray(content) && content.length > 0 && content.every(isTextPart)
    ? content.map(({ text }) => text).join('\n')
    : content;

function toMessage(value: unknown): unknown {
  if (!isMessage(value)) return value;
  const key = contentKeys.find((name) => name in value);
  const { role, from, [key ?? 'content']: content, ...rest } = value;
  return { ...rest, role: roleOf(role ?? from), ...(key !== undefined && { content: contentOf(content) }) };
}

/** The text of a list that holds one text, as the arena's files have a prompt of one turn; anything else as it is. */
export const onlyText = (value: unknown): unknown =>
  Array.isArray(value) && value.length === 1 && typeof value[0] === 'string' ? value[0] : value;

/**
 * A list of messages, one message, or the text of either, as messages of role and content; anything else as it is.
 */
export function toMessages(value: unknown): unknown {
  if (typeof value === 'string') {
    const inText = messagesInText(value);
    return inText === null ? value : toMessages(inText);
  }
  if (isMessage(value)) return [toMessage(value)];
  return Array.isArray(value) ? value.map(toMessage) : value;
}

const user = (content: unknown) => ({ role: 'user', content });
const assistant = (content: unknown) => ({ role: 'assistant', content });

/** Pairs of question and answer, as LLaMA-Factory keeps a history, or messages. */
function historyTurns(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const isPairs = value.every((pair) => Array.isArray(pair) && pair.length === 2);
  return isPairs ? value.flatMap(([asked, said]: unknown[]) => [user(asked), assistant(said)]) : toMessages(value);
}

const isEmpty = (value: unknown): boolean =>
  value == null || (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.length === 0);

type Composed = { readonly prompt: unknown } | { readonly problem: Message };

/** Adds text to a prompt, on a line of its own: to its last message where it is a conversation. */
function withInput(prompt: unknown, input: string): unknown {
  if (typeof prompt === 'string') return prompt === '' ? input : `${prompt}\n${input}`;
  const last: unknown = Array.isArray(prompt) ? prompt.at(-1) : undefined;
  if (!Array.isArray(prompt) || !isJsonObject(last) || typeof last['content'] !== 'string') return prompt;
  return [...(prompt as unknown[]).slice(0, -1), { ...last, content: `${last['content']}\n${input}` }];
}

/** The prompt that a row's columns make together: text, or a conversation where one of them is a turn. */
export function composePrompt(row: JsonObject, columns: PromptColumns): Composed {
  const at = (column: string | null | undefined) => (column == null ? undefined : row[column]);
  const [system, history, input] = [
    contentOf(at(columns.system)),
    historyTurns(at(columns.history)),
    at(columns.input),
  ];
  for (const [column, value] of [
    [columns.system, system],
    [columns.input, input],
  ] as const)
    if (!isEmpty(value) && typeof value !== 'string')
      return { problem: message('promptPartNotText', { key: column ?? '' }) };
  let prompt = toMessages(row[columns.prompt]);
  if (typeof input === 'string' && !isEmpty(input)) prompt = withInput(prompt, input);
  if (typeof history === 'string' && !isEmpty(history) && typeof prompt === 'string') prompt = `${history}\n${prompt}`;
  const turns = [
    ...(isEmpty(system) ? [] : [{ role: 'system', content: system }]),
    ...(Array.isArray(history) ? (history as unknown[]) : []),
  ];
  if (turns.length === 0) return { prompt };
  return { prompt: [...turns, ...(Array.isArray(prompt) ? (prompt as unknown[]) : [user(prompt)])] };
}

/** A text prompt beside chats: it is their first turn, or repeats what they begin with (as in UltraFeedback). */
function withTextPrompt(prompt: string, chosen: readonly unknown[], rejected: readonly unknown[]): Candidate {
  const shared = commonMessages(chosen, rejected);
  const last: unknown = chosen[shared - 1];
  if (isJsonObject(last) && last['content'] === prompt) return splitChats(chosen, rejected, shared);
  return shared === 0 ? { prompt: [user(prompt)], chosen, rejected } : { prompt, chosen, rejected };
}

/** Two chats of which the first messages are the prompt. */
export function splitChats(chosen: readonly unknown[], rejected: readonly unknown[], shared: number): Candidate {
  return { prompt: chosen.slice(0, shared), chosen: chosen.slice(shared), rejected: rejected.slice(shared) };
}

/** Whether a conversation repeats the prompt before its answer. */
const repeats = (prompt: readonly unknown[], chat: readonly unknown[]): boolean =>
  chat.length > prompt.length && prompt.every((turn, i) => JSON.stringify(turn) === JSON.stringify(chat[i]));

/**
 * Brings prompt and answers into one form: text beside a conversation is a turn of it, a prompt that the answers repeat
 * is taken off them. What fits together in no way is left for the check.
 */
export function toCandidate(prompt: unknown, chosenGiven: unknown, rejectedGiven: unknown): Candidate {
  const [chosen, rejected] = [toMessages(chosenGiven), toMessages(rejectedGiven)];
  if (typeof prompt === 'string' && Array.isArray(chosen) && Array.isArray(rejected))
    return withTextPrompt(prompt, chosen, rejected);
  if (!Array.isArray(prompt)) return { prompt, chosen, rejected };
  if (typeof chosen === 'string' && typeof rejected === 'string' && chosen !== '' && rejected !== '')
    return { prompt, chosen: [assistant(chosen)], rejected: [assistant(rejected)] };
  if (Array.isArray(chosen) && Array.isArray(rejected) && repeats(prompt, chosen) && repeats(prompt, rejected))
    return { prompt, chosen: chosen.slice(prompt.length), rejected: rejected.slice(prompt.length) };
  return { prompt, chosen, rejected };
}

/** Prompt and one answer in one form. */
export function toOneAnswer(prompt: unknown, given: unknown): { readonly prompt: unknown; readonly answer: unknown } {
  const answer = toMessages(given);
  if (Array.isArray(prompt)) {
    if (typeof answer === 'string' && answer !== '') return { prompt, answer: [assistant(answer)] };
    if (Array.isArray(answer) && repeats(prompt, answer)) return { prompt, answer: answer.slice(prompt.length) };
  }
  return typeof prompt === 'string' && Array.isArray(answer) ? { prompt: [user(prompt)], answer } : { prompt, answer };
}
