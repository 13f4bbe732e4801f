/** @file Pairs as text for the screen, and what the token counts of a data set add up to. */
import { isChatPair, type ChatMessage, type PreferencePair } from '../../../data/preference-pair';
import type { PairReport } from '../../../worker/protocol';

export interface PairTexts {
  readonly prompt: string;
  readonly chosen: string;
  readonly rejected: string;
}

function textOfMessages(messages: readonly ChatMessage[]): string {
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n');
}

/** A chat completion of one assistant turn is shown as its words alone. */
function textOfCompletion(messages: readonly ChatMessage[]): string {
  const [only] = messages;
  return messages.length === 1 && only?.role === 'assistant' ? only.content : textOfMessages(messages);
}

export function textsOf(pair: PreferencePair): PairTexts {
  if (!isChatPair(pair)) return pair;
  return {
    prompt: textOfMessages(pair.prompt),
    chosen: textOfCompletion(pair.chosen),
    rejected: textOfCompletion(pair.rejected),
  };
}

export interface LengthFacts {
  readonly part: 'prompt' | 'chosen' | 'rejected';
  readonly median: number;
  readonly p95: number;
  readonly max: number;
}

/** Nearest-rank quantile of sorted numbers. */
function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

export function measureLengths(reports: readonly PairReport[]): readonly LengthFacts[] {
  const parts = [
    ['prompt', (report: PairReport) => report.promptTokens],
    ['chosen', (report: PairReport) => report.chosenTokens],
    ['rejected', (report: PairReport) => report.rejectedTokens],
  ] as const;
  return parts.map(([part, of]) => {
    const sorted = reports.map(of).sort((a, b) => a - b);
    return { part, median: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), max: sorted.at(-1) ?? 0 };
  });
}

/** The pairs as JSON Lines, in the form that importing, the command line and TRL read. */
export function writePairs(rows: readonly { readonly pair: PreferencePair }[]): string {
  return rows
    .map(({ pair: { prompt, chosen, rejected } }) => `${JSON.stringify({ prompt, chosen, rejected })}\n`)
    .join('');
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
