/** @file Pairs as text for the screen, and what the token counts of a data set add up to. */
import {
  hasAnswer,
  isChatPair,
  type ChatMessage,
  type PairScores,
  type PreferencePair,
} from '../../../data/preference-pair';
import { trlRow } from '../../../data/trl-row';
import { quantileOf } from '../../../core/statistics';
import { writeJsonLines } from '../../../data/json-lines';
import { textOfMessages, type RoleNames } from './prompt-text';
import type { PairReport } from '../../../run/reports';

export interface PairTexts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

/** A completion that is one assistant message is shown as its words alone. */
function textOfCompletion(messages: readonly ChatMessage[], names: RoleNames): string {
  const [only] = messages;
  return messages.length === 1 && only?.role === 'assistant' ? only.content : textOfMessages(messages, names);
}

/** @param names what the roles of a conversation are called */
export function textsOf(pair: PreferencePair, names: RoleNames): PairTexts {
  if (!isChatPair(pair)) return pair;
  return {
    prompt: textOfMessages(pair.prompt, names),
    chosen: textOfCompletion(pair.chosen, names),
    rejected: textOfCompletion(pair.rejected, names),
  };
}

export interface LengthFacts {
  readonly part: 'prompt' | 'chosen' | 'rejected';
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Whether a length is that of a text: an answer that a pair has not is no answer of length 0. */
export const isThere = (length: number): boolean => length > 0;

export function measureLengths(reports: readonly PairReport[]): readonly LengthFacts[] {
  const parts = [
    ['prompt', (report: PairReport) => report.promptTokens],
    ['chosen', (report: PairReport) => report.chosenTokens],
    ['rejected', (report: PairReport) => report.rejectedTokens],
  ] as const;
  return parts.map(([part, of]) => {
    const counts = reports.map(of).filter(isThere);
    return {
      part,
      median: quantileOf(counts, 0.5),
      p95: quantileOf(counts, 0.95),
      max: counts.reduce((most, count) => Math.max(most, count), 0),
    };
  });
}

/** Writes pairs as JSON Lines, in the form that importing, the command line and TRL read. */
export function writePairs(rows: readonly { readonly pair: PreferencePair; readonly scores?: PairScores }[]): string {
  // A bad answer alone can only be a thumb down; then the good ones alone are thumbs up.
  const isThumbs = rows.some(({ pair }) => !hasAnswer(pair, 'chosen'));
  return writeJsonLines(rows.map(({ pair, scores }) => trlRow(pair, scores ?? null, isThumbs)));
}

export const examplePairs = [
  {
    prompt: 'Reply to the customer: my parcel is late.',
    chosen: 'I am sorry for the delay. May I have your order number?',
    rejected: 'Parcels are late sometimes.',
  },
  {
    prompt: [{ role: 'user', content: 'May I share my password with a colleague?' }],
    chosen: [{ role: 'assistant', content: 'No. Ask IT for a shared account instead.' }],
    rejected: [{ role: 'assistant', content: 'Sure, if you trust them.' }],
  },
];

export const exampleLines = examplePairs.map((pair) => JSON.stringify(pair)).join('\n');
