/** @file `generate --best-of`: which answer is given, and what it says of all of them. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { klBound } from '../evaluation/best-of-n';

interface Printed {
  readonly text: string;
  readonly reward: number;
  readonly best_of: number;
  readonly kl_bound: number;
  readonly answers: readonly { readonly text: string; readonly seed: number; readonly reward: number | null }[];
}

function generate(...more: string[]): string {
  const command = ['--import', 'tsx', 'src/cli/main.ts', 'generate', '--model', 'public/starter/model'];
  const options = ['--prompt', 'On Sunday the cook served', '--max-new-tokens', '12', ...more];
  return execFileSync(process.execPath, [...command, ...options], { encoding: 'utf8', stdio: 'pipe' });
}

it('gives the best of its answers by rules, each answer the one that its seed gives alone', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'airlock-')), 'rules.json');
  const rules = [
    { kind: 'contains', text: 'the' },
    { kind: 'length', unit: 'characters', max: 40, weight: 2 },
  ];
  writeFileSync(file, JSON.stringify({ version: 1, rules }));
  const sampling = ['--temperature', '1', '--json'];
  const printed = JSON.parse(generate(...sampling, '--seed', '7', '--best-of', '4', '--reward', file)) as Printed;
  const { answers } = printed;
  expect(answers.map(({ seed }) => seed)).toEqual([7, 8, 9, 10]);
  expect(new Set(answers.map(({ text }) => text)).size).toBeGreaterThan(1);
  expect(printed.reward).toBe(Math.max(...answers.map(({ reward }) => reward ?? -1)));
  expect(printed.text).toBe(answers.find(({ reward }) => reward === printed.reward)?.text);
  expect([printed.best_of, printed.kl_bound]).toEqual([4, klBound(4)]);
  const alone = JSON.parse(generate(...sampling, '--seed', '9')) as Printed;
  expect(answers[2]?.text).toBe(alone.text);
}, 240_000);

it('gives the answer that a model finds better than the others most often', () => {
  const options = ['--seed', '7', '--temperature', '1', '--json', '--best-of', '3', '--reward', 'fixtures/tiny-llama'];
  const { answers, reward, text } = JSON.parse(generate(...options)) as Printed;
  const rewards = answers.map((one) => one.reward ?? NaN);
  // Each two share 1 between them: three contests of three answers with two each.
  expect(rewards.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1.5, 6);
  expect(new Set(rewards).size).toBe(3);
  expect(reward).toBe(Math.max(...rewards));
  expect(text).toBe(answers.find((one) => one.reward === reward)?.text);
}, 240_000);

it('says what is missing to choose by', () => {
  const refusal = (...more: string[]): string => {
    try {
      return generate(...more);
    } catch (error) {
      return String((error as { stderr?: unknown }).stderr);
    }
  };
  expect(refusal('--best-of', '4')).toMatch(/needs a `--reward`/);
  expect(refusal('--best-of', '4', '--reward', 'sentiment')).toMatch(/at temperature 0 they are all the same/);
}, 240_000);
