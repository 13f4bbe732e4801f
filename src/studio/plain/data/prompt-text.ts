/** @file A prompt or a conversation as text, to be shown or to be scored. Pure. */
import type { ChatMessage, PreferencePair } from '../../../data/preference-pair';

/** What roles are called in the language of the page; one that is not among them is called what the file calls it. */
export type RoleNames = Readonly<Record<string, string>>;

export const nameOfRole = (role: string, names: RoleNames): string =>
  Object.hasOwn(names, role) ? (names[role] ?? role) : role;

/** A conversation with who said what, a message a line: "User: May I?". */
export function textOfMessages(messages: readonly ChatMessage[], names: RoleNames): string {
  return messages.map(({ role, content }) => `${nameOfRole(role, names)}: ${content}`).join('\n');
}

/** A prompt as it is shown: a question that stands alone as its words, a conversation with who said what. */
export function textOfPrompt(prompt: PreferencePair['prompt'], names: RoleNames): string {
  if (typeof prompt === 'string') return prompt;
  const [only] = prompt;
  return prompt.length === 1 && only?.role === 'user' ? only.content : textOfMessages(prompt, names);
}

/** The part of a prompt that a scorer reads: of a conversation, its last message. */
export function askedText(prompt: PreferencePair['prompt']): string {
  return typeof prompt === 'string' ? prompt : (prompt.at(-1)?.content ?? '');
}
