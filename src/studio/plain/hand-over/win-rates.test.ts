/** @file Which win rates leave with an adapter: its own, at full strength, once all is judged blind. */
import { expect, it } from 'vitest';
import type { PromptSet } from '../../../storage/prompt-set-record';
import { promptSetComparisons } from '../compare/prompt-set/prompt-set';
import { winRateResults } from './win-rates';

const answers = [
  ['secret base', 'secret ours', 'secret half'],
  ['secret base', 'secret ours', 'secret half'],
  ['secret base', 'secret base', 'secret half'],
].map((row) => row.map((text) => ({ text, isCut: false })));

const open: PromptSet = {
  ...{ at: '2026-01-01T00:00:00Z', modelName: 'tiny', fingerprint: 'print', task: null, against: 0 },
  columns: [
    { runId: null, name: 'base', strength: 100, role: 'base' },
    { runId: 'd', name: 'dpo-1', strength: 100, role: 'dpo' },
    { runId: 'd', name: 'dpo-1', strength: 50, role: 'dpo' },
  ],
  ...{ temperatures: [0], sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 0 } },
  ...{ prompts: ['secret p', 'secret q', 'secret r'], answered: answers, orderSeed: 7, judge: 'analyst' },
  judgements: [],
  modelJudge: null,
};
const comparisons = promptSetComparisons(open);
const judgements = comparisons.map(({ a, column }) => ({ verdict: a.voice === column ? 'a' : 'b', at: '' }) as const);

it('has the rate of the adapter with its interval, and no text', () => {
  const results = winRateResults('d', { ...open, judgements });
  expect(results).toHaveLength(1);
  expect(results[0]).toMatchObject({
    metric: 'win rate against base',
    value: 2.5 / 3,
    on: '3 prompts at temperature 0, judged blind: 2 won, 1 tied, 0 lost',
  });
  const { low, high } = results[0]?.interval ?? { low: 0, high: 0 };
  expect(low).toBeGreaterThan(0.3);
  expect(low).toBeLessThan(2.5 / 3);
  expect(high).toBeGreaterThan(2.5 / 3);
  expect(JSON.stringify(results)).not.toContain('secret');
});

it('has none before all is judged, of another run, or of a scorer', () => {
  expect(winRateResults('d', { ...open, judgements: judgements.slice(1) })).toEqual([]);
  expect(winRateResults('other', { ...open, judgements })).toEqual([]);
  expect(winRateResults('d', { ...open, judgements, judge: 'scorer' })).toEqual([]);
  expect(winRateResults('d', null)).toEqual([]);
});
