/** @file Anthropic's transcripts: "\n\nHuman: ...\n\nAssistant: ..." as one text. */
import type { ChatMessage } from '../preference-pair';

/** Whether a text is a conversation of Human and Assistant. */
export function isTranscript(value: unknown): value is string {
  return typeof value === 'string' && /^\s*(Human|Assistant):/.test(value) && value.includes('\n\nAssistant:');
}

const turnStart = /\n\n(Human|Assistant):/g;

/** The turns of a transcript as messages; a last turn that is empty is one too. */
export function messagesOf(transcript: string): ChatMessage[] {
  const text = `\n\n${transcript.trimStart()}`;
  const starts = [...text.matchAll(turnStart)];
  return starts.map((start, i) => ({
    role: start[1] === 'Human' ? 'user' : 'assistant',
    content: text.slice(start.index + start[0].length, starts[i + 1]?.index).trim(),
  }));
}
