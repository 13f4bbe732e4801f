/** @file Answers that begin with the prompt once more, as a base model's output or a joined column does. */
import { isChatPair, type PreferencePair } from '../preference-pair';

/** The shortest prompt that counts as repeated: a shorter one may well begin an answer by chance ("Yes"). */
const enoughCharacters = 10;

function cut(prompt: string, answer: string): string {
  const start = prompt.trim();
  const text = answer.trimStart();
  return start.length >= enoughCharacters && text.startsWith(start) ? text.slice(start.length) : answer;
}

/** Cuts the repeated prompt off; the same pair comes back where none is repeated. */
export function withoutRepeatedPrompt(pair: PreferencePair): PreferencePair {
  if (!isChatPair(pair)) {
    const [chosen, rejected] = [cut(pair.prompt, pair.chosen), cut(pair.prompt, pair.rejected)];
    return chosen === pair.chosen && rejected === pair.rejected ? pair : { ...pair, chosen, rejected };
  }
  const asked = pair.prompt.at(-1)?.content ?? '';
  const first = (messages: typeof pair.chosen) =>
    messages.map((message, i) =>
      i === 0 ? { ...message, content: cut(asked, message.content).trimStart() } : message,
    );
  const isRepeated = (messages: typeof pair.chosen) =>
    messages[0] !== undefined && cut(asked, messages[0].content) !== messages[0].content;
  const [inChosen, inRejected] = [isRepeated(pair.chosen), isRepeated(pair.rejected)];
  if (!inChosen && !inRejected) return pair;
  return {
    ...pair,
    chosen: inChosen ? first(pair.chosen) : pair.chosen,
    rejected: inRejected ? first(pair.rejected) : pair.rejected,
  };
}
