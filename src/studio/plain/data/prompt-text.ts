/** @file A prompt or a conversation as text, to be shown or to be scored. Pure. */
import type { ChatMessage, PreferencePair } from '../../../data/preference-pair';

/** A conversation with who said what, a message a line: "user: May I?". */
export function textOfMessages(messages: readonly ChatMessage[]): string {
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}

/** A prompt as it is shown: a question that stands alone as its words, a conversation with who said what. */
export function textOfPrompt(prompt: PreferencePair['prompt']): string {
  if (typeof prompt === 'string') return prompt;
  const [only] = prompt;
  return prompt.length === 1 && only?.role === 'user' ? only.content : textOfMessages(prompt);
}

/** The part of a prompt that a scorer reads: of a conversation, its last message. */
export function askedText(prompt: PreferencePair['prompt']): string {
  return typeof prompt === 'string' ? prompt : (prompt.at(-1)?.content ?? '');
}
