/**
 * @file The judges against tools/starter/judges.py: tools/starter/lexicon/cases.json, the grammar's texts and others.
 * Where a case fails though the port is right, the file is stale: `python -m tools.starter.cases` makes it again.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { AnswerVerdict } from './dialogue';
import { judgeAnswer } from './dialogue';
import type { Solution } from './question';
import { solveQuestion } from './question';
import { scoreSentiment } from './sentiment';
import type { StarterTaskId } from '../data/starter-task';
import { scoreStarterAnswer } from './starter-score';
import type { Fact, SummaryVerdict } from './summary';
import { factsOf, judgeSummary } from './summary';

type FactRow = readonly [kind: string, value: string];
interface Cases {
  readonly sentiment: readonly { readonly text: string; readonly score: number }[];
  readonly 'sentiment-ko': Cases['sentiment'];
  readonly summarization: readonly (Omit<SummaryVerdict, 'stated' | 'invented'> & {
    readonly post: string;
    readonly summary: string;
    readonly facts: readonly FactRow[];
    readonly stated: readonly FactRow[];
    readonly invented: readonly FactRow[];
  })[];
  readonly dialogue: readonly (AnswerVerdict & {
    readonly question: string;
    readonly answer: string;
    readonly solution: Solution | null;
  })[];
  readonly scored: readonly {
    readonly task: StarterTaskId;
    readonly prompt: string;
    readonly answer: string;
    readonly score: number;
    readonly brokenWords: readonly string[];
  }[];
}

const cases = JSON.parse(readFileSync('tools/starter/lexicon/cases.json', 'utf8')) as Cases;
const toRows = (facts: readonly Fact[]): FactRow[] => facts.map(({ kind, value }) => [kind, value]);
/** The file has 9 decimals. */
const rounded = (value: number): number => Math.round(value * 1e9) / 1e9;

describe('the judges of tools/starter, case by case', () => {
  it('has cases of each task', () => {
    expect(
      Math.min(cases.sentiment.length, cases['sentiment-ko'].length, cases.summarization.length, cases.dialogue.length),
    ).toBeGreaterThan(50);
  });

  it.each(cases.sentiment)('sentiment: $text', ({ text, score }) => {
    expect(scoreSentiment(text)).toBeCloseTo(score, 8);
  });

  it.each(cases['sentiment-ko'])('Korean sentiment: $text', ({ text, score }) => {
    expect(scoreSentiment(text, 'sentiment-ko')).toBeCloseTo(score, 8);
  });

  it.each(cases.summarization)('summary: $summary', ({ post, summary, facts, quality, ...wanted }) => {
    const { stated, invented, ...verdict } = judgeSummary(post, summary);
    expect(toRows(factsOf(post))).toEqual(facts);
    expect({
      ...verdict,
      stated: toRows(stated),
      invented: toRows(invented),
      quality: rounded(verdict.quality),
    }).toEqual({ ...wanted, quality: rounded(quality) });
  });

  it.each(cases.dialogue)('$question $answer', ({ question, answer, solution, ...wanted }) => {
    const verdict = judgeAnswer(question, answer);
    expect(solveQuestion(question)).toEqual(solution);
    expect({ ...verdict, relevance: rounded(verdict.relevance), score: rounded(verdict.score) }).toEqual(wanted);
  });

  it.each(cases.scored)('$task: $prompt $answer', ({ task, prompt, answer, score, brokenWords }) => {
    const scored = scoreStarterAnswer(task, prompt, answer);
    expect({ score: rounded(scored.score), brokenWords: scored.brokenWords }).toEqual({ score, brokenWords });
  });
});
