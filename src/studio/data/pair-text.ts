/** @file Pairs as text for the screen, and what the token counts of a data set add up to. */
import { isChatPair, type ChatMessage, type PreferencePair } from '../../data/preference-pair';
import type { PairStatistics } from '../../data/statistics';
import type { PairReport } from '../../worker/protocol';
import type { Text } from '../text/text';

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

/** Fewer pairs than this say nothing about length. */
const enoughPairs = 10;

export function warnOfStatistics({ pairs, duplicates, longerIsChosen }: PairStatistics, text: Text['data']['statistics']): readonly string[] {
  const warnings: string[] = [];
  if (duplicates > 0) warnings.push(text.duplicates(duplicates));
  if (pairs >= enoughPairs && longerIsChosen !== null && Math.abs(longerIsChosen - 0.5) >= 0.35) {
    warnings.push(text.length(longerIsChosen > 0.5, Math.max(longerIsChosen, 1 - longerIsChosen)));
  }
  return warnings;
}

export const examplePairs = [
  { prompt: 'Reply to the customer: my parcel is late.', chosen: 'I am sorry for the delay. May I have your order number?', rejected: 'Parcels are late sometimes.' },
  {
    prompt: [{ role: 'user', content: 'May I share my password with a colleague?' }],
    chosen: [{ role: 'assistant', content: 'No. Ask IT for a shared account instead.' }],
    rejected: [{ role: 'assistant', content: 'Sure, if you trust them.' }],
  },
];

export const exampleLines = examplePairs.map((pair) => JSON.stringify(pair)).join('\n');
