/** @file Rounds without a page: the chain and its reference, where a round stands, rates that outlast a prompt set. */
import { describe, expect, it } from 'vitest';
import type { PromptSet } from '../../../storage/prompt-set-record';
import { exampleModel } from '../examples';
import type { Run } from '../runs/run';
import { canHaveNext, lineageOf, numberAfter, referenceAfter } from './lineage';
import type { JudgingRound } from '../../../storage/judging-record';
import { comparisonsOf } from '../judge/comparisons';
import { ratesBetween, ratesOfSet, withRatesOf, withRatesOfRound } from './rates';
import { nextOf, placeOf, type RoundFacts, type RoundUnderWay } from './round';
import { initialRoundForm, readRoundForm, roundFormSchema } from './round-form';

const run = (id: string, startedFrom: string | null, change: Partial<Run> = {}): Run =>
  ({
    ...{ id, name: id, method: 'dpo', status: 'finished', startedFrom, adapterBytes: 1, startedAt: '2026-01-02' },
    ...change,
  }) as Run;

const sft = run('sft', null, { method: 'sft' });
const first = run('first', 'sft');
const second = run('second', 'first', { reference: 'sft' });
const third = run('third', 'second', { reference: 'sft', method: 'rloo' });
/** The newest first, as the library has them. */
const runs = [third, second, first, sft];

describe('the chain of rounds', () => {
  it('has the start and all rounds in their order, seen from any of them', () => {
    for (const of of [sft, first, second, third]) {
      const { start, rounds, isStartGone } = lineageOf(of, runs);
      expect([start?.id, rounds.map(({ id }) => id), isStartGone]).toEqual([
        'sft',
        ['first', 'second', 'third'],
        false,
      ]);
    }
    expect([sft, first, third].map((of) => numberAfter(of, runs))).toEqual([1, 2, 4]);
  });

  it('follows one branch: the rounds before the run, and the newest after it', () => {
    const other = run('other', 'first');
    const all = [other, ...runs];
    const ids = (of: Run) => lineageOf(of, all).rounds.map(({ id }) => id);
    expect(ids(first)).toEqual(['first', 'other']);
    expect(ids(third)).toEqual(['first', 'second', 'third']);
  });

  it('begins at the base, or says that its start is gone; and ends where runs go in a circle', () => {
    const bare = run('bare', null);
    expect(lineageOf(bare, [bare])).toEqual({ start: null, isStartGone: false, rounds: [bare] });
    expect(lineageOf(first, [first])).toMatchObject({ start: null, isStartGone: true });
    const [a, b] = [run('a', 'b'), run('b', 'a')];
    expect(lineageOf(a, [a, b]).rounds).toHaveLength(2);
  });

  it('keeps the reference of the first round', () => {
    expect(referenceAfter(first, runs)).toBe('sft');
    expect(referenceAfter(third, runs)).toBe('sft');
    const bare = run('bare', null);
    const next = run('next', 'bare', { reference: 'base' });
    expect([bare, next].map((of) => referenceAfter(of, [next, bare]))).toEqual(['base', 'base']);
    // What follows SFT is the first round, held against it as it was.
    expect(referenceAfter(sft, runs)).toBeNull();
    const chosen = run('chosen', 'sft', { reference: 'elsewhere' });
    expect(referenceAfter(chosen, [chosen, sft])).toBe('elsewhere');
  });

  it('goes on from what answers', () => {
    expect(canHaveNext(first)).toBe(true);
    expect(canHaveNext(run('r', null, { method: 'reward' }))).toBe(false);
    expect(canHaveNext(run('r', null, { status: 'running' }))).toBe(false);
    expect(canHaveNext(run('r', null, { adapterBytes: 0 }))).toBe(false);
  });
});

