/** @file A demonstration of two prompts with answers and one without, for tests to change what they are about. */
import type { Demonstration, DemonstrationAnswer } from '../../../storage/demonstration-record';

/** An answer whose one token has this log-ratio; null leaves it without a score. */
export const exampleAnswer = (text: string, ratio: number | null = null): DemonstrationAnswer => ({
  text,
  isCut: false,
  scored: ratio === null ? null : [{ text, isSpecial: false, logp: ratio - 1, reference: -1 }],
});

export const exampleDemonstration: Demonstration = {
  at: '2026-01-01T00:00:00Z',
  modelName: 'tiny',
  fingerprint: 'print',
  columns: [
    { runId: null, name: 'base', role: 'base', strength: 100 },
    { runId: 's', name: 'sft-1', role: 'sft', strength: 100 },
    { runId: 'd', name: 'dpo-1', role: 'dpo', strength: 100 },
  ],
  sampling: { temperature: 0, maxNewTokens: 8, topK: 0, topP: 1 },
  script: ['one', 'two', 'three'].map((prompt, seed) => ({ prompt, seed })),
  answered: [
    [exampleAnswer('a', -1), exampleAnswer('b', 1), exampleAnswer('c', 4)],
    [exampleAnswer('same', 0), exampleAnswer('same', 0), exampleAnswer('other', -8)],
  ],
  scoring: { column: 2, reference: null, isStandIn: false, beta: 0.5, isLossKnown: true },
  orderSeed: 7,
  judgements: [],
};

/** What an audience did: `[prompt, column]` is a vote, `[prompt]` reveals the names. */
export const exampleEvents = (events: readonly (readonly [number, number?])[]): Demonstration['judgements'] =>
  events.map(([prompt, column = null]) => ({ prompt, column, at: '2026-01-01T00:00:00Z' }));
