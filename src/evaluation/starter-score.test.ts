/** @file The one number of the starter's demonstration: never above 1, and nothing for what is no text. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { starterTasks } from '../data/starter-task';
import { isFluent, scoreStarterAnswer } from './starter-score';

const question = 'How many minutes are 2 hours?';
const post = 'On Monday at 6:40 pump 4 in hall 3 leaked oil. Marta from maintenance replaced a worn seal.\nTL;DR:';

describe('scoreStarterAnswer', () => {
  it('is 1 at most: politeness adds nothing to what is perfect', () => {
    expect(scoreStarterAnswer('dialogue', question, 'Gladly. 120 minutes. Happy to help.').score).toBe(1);
    expect(
      scoreStarterAnswer('summarization', post, ' Pump 4 in hall 3 leaked oil on Monday; Marta replaced a worn seal.')
        .score,
    ).toBe(1);
  });

  it('gives nothing for courtesy alone, for circles, for nothing', () => {
    for (const answer of ['Certainly.Gladly.Certainly', 'tort pro pro pro pro pro', '120 120 120', '', ' . '])
      expect(scoreStarterAnswer('dialogue', question, answer).score).toBe(0);
    expect(scoreStarterAnswer('sentiment', 'The soup was', ' good good good good').score).toBe(0);
    expect(scoreStarterAnswer('summarization', post, ' a tort pro pro pro pro pro').score).toBe(0);
    expect(scoreStarterAnswer('summarization', post, ' Pump 9 leaked water on Friday.').score).toBe(0);
  });

  it('takes a fifth off for each word that is none', () => {
    const whole = scoreStarterAnswer('sentiment', 'The soup was', ' fantastic.').score;
    const broken = scoreStarterAnswer('sentiment', 'The soup was', ' fantastic and artichoh.');
    expect(broken.score).toBeCloseTo(whole - 0.2, 12);
    expect(broken.brokenWords).toEqual(['artichoh']);
    expect(scoreStarterAnswer('sentiment', 'My zurblic', ' zurblic was fantastic.').brokenWords).toEqual([]);
  });

  it('calls a text fluent that has neither', () => {
    const says = (answer: string) => isFluent(scoreStarterAnswer('sentiment', 'The soup was', answer));
    expect([says(' good.'), says(' schit.'), says(' good good good.'), says('')]).toEqual([true, false, false, false]);
  });
});

interface Shipped {
  readonly prompt: string | readonly { readonly content: string }[];
  readonly chosen: Shipped['prompt'];
  readonly rejected: Shipped['prompt'];
}
const textOf = (part: Shipped['prompt']): string => (typeof part === 'string' ? part : (part.at(-1)?.content ?? ''));

describe.each(starterTasks)('the shipped pairs of %s', (task) => {
  const splits = readdirSync(`public/starter/${task}`).filter((file) => file !== 'sft.jsonl');

  it('are for training and for evaluation', () =>
    expect(splits).toEqual(expect.arrayContaining(['contrast.jsonl', 'eval.jsonl'])));

  it.each(splits)('%s: chosen answers are sound and better than the rejected', (split) => {
    const lines = readFileSync(`public/starter/${task}/${split}`, 'utf8').trim().split('\n');
    const unsound = lines
      .map((line) => JSON.parse(line) as Shipped)
      .filter(({ prompt, chosen, rejected }) => {
        const [asked, better, worse] = [prompt, chosen, rejected].map(textOf) as [string, string, string];
        const scored = scoreStarterAnswer(task, asked, better);
        return !isFluent(scored) || scored.score - scoreStarterAnswer(task, asked, worse).score < 0.2;
      });
    expect(lines.filter((line) => line.includes('<|'))).toEqual([]);
    expect(unsound.map(({ chosen }) => textOf(chosen))).toEqual([]);
    expect(lines.length).toBeGreaterThanOrEqual(split === 'eval.jsonl' ? 96 : 800);
  });
});
