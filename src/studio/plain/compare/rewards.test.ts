/** @file Which reward models and judges can score what the open model answers, and what is wrong with the others. */
import { describe, expect, it } from 'vitest';
import { sentenceOf } from '../../../messages/message';
import { rewardChoiceSchema } from '../../../run/reward-choice';
import type { RunRecord } from '../../../storage/records';
import { rewardIdSchema, rewardOfJudge, rewardOfRun } from './best-of';
import type { KeptJudge } from './kept-judges';
import { comparingOf, modelToLoad, rewardChoiceOf, rewardProblem, scoringRuns, usableChoiceOf } from './rewards';

const runOf = (id: string, more: Partial<RunRecord> = {}) =>
  ({
    id,
    name: `name-${id}`,
    method: 'reward',
    adapterBytes: 1,
    modelFingerprint: 'f',
    modelName: 'tiny',
    ...more,
  }) as RunRecord;
const runs = [
  runOf('a'),
  runOf('b', { modelFingerprint: 'other', modelName: 'big' }),
  runOf('c', { adapterBytes: 0 }),
  runOf('d', { method: 'dpo' }),
];
const judge: KeptJudge = {
  ...{ id: 'j', set: '2026', modelName: 'tiny', fingerprint: 'f', runId: null, runName: null, asked: 'dialogue' },
  ...{ bound: 0.6, items: 20, agreed: 12, secondsEach: 0.5 },
};
const model = { name: 'tiny', fingerprint: 'f' };
const problemOf = (change: Partial<KeptJudge>, answers?: number): string | null => {
  const sources = { runs, judges: [{ ...judge, ...change }], model, stored: [] };
  const problem = rewardProblem(rewardOfJudge('j'), sources, answers);
  return problem && sentenceOf(problem);
};

describe('a reward model', () => {
  it('scores answers of its own base, while it is there', () => {
    expect(scoringRuns(runs, 'f').map(({ id }) => id)).toEqual(['a']);
    const sources = { runs, judges: [], model, stored: [] };
    const problems = ['a', 'b', 'c', 'd', 'e'].map((id) => rewardProblem(rewardOfRun(id), sources)?.code);
    expect(problems).toEqual([undefined, 'rewardRunOther', 'rewardRunGone', 'rewardRunGone', 'rewardRunGone']);
    expect(rewardProblem('rules', sources)).toBeNull();
  });
});

describe('a judge of a prompt set', () => {
  it('judges where it agreed as often as asked, and is refused in a sentence where it did not', () => {
    expect(problemOf({})).toBeNull();
    expect(problemOf({ agreed: 11 })).toBe(
      'The judge tiny was refused: it agreed with 55% of your blind judgements and 60% are asked of it; have another model judge, ask it another question in a prompt set, or choose another reward.',
    );
    expect(problemOf({ items: 19, agreed: 19 })).toMatch(/is not known: 19 of the comparisons .* 20 are needed/);
  });

  it('is the open model or an adapter of it that is still there', () => {
    expect(problemOf({ runId: 'd', runName: 'name-d' })).toBeNull();
    expect(problemOf({ runId: 'gone' })).toMatch(/^The judge that was chosen is gone/);
    expect(rewardProblem(rewardOfJudge('k'), { runs, judges: [judge], model, stored: [] })?.code).toBe(
      'judgeRewardGone',
    );
  });

  it('may be of another model, if that is kept and the adapter is there', () => {
    const big = { id: 'id', name: 'big-1', fingerprint: 'other', sizeBytes: 5 };
    const sources = (change: Partial<KeptJudge>, stored = [{ ...big, fingerprint: 'f' }, big]) => ({
      ...{ runs, model, stored },
      judges: [{ ...judge, fingerprint: 'other', modelName: 'big', ...change }],
    });
    const codeOf = (given: ReturnType<typeof sources>) => rewardProblem(rewardOfJudge('j'), given)?.code;
    expect(codeOf(sources({}))).toBeUndefined();
    expect(modelToLoad(sources({}).judges[0]!, sources({}))).toBe(big);
    expect(codeOf(sources({}, []))).toBe('judgeRewardNotKept');
    expect(codeOf(sources({ agreed: 1 }))).toBe('judgeRewardRefused');
    expect(codeOf(sources({ runId: 'd' }))).toBe('judgeRewardGone');
    const ofBig = [...runs, runOf('e', { method: 'dpo', modelFingerprint: 'other' })];
    expect(codeOf({ ...sources({ runId: 'e' }), runs: ofBig })).toBeUndefined();
    // The open model is not loaded again.
    expect(modelToLoad(judge, sources({}))).toBeNull();
  });

  it('compares no more answers than it says, which is said before they are written', () => {
    expect(problemOf({}, 32)).toBeNull();
    expect(problemOf({}, 64)).toMatch(/64 answers would be 2016 comparisons, 4032 questions/);
    expect(comparingOf(judge, 10, 8)).toEqual({ comparisons: 280, questions: 560, seconds: 140 });
    expect(comparingOf({ secondsEach: null }, 1, 2)).toEqual({ comparisons: 1, questions: 2, seconds: null });
  });

  it('stands in the settings of a run by its model, question and adapter', () => {
    const named = { ...judge, asked: { rubric: 'Politer?' }, runId: 'd' };
    const choice = rewardChoiceOf(rewardOfJudge('j'), [named]);
    expect(choice).toEqual({ judge: 'f', question: { rubric: 'Politer?' }, adapter: 'd' });
    expect(rewardChoiceSchema.parse(choice)).toEqual(choice);
    expect(rewardChoiceOf(rewardOfJudge('j'), [judge])).toEqual({ judge: 'f', question: 'dialogue' });
    expect(
      usableChoiceOf(rewardOfJudge('j'), { runs, judges: [{ ...judge, agreed: 0 }], model, stored: [] }),
    ).toBeNull();
    expect(rewardIdSchema.safeParse('judge:').success).toBe(false);
    expect(rewardIdSchema.parse('judge:j')).toBe('judge:j');
  });
});
