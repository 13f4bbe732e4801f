/** @file A model as judge of a prompt set: who can be asked, when its verdicts count, and the win rates they give. */
import { expect, it } from 'vitest';
import type { StoredModel } from '../../../../storage/models/stored-model';
import type { PromptSet, PromptSetModelJudge } from '../../../../storage/prompt-set-record';
import { exampleModel, exampleRun } from '../../examples';
import { scoreAnswer } from '../../starter/score-answer';
import {
  agreementWithAnalyst,
  chosenCandidate,
  judgeCandidates,
  judgeHabits,
  judgesItself,
  missingJudgements,
  readJudgeForm,
} from './model-judge';
import { isDecided, promptSetComparisons, ratesOf } from './prompt-set';
import { initialPromptSetForm } from './prompt-set-form';

const answer = (text: string) => ({ text, isCut: false });
const prompts = Array.from({ length: 24 }, (_, at) => `prompt ${at}`);

const open: PromptSet = {
  ...{ at: '2026-01-01T00:00:00Z', modelName: 'tiny', fingerprint: 'f', task: null, against: 0 },
  columns: [
    { runId: null, name: 'base', strength: 100, role: 'base' },
    { runId: 'd', name: 'dpo-1', strength: 100, role: 'dpo' },
  ],
  ...{ temperatures: [0], sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 0 }, prompts },
  answered: prompts.map((prompt) => [answer(`${prompt} base`), answer(`${prompt} ours`)]),
  ...{ orderSeed: 7, judge: 'model', judgements: [], modelJudge: null },
};
const comparisons = promptSetComparisons(open);
/** The side of the adapter's answer in the first comparisons, of the base's in the others. */
const sides = (ours: number) =>
  comparisons.map(({ a, column }, at): 'a' | 'b' => ((a.voice === column) === at < ours ? 'a' : 'b'));

const judgedBy = (choices: readonly ('a' | 'b' | 'tie')[], bound = 0.6): PromptSetModelJudge => ({
  ...{ at: '2026-01-02T00:00:00Z', modelName: 'judge', fingerprint: 'j', runId: null, runName: null },
  ...{ asked: 'dialogue', bound },
  verdicts: choices.map((choice) => ({
    ...{ choice, preference: 0.5, ordersAgree: choice !== 'tie', first: 0.5, letterMass: 1, cut: 0 },
  })),
});
/** The analyst prefers the adapter in the first `ours` comparisons and has judged `count` of them. */
const judgementsOf = (ours: number, count: number): PromptSet['judgements'] =>
  sides(ours)
    .slice(0, count)
    .map((verdict) => ({ verdict, at: '' }));

it('can be the open model, an adapter that answers, or a kept model that is not the open one', () => {
  const kept = (id: string, fingerprint?: string): StoredModel => ({
    ...{ id, name: `name-${id}`, addedAt: '', sizeBytes: 1, sha256: '', files: [] },
    ...(fingerprint !== undefined && { fingerprint }),
  });
  const run = { ...exampleRun, modelFingerprint: 'f' };
  const sources = {
    model: exampleModel,
    runs: [run, { ...run, id: 'scored', method: 'reward' as const }, exampleRun],
    stored: [kept('one', 'f'), kept('two', 'g'), kept('three'), kept('four')],
    openId: 'four',
  };
  const candidates = judgeCandidates(sources);
  expect(candidates.map(({ id }) => id)).toEqual(['open', 'run d', 'model two', 'model three']);
  expect(judgeCandidates({ ...sources, model: null, openId: null }).map(({ id }) => id)).toEqual([
    'model one',
    'model two',
    'model three',
    'model four',
  ]);
  expect(chosenCandidate({ judgeWho: 'run d' }, candidates)?.id).toBe('run d');
  expect(chosenCandidate({ judgeWho: 'run gone' }, candidates)?.id).toBe('open');

  const read = (change: object, of = candidates) => readJudgeForm({ ...initialPromptSetForm, ...change }, of);
  expect(read({})).toMatchObject({ plan: { who: { id: 'open' }, asked: 'dialogue', bound: 0.6 }, obstacle: null });
  expect(read({ judgeQuestion: 'rubric', judgeRubric: ' Which? ' }).plan?.asked).toEqual({ rubric: 'Which?' });
  expect(read({ judgeQuestion: 'rubric', judgeRubric: ' ' })).toMatchObject({ plan: null, obstacle: 'noRubric' });
  expect(read({ judgeBound: '101' })).toMatchObject({ plan: null, obstacle: 'bound', boundProblem: { given: '101' } });
  expect(read({}, [])).toMatchObject({ plan: null, obstacle: 'noModel' });
});

