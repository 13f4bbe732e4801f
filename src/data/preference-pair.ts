/**
 * @file What a preference pair is, in TRL's "explicit prompt" format.
 * Either all three fields are strings ("standard") or all three are lists of chat messages
 * ("conversational": the completions then hold the messages that follow the prompt, usually one assistant turn).
 * Source: TRL documentation, "Dataset formats and types", preference with explicit prompt.
 * Data without pairs have one answer: an SFT row no rejected one, a thumb down no chosen one,
 * and a prompt alone, which the model answers in training, neither. The absent answer is an
 * empty text or list, which no real answer is.
 */

export interface ChatMessage {
  readonly role: string;
  readonly content: string;
}

interface PairFacts {
  /** By how much a reward model is to score the chosen answer higher: TRL's column `margin`. */
  readonly margin?: number | undefined;
}

export interface TextPair extends PairFacts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

export interface ChatPair extends PairFacts {
  readonly prompt: readonly ChatMessage[];
  readonly chosen: readonly ChatMessage[];
  readonly rejected: readonly ChatMessage[];
}

export type PreferencePair = TextPair | ChatPair;

export function isChatPair(pair: PreferencePair): pair is ChatPair {
  return typeof pair.prompt !== 'string';
}

/** Scores that a file gives the two answers of a pair. */
export interface PairScores {
  readonly chosen: number;
  readonly rejected: number;
}

/** A pair with the scores of its answers, where they are known: what a run trains on. */
export type ScoredPair = PreferencePair & { readonly scores?: PairScores | null };

/** Whether a pair has this answer. */
export const hasAnswer = (pair: PreferencePair, side: 'chosen' | 'rejected'): boolean => pair[side].length > 0;

/** The words of a prompt or an answer: of messages, what they say one after the other. */
export const wordsOf = (text: PreferencePair['prompt']): string =>
  typeof text === 'string' ? text : text.map(({ content }) => content).join('\n\n');