describe('where a round stands', () => {
  const round: RoundUnderWay = {
    ...{ runId: 'first', at: '2026-01-01', judge: 'analyst', source: 'main', made: 'set', judging: 'judged-1' },
    isTraining: false,
  };
  const facts: RoundFacts = { judging: null, pairs: 0, next: null, isCompared: false };
  const judging = (change: object = {}) => ({
    ...facts,
    judging: { name: 'judged-1', unanswered: 0, compared: 3, judged: 1, ...change },
  });
  const stepOf = (of: Partial<RoundFacts>, change: Partial<RoundUnderWay> = {}, isAnswering = false) =>
    placeOf({ ...round, ...change }, { ...facts, ...of }, isAnswering);

  it('follows the analyst: answers, judging, training, win rates', () => {
    expect(stepOf(judging({ unanswered: 2, compared: 0, judged: 0 }))).toEqual({ step: 'answers', isLost: false });
    expect(stepOf(judging({ unanswered: 2, compared: 2, judged: 1 }))).toMatchObject({ step: 'judging' });
    expect(stepOf(judging({ judged: 3 }))).toEqual({ step: 'judging', judged: 3, compared: 3 });
    expect(stepOf(judging(), { isTraining: true })).toEqual({ step: 'training', run: null });
    const training = run('next', 'first', { status: 'running', adapterBytes: 0 });
    expect(stepOf({ ...judging(), next: training })).toEqual({ step: 'training', run: training });
    expect(stepOf({ ...judging(), next: second })).toEqual({ step: 'comparing', run: second, isDone: false });
    expect(stepOf({ ...judging(), next: second, isCompared: true })).toMatchObject({ isDone: true });
  });

  it('says where the answers are gone', () => {
    expect(stepOf({})).toEqual({ step: 'answers', isLost: true });
    expect(stepOf(judging({ name: 'another' }))).toEqual({ step: 'answers', isLost: true });
    expect(stepOf({ ...judging({ name: 'another' }), pairs: 2 })).toEqual({ step: 'training', run: null });
    expect(stepOf({}, { judge: 'rules', made: null }, true)).toEqual({ step: 'answers', isLost: false });
    expect(stepOf({}, { judge: 'rules', made: null })).toEqual({ step: 'answers', isLost: true });
    expect(stepOf({ pairs: 4 }, { judge: 'rules' })).toEqual({ step: 'training', run: null });
  });

  it('knows the run that went on from it since, and no fork', () => {
    expect(nextOf(round, runs)?.id).toBe('second');
    expect(nextOf({ ...round, at: '2026-01-03' }, runs)).toBeNull();
    expect(nextOf(round, [run('f', 'first', { forkedFrom: { runId: 'second', step: 1 } })])).toBeNull();
  });
});

describe('win rates', () => {
  const answer = (text: string) => ({ text, isCut: false });
  const column = (runId: string | null, strength = 100) =>
    ({ runId, name: runId ?? 'base', strength, role: null }) as PromptSet['columns'][number];
  const set = (change: Partial<PromptSet> = {}): PromptSet => ({
    ...{
      at: '2026-01-01',
      modelName: 'm',
      fingerprint: 'f',
      task: 'sentiment',
      orderSeed: 1,
      judge: 'scorer',
      modelJudge: null,
    },
    ...{ columns: [column('first'), column('second')], against: 1, temperatures: [1], judgements: [] },
    sampling: { maxNewTokens: 8, topK: 0, topP: 1, seed: 0 },
    prompts: ['p', 'q', 'r'],
    answered: [
      [answer('1'), answer('3')],
      [answer('1'), answer('2')],
      [answer('4'), answer('3')],
    ],
    ...change,
  });
  const score = (_task: unknown, _prompt: string, text: string) => Number(text);

  it('are kept of what was judged in full, and seen from either side', () => {
    const kept = withRatesOf([], set(), score);
    expect(kept).toMatchObject([{ of: 'first', against: 'second', wins: 1, losses: 2, judge: 'scorer' }]);
    const [ours] = ratesBetween(kept, 'second', 'first');
    expect(ours).toMatchObject({ judge: 'scorer', temperature: 1, rate: { wins: 2, ties: 0, losses: 1 } });
    expect(ours?.rate.mean).toBeCloseTo(2 / 3);
    expect(ratesBetween(kept, 'first', 'second')[0]?.rate.mean).toBeCloseTo(1 / 3);
    expect(ratesBetween(kept, 'second', null)).toEqual([]);
  });

  it('tell nothing while answers or judgements are missing, nor of a weakened adapter, nor of the best of several', () => {
    expect(ratesOfSet(set({ answered: set().answered.slice(0, 2) }), score)).toEqual([]);
    expect(ratesOfSet(set({ judge: 'analyst' }), score)).toEqual([]);
    expect(ratesOfSet(set({ columns: [column('first'), column('second', 50)] }), score)).toEqual([]);
    const best = { ...column('second'), best: { count: 4, reward: 'rules' } };
    expect(ratesOfSet(set({ columns: [column('first'), best] }), score)).toEqual([]);
  });

  it('give way to the newest set of the same judge, and go with a judgement that is taken back', () => {
    const judged = set({
      judge: 'analyst',
      judgements: [1, 2, 3].map(() => ({ verdict: 'tie' as const, at: '2026' })),
    });
    const both = withRatesOf(withRatesOf([], set(), score), judged, score);
    expect(ratesBetween(both, 'second', 'first').map(({ judge }) => judge)).toEqual(['scorer', 'analyst']);
    const later = withRatesOf(both, set({ at: '2026-02-01', temperatures: [0.5] }), score);
    expect(ratesBetween(later, 'second', 'first').map((rate) => [rate.judge, rate.temperature])).toEqual([
      ['analyst', 1],
      ['scorer', 0.5],
    ]);
    const undone = withRatesOf(both, { ...judged, judgements: judged.judgements.slice(0, 2) }, score);
    expect(ratesBetween(undone, 'second', 'first').map(({ judge }) => judge)).toEqual(['scorer']);
  });
});