it('counts only with 20 common judgements and as much agreement as is asked, and then gives win rates', () => {
  // The model prefers the adapter 18 times of 24; the analyst agrees on 15 of the first 20.
  const modelJudge = judgedBy(sides(18));
  const record = (judgements: PromptSet['judgements'], judge = modelJudge): PromptSet => ({
    ...open,
    judgements,
    modelJudge: judge,
  });
  const standing = (of: PromptSet) => agreementWithAnalyst(of, of.modelJudge!).standing;
  const few = record(judgementsOf(13, 19));
  expect([standing(few), isDecided(few), ratesOf(few, scoreAnswer)[0]?.rate]).toEqual(['unknown', false, null]);

  const enough = record(judgementsOf(13, 20));
  expect(agreementWithAnalyst(enough, modelJudge)).toMatchObject({ items: 20, agreed: 15, observed: 0.75 });
  expect([standing(enough), isDecided(enough)]).toEqual(['accepted', true]);
  expect(ratesOf(enough, scoreAnswer)[0]?.rate).toMatchObject({ wins: 18, ties: 0, losses: 6, mean: 0.75 });

  const strict = record(judgementsOf(13, 20), judgedBy(sides(18), 0.8));
  expect([standing(strict), isDecided(strict), ratesOf(strict, scoreAnswer)[0]?.rate]).toEqual([
    'refused',
    false,
    null,
  ]);
  // Accepted, but not done with all of them.
  const partial = record(judgementsOf(13, 20), judgedBy(sides(18).slice(0, 22)));
  expect([standing(partial), isDecided(partial)]).toEqual(['accepted', false]);
  // The analyst's own win rates are the analyst's, whatever a model says.
  const own = { ...record(judgementsOf(13, 24)), judge: 'analyst' as const };
  expect(ratesOf(own, scoreAnswer)[0]?.rate).toMatchObject({ wins: 13, losses: 11 });
});

it('takes two bad answers for a tie, as win rates do', () => {
  const ties = judgedBy(comparisons.map(() => 'tie' as const));
  const judgements = comparisons.map((_, at) => ({ verdict: at < 12 ? ('bad' as const) : ('a' as const), at: '' }));
  expect(agreementWithAnalyst({ judgements }, ties)).toMatchObject({ items: 24, agreed: 12 });
});

it('names what is missing: comparisons in the set, judgements of the analyst, verdicts of the model', () => {
  const of = (judgements: number, verdicts: number, there = 24) =>
    missingJudgements(
      { judgements: judgementsOf(24, judgements), modelJudge: judgedBy(sides(24).slice(0, verdicts)) },
      there,
    );
  expect(of(19, 19, 19)).toEqual({ kind: 'comparisons', there: 19 });
  expect(of(12, 24)).toEqual({ kind: 'judgements', there: 12, toGo: 8 });
  expect(of(24, 19)).toEqual({ kind: 'verdicts' });
  expect(of(20, 20)).toBeNull();
});

it('counts no comparison that was too long for the judge, and asks for others in its place', () => {
  const judge = judgedBy(sides(24));
  const verdicts = judge.verdicts.map((verdict, at) => (at < 2 ? null : verdict));
  const of = (judgements: number): PromptSet => ({
    ...{ ...open, judgements: judgementsOf(24, judgements) },
    modelJudge: { ...judge, verdicts },
  });
  expect(missingJudgements(of(20), 24)).toEqual({ kind: 'judgements', there: 18, toGo: 2 });
  expect(missingJudgements(of(22), 24)).toBeNull();
  expect(missingJudgements(of(22), 21)).toEqual({ kind: 'comparisons', there: 19 });
  expect(agreementWithAnalyst(of(22), of(22).modelJudge!)).toMatchObject({ items: 20, agreed: 20 });
  expect(ratesOf(of(22), scoreAnswer)[0]?.rate).toMatchObject({ wins: 22, ties: 0, losses: 0 });
  expect(isDecided(of(22))).toBe(true);
  expect(judgeHabits({ verdicts })?.pairs).toBe(22);
  expect(judgeHabits({ verdicts: [null] })).toBeNull();
});

it('knows a judge that wrote some of the answers', () => {
  expect(judgesItself(open, { fingerprint: 'f', runId: 'd' })).toBe(true);
  expect(judgesItself(open, { fingerprint: 'f', runId: 'other' })).toBe(false);
  expect(judgesItself(open, { fingerprint: 'j', runId: null })).toBe(false);
});
