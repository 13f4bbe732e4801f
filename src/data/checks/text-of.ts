/** @file The words of a prompt or a completion, for comparing: chats as their messages, case and spaces evened out. */
import type { ChatMessage } from '../preference-pair';

/** Joins the messages' contents, a line each; roles are not words. */
export function textOf(part: string | readonly ChatMessage[]): string {
  return typeof part === 'string' ? part : part.map(({ content }) => content).join('\n');
}

/** Evens out case and spaces, and the forms of characters that look alike (NFKC). */
export function normalised(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
}