describe('the form of a round', () => {
  const rows = ['p', 'q'].map((prompt, at) => ({
    ...{ file: 'x', row: at + 1 },
    pair: { prompt, chosen: 'c', rejected: 'r' },
  }));
  const sources = { model: exampleModel, rows, split: null, hasRules: false, runs: [], judges: [], stored: [] };
  const read = (change: object = {}, number = 2) => readRoundForm({ ...initialRoundForm, ...change }, sources, number);

  it('asks for prompts, answers by a person’s number, and seeds of the round’s own', () => {
    const { plan } = read({ count: '1' });
    expect(plan).toMatchObject({ answers: 2, sampling: { temperature: 0.8, maxNewTokens: 128, seed: 2_000_000 } });
    expect(plan?.prompts).toHaveLength(1);
    expect(read({}, 3).plan?.sampling.seed).toBe(3_000_000);
    expect(read({ source: 'typed', prompts: 'a\nb\nc' }).plan?.prompts).toHaveLength(3);
  });

  it('says what is in the way', () => {
    expect(read({ judge: 'reward' }).obstacle).toBe('noRules');
    expect(read({ temperature: '0' }).obstacle).toBe('atZero');
    expect(read({ temperature: 'warm' })).toMatchObject({ plan: null, problems: { temperature: {} } });
    expect(read({ count: '0' })).toMatchObject({ plan: null, problems: { count: {} } });
    expect(read({ source: 'typed' }).obstacle).toBe('noPrompts');
  });

  it('is read where a kept one lacks a field', () => {
    expect(roundFormSchema.parse({ count: '7' })).toEqual({ ...initialRoundForm, count: '7' });
  });
});

describe('blind judgements of a round', () => {
  const answers = (at: number) => [0, 1].map((voice) => ({ voice, text: `${at} by ${voice}`, isCut: false }));
  const prompts = ['p', 'q', 'r'];
  const open: JudgingRound = {
    ...{ name: 'round', annotator: 'me', modelName: 'tiny', fingerprint: 'f', orderSeed: 3, answersEach: 1, prompts },
    voices: [
      { runId: 'second', name: 'dpo-2' },
      { runId: 'first', name: 'dpo-1' },
    ],
    sampling: { temperature: 0.8, seed: 1, maxNewTokens: 8 },
    answered: prompts.map((prompt, at) => ({ prompt, answers: answers(at) })),
    judgements: [],
  };
  /** For the voice in each comparison, a tie, or nothing decided. */
  const judged = (...winners: readonly (0 | 1 | 'tie' | 'skip')[]): JudgingRound => ({
    ...open,
    judgements: winners.map((winner, at) => {
      const { a } = comparisonsOf(open)[at]!;
      const verdict = winner === 'tie' || winner === 'skip' ? ('tie' as const) : a.voice === winner ? 'a' : 'b';
      return { verdict, edited: null, at: `2026-01-0${at + 1}`, ...(winner === 'skip' && { skipped: true }) };
    }),
  });
  const countsOf = (round: JudgingRound) =>
    withRatesOfRound([], round).map(({ of, against, wins, ties, losses }) => [of, against, wins, ties, losses]);

  it('are rates of the runs that answered, once all is judged; what was skipped counts nowhere', () => {
    expect(countsOf(judged(0, 'tie', 1))).toEqual([['second', 'first', 1, 1, 1]]);
    expect(countsOf(judged(0, 'skip', 0))).toEqual([['second', 'first', 2, 0, 0]]);
    expect(countsOf(judged(0, 0))).toEqual([]);
    expect(countsOf({ ...judged(0, 0, 0), fingerprint: null })).toEqual([]);
  });

  it('are taken back with the judgement, and stand beside those of prompt sets', () => {
    const kept = withRatesOfRound([], judged(0, 0, 1));
    expect(ratesBetween(kept, 'first', 'second')).toMatchObject([
      { judge: 'analyst', temperature: 0.8, rate: { wins: 1, losses: 2 } },
    ]);
    expect(withRatesOfRound(kept, judged(0, 0, 0))).toMatchObject([{ wins: 3, losses: 0 }]);
    expect(withRatesOfRound(kept, judged(0, 0))).toEqual([]);
  });
});
