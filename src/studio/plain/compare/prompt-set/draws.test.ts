import { expect, it } from 'vitest';
import { starterReward } from '../../../../evaluation/reward';
import type { Generation } from '../../../../worker/protocol';
import { answersIn, drawsFrom, keptOf } from './draws';

const column = { runId: null, name: 'base', strength: 100, role: null };
const promptSet = {
  columns: [column, { ...column, best: { count: 4, reward: 'sentiment' } }],
  temperatures: [0, 0.5],
  prompts: ['one', 'two', 'three'],
  sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 10 },
};

it('draws once at temperature 0, and N times above it from the columns that choose', () => {
  expect(answersIn(0, promptSet)).toBe(0);
  expect(answersIn(2, promptSet)).toBe(2 + 5);
  expect(answersIn(6, promptSet)).toBe(3 * 7);
  const draws = drawsFrom(2, promptSet);
  expect(draws.reduce((sum, { of }) => sum + of.length, 0)).toBe(2 * 7);
  expect(draws.slice(0, 5)).toEqual([
    { cell: 2, prompt: 'two', temperature: 0, seed: 11, of: [0, 1] },
    { cell: 3, prompt: 'two', temperature: 0.5, seed: 11, of: [0, 1] },
    { cell: 3, prompt: 'two', temperature: 0.5, seed: 14, of: [1] },
    { cell: 3, prompt: 'two', temperature: 0.5, seed: 17, of: [1] },
    { cell: 3, prompt: 'two', temperature: 0.5, seed: 20, of: [1] },
  ]);
  const ofOneTemperature = draws.filter(({ temperature }) => temperature > 0).map(({ seed }) => seed);
  expect(new Set(ofOneTemperature).size).toBe(ofOneTemperature.length);
});

it('keeps the best by the reward, and of a column without one the answer as it came', () => {
  const made = (text: string, more: Partial<Generation> = {}): Generation => ({
    ...{ label: '', text, tokens: 1, ids: [1], finish: 'length', secondsPerToken: 1, ...more },
  });
  const told = { prompt: 'The film was', reference: null };
  const answers = [made(' awful.'), made(' wonderful.', { finish: 'eos' }), made(' dull.')];
  const [plain, chosen] = promptSet.columns as [typeof column, (typeof promptSet.columns)[1]];
  expect(keptOf(answers, plain, null, told)).toEqual({ text: ' awful.', isCut: true, tokens: 1 });
  const best = keptOf(answers, chosen, starterReward('sentiment'), told);
  expect(best).toMatchObject({ text: ' wonderful.', isCut: false });
  expect(best.reward).toBeGreaterThan(0.5);
  const scored = answers.map((answer, index) => ({ ...answer, reward: [null, -3, -1][index] ?? null }));
  expect(keptOf(scored, chosen, null, told)).toEqual({ text: ' dull.', isCut: true, tokens: 1, reward: -1 });
  expect(() => keptOf([], chosen, null, told)).toThrow('No answer');
});
