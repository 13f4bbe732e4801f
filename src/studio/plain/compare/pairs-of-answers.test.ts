import { describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../../worker/protocol';
import { bestFirst, type Candidate } from './best-of';
import { initialPairsForm, mostPairs, pairsOfAnswers, readPairsForm } from './pairs-of-answers';
import type { AnsweredPrompt } from './waiting-answers';

const answered = (prompt: AnsweredPrompt['prompt'], ...rewards: (number | null)[]): AnsweredPrompt => ({
  prompt,
  candidates: bestFirst(
    rewards.map((reward, index): Candidate => ({
      ...{ index, text: `${index}: ${reward}`, tokens: 1, ids: [], finish: 'eos', reward, results: [] },
    })),
  ),
});

describe('pairs of several answers', () => {
  it('takes the best and the worst of a prompt, with their scores', () => {
    const made = pairsOfAnswers([answered('p', 0.5, 0, 1, 0), answered('q', 0.25, 0.75)], 'extremes', 'file');
    expect(made).toEqual({
      rows: [
        {
          pair: { prompt: 'p', chosen: '2: 1', rejected: '3: 0' },
          ...{ scores: { chosen: 1, rejected: 0 }, file: 'file', row: 1 },
        },
        {
          pair: { prompt: 'q', chosen: '1: 0.75', rejected: '0: 0.25' },
          ...{ scores: { chosen: 0.75, rejected: 0.25 }, file: 'file', row: 2 },
        },
      ],
      ...{ ties: 0, unscored: 0, tooMany: 0 },
    });
  });

  it('makes a pair of each two answers, but not of equal scores, which it counts', () => {
    const { rows, ties } = pairsOfAnswers([answered('p', 0.5, 0, 1, 0)], 'all', 'file');
    expect(rows.map(({ scores }) => [scores?.chosen, scores?.rejected])).toEqual([
      [1, 0.5],
      [1, 0],
      [1, 0],
      [0.5, 0],
      [0.5, 0],
    ]);
    expect(ties).toBe(1);
  });

  it('counts ties of best and worst, and prompts without two answers that have a score', () => {
    const made = pairsOfAnswers([answered('p', 1, 1, 1), answered('q', 1, null), answered('r', null)], 'extremes', 'f');
    expect(made).toEqual({ rows: [], ties: 1, unscored: 2, tooMany: 0 });
  });

  it('answers a chat as the assistant', () => {
    const [row] = pairsOfAnswers([answered([{ role: 'user', content: 'p' }], 1, 0)], 'all', 'f').rows;
    expect(row?.pair).toEqual({
      prompt: [{ role: 'user', content: 'p' }],
      chosen: [{ role: 'assistant', content: '0: 1' }],
      rejected: [{ role: 'assistant', content: '1: 0' }],
    });
  });

  it('makes no more than a page can hold, and says how many there were', () => {
    const each = Array.from({ length: 64 }, (_, index) => index);
    const prompts = Array.from({ length: 50 }, (_, index) => answered(`p${index}`, ...each));
    const { rows, tooMany } = pairsOfAnswers(prompts, 'all', 'f');
    expect([rows.length, rows.length + tooMany]).toEqual([mostPairs, (50 * 64 * 63) / 2]);
  });
});

describe('the form of pairs', () => {
  const row = (prompt: string, at: number) => ({ pair: { prompt, chosen: 'c', rejected: 'r' }, file: 'a', row: at });
  const sources = {
    model: { name: 'tiny', hasChatTemplate: false } as ModelSummary,
    sampling: { maxNewTokens: 8, temperature: 1, topK: 0, topP: 1, seed: 0 },
    rows: Array.from({ length: 20 }, (_, index) => row(`p${index}`, index)),
    split: null,
    hasRules: true,
    runs: [],
    judges: [],
    stored: [],
  };

  it('answers prompts that are trained on, so that evaluation stays apart', () => {
    const split = { evaluationShare: 0.5, seed: 1 };
    const { plan } = readPairsForm(initialPairsForm, { ...sources, split });
    expect(plan?.prompts.length).toBeGreaterThan(0);
    expect(plan?.prompts.length).toBeLessThan(20);
    expect(readPairsForm({ ...initialPairsForm, count: '3' }, sources).plan?.prompts).toHaveLength(3);
  });

  it.each([
    [{}, { hasRules: false }, 'noRules'],
    [{ reward: 'sentiment' as const }, { hasRules: false }, null],
    [{ reward: 'run:gone' as const }, {}, 'noJudge'],
    [{ reward: 'judge:gone' as const }, {}, 'noJudge'],
    [{}, { sampling: null }, 'sampling'],
    [{}, { sampling: { ...sources.sampling, temperature: 0 } }, 'atZero'],
    [{ count: 'many' }, {}, 'numbers'],
    [{ source: 'typed' as const, count: 'many' }, {}, 'noPrompts'],
    [{}, { rows: [] }, 'noDatasetPrompts'],
  ])('says what is in the way: %o %o', (form, given, obstacle) => {
    expect(readPairsForm({ ...initialPairsForm, ...form }, { ...sources, ...given }).obstacle).toBe(obstacle);
  });
});
