/** @file The two forms of a pair: text that is joined as it stands, and messages that go through a chat template. */
import { isTranscript, messagesOf } from './import/transcripts';
import { isChatPair, type ChatMessage, type ChatPair, type PreferencePair } from './preference-pair';

/** A transcript's turns, or the text as the user's one message. */
function promptMessages(prompt: string): readonly ChatMessage[] {
  const turns = isTranscript(prompt) ? messagesOf(prompt).filter(({ content }) => content !== '') : [];
  return turns.length > 0 ? turns : [{ role: 'user', content: prompt }];
}

/** Without the space that begins a completion of text: a template puts its own sign there. An absent answer is none. */
const answerMessages = (answer: string): readonly ChatMessage[] =>
  answer === '' ? [] : [{ role: 'assistant', content: answer.replace(/^ /, '') }];

/** The pair as chat messages: the prompt is the user's, each answer the assistant's. A chat stays as it is. */
export function toChatPair(pair: PreferencePair): ChatPair {
  if (isChatPair(pair)) return pair;
  const { prompt, chosen, rejected, ...facts } = pair;
  const [better, worse] = [answerMessages(chosen), answerMessages(rejected)];
  return { ...facts, prompt: promptMessages(prompt), chosen: better, rejected: worse };
}
