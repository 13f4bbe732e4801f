/** @file The table of the starter's recipe: intervals, and a mark where a difference is not clear. */
import { expect, it } from 'vitest';
import { tableOfStarter, type StarterRun } from './starter-report';

const run = (seed: number, dpo: readonly number[]): StarterRun => {
  const column = (scores: readonly number[]) => ({ texts: scores.map((score) => ` ${score}`), scores, fluent: 0.75 });
  return {
    task: 'sentiment',
    seed,
    prompts: ['a', 'b', 'c', 'd'],
    columns: { base: column([0.1, 0.2, 0.3, 0.4]), sft: column([0.2, 0.3, 0.4, 0.5]), dpo: column(dpo) },
    kl: { mean: 2, standardError: 0.5, samples: 4 },
    seconds: 60,
  };
};

it('has a row for each seed and one for all, and marks what is not clear', () => {
  const lines = tableOfStarter([run(1, [0.8, 0.9, 1, 1]), run(2, [0.2, 0.9, 0.1, 0.6])], 1).split('\n');
  expect(lines[2]).toMatch(
    /^\| 1 \| 0\.25 \(0\.04 to 0\.46\) \| 0\.35 .* \| 0\.58 \(0\.50 to 0\.65\) \| .* \| 0\.75 \/ 0\.75 \/ 0\.75 \| 2\.00 ± 0\.50 \| 60 \|$/,
  );
  expect(lines[2]).not.toContain('!');
  expect(lines[3]).toContain('!');
  expect(lines[4]).toMatch(/^\| all \| 0\.25 /);
  expect(lines.slice(5)).toEqual([
    'a',
    '  0.10 0.1',
    '  0.20 0.2',
    '  0.80 0.8',
    'a',
    '  0.10 0.1',
    '  0.20 0.2',
    '  0.20 0.2',
  ]);
});
