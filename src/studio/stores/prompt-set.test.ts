/**
 * @file The prompt set's store over an engine that echoes and a storage in a Map: answering, cancelling, judging, a
 * reload.
 */
import { sentenceOf } from '../../messages/message';
import { beforeEach, expect, it } from 'vitest';
import { breathe } from '../../core/breathe';
import { mapKeyValue } from '../../storage/key-value';
import { createStorage } from '../plain/records';
import type { ModelSummary, Requests } from '../../worker/protocol';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';
import type { Run } from '../plain/runs/run';
import { rewardOfRun } from '../plain/compare/best-of';
import { exampleRun } from '../plain/examples';
import { ratesOf } from '../plain/compare/prompt-set/prompt-set';

type AnswerAllInput = Requests['answerAll']['in'];

const summary = {
  name: 'airlock-starter',
  fingerprint: 'print',
  hasChatTemplate: false,
  weightBytes: 1,
} as ModelSummary;

let disk: Map<string, unknown>;
/** Each prompt asked, with the variants of its call. */
let asked: (AnswerAllInput['asked'][number] & Pick<AnswerAllInput, 'variants'>)[];
/** Stops the answering before this call. */
let stopAt: number;
/** Called before each answer. */
let before: () => unknown;
let finish: 'eos' | 'length';
/** The reward model of each call that scored answers. */
let scoredBy: unknown[];
let studio: Studio;
/** Of the starter's; a name that is not among them is missing on the server. */
let files: Record<string, string>;

const engine = testEngine(async (kind, input, options) => {
  if (kind === 'openModel') return summary;
  if (kind === 'answerAll') {
    const { asked: all, variants } = input as AnswerAllInput;
    for (const [index, one] of all.entries()) {
      asked.push({ ...one, variants });
      if (asked.length === stopAt) studio.promptSet.getState().stop();
      await before();
      if (options.signal?.aborted) break;
      const { temperature, seed } = one.options;
      const { of = variants.map((_, place) => place) } = one;
      const generations = of.map((place) => ({
        label: variants[place]?.label ?? '',
        text: `${String(one.prompt)} ${variants[place]?.strength} ${temperature} ${seed}`,
        tokens: 1,
        ids: [1],
        finish,
        secondsPerToken: 1,
        ...(variants[place]?.scoredBy && { reward: 1 - Math.abs(seed - 2) }),
      }));
      options.onProgress?.({ kind: 'answers', asked: index, generations });
      await breathe();
    }
    return null;
  }
  if (kind === 'scoreAnswers') {
    const { answers, rewardModel } = input as Requests['scoreAnswers']['in'];
    scoredBy.push(rewardModel);
    return answers.map(({ text }) => (text.startsWith('three') ? null : Number(text.split(' ')[1])));
  }
  return [];
});

const run: Run = exampleRun;

async function reopen(): Promise<Studio> {
  studio = await openTestStudio({
    engine,
    storage: createStorage(mapKeyValue(disk)),
    fetchStarterFile: async (path) => (files[path] === undefined ? null : new Blob([files[path]])),
  });
  await studio.model.getState().openDirectory('tiny', []);
  await studio.starter.getState().find();
  return studio;
}

beforeEach(async () => {
  disk = new Map();
  files = {
    'manifest.json': JSON.stringify({ model: ['m'], tasks: [{ id: 'sentiment', train: 't', eval: 'e' }] }),
    e: ['The film was', 'The soup was', 'The room was']
      .map((prompt) => `${JSON.stringify({ prompt, chosen: ' c', rejected: ' r' })}\n`)
      .join(''),
  };
  asked = [];
  stopAt = Infinity;
  before = () => {};
  finish = 'eos';
  scoredBy = [];
  await reopen();
  await studio.library.getState().save(run, { adapter: { a: new Uint8Array([1]) } });
  studio.compare.getState().removeColumn('column-2');
});

it('has every column answer every prompt at every temperature with the same seed, and goes on after a stop and a reload', async () => {
  studio.compare.getState().setStrength('column-3', 50);
  studio.promptSet.getState().setForm({ prompts: 'one\ntwo', temperatures: '0, 1' });
  stopAt = 3;
  await studio.promptSet.getState().start();
  expect(studio.promptSet.getState()).toMatchObject({ answering: null, failure: null });
  expect(studio.promptSet.getState().round?.answered).toHaveLength(2);
  stopAt = Infinity;
  await reopen();
  asked = [];
  await studio.promptSet.getState().answerRest();
  const { round: promptSet, comparisons } = studio.promptSet.getState();
  expect(asked.map(({ prompt, options: { temperature, seed } }) => [prompt, temperature, seed])).toEqual([
    ['two', 0, 1],
    ['two', 1, 1],
  ]);
  expect(asked[0]?.variants.map(({ strength }) => strength)).toEqual([1, 0.5]);
  expect(promptSet?.answered.map((answers) => answers.map(({ text }) => text))).toEqual([
    ['one 1 0 0', 'one 0.5 0 0'],
    ['one 1 1 0', 'one 0.5 1 0'],
    ['two 1 0 1', 'two 0.5 0 1'],
    ['two 1 1 1', 'two 0.5 1 1'],
  ]);
  expect(comparisons).toHaveLength(4);
});

it('keeps judgements over a reload, takes one back, and holds no more than there is to judge', async () => {
  studio.promptSet.getState().setForm({ prompts: 'one', temperatures: '0, 1' });
  studio.compare.getState().setStrength('column-3', 50);
  await studio.promptSet.getState().start();
  const shown = studio.promptSet.getState().comparisons;
  for (const verdict of ['a', 'tie', 'b'] as const) await studio.promptSet.getState().judge(verdict);
  await studio.promptSet.getState().undo();
  await reopen();
  expect(studio.promptSet.getState().comparisons).toEqual(shown);
  expect(studio.promptSet.getState().round?.judgements.map(({ verdict }) => verdict)).toEqual(['a']);
  await studio.promptSet.getState().close();
  expect(studio.promptSet.getState().round).toBeNull();
  await reopen();
  expect(studio.promptSet.getState()).toMatchObject({ round: null, form: { prompts: 'one' } });
});

it('fetches held-out prompts of the starter for its scorer, and says which file is missing', async () => {
  studio.promptSet.getState().setForm({ source: 'starter', count: '2', temperatures: '0', judge: 'scorer' });
  await studio.promptSet.getState().start();
  expect(studio.promptSet.getState().round).toMatchObject({
    prompts: ['The film was', 'The soup was'],
    task: 'sentiment',
    judge: 'scorer',
  });
  expect(studio.promptSet.getState().round?.answered).toHaveLength(2);
});

it('begins nothing where a file of the starter is missing, and says which', async () => {
  delete files['e'];
  studio.promptSet.getState().setForm({ source: 'starter', count: '2', temperatures: '0' });
  await studio.promptSet.getState().start();
  expect(studio.promptSet.getState()).toMatchObject({ round: null, answering: null });
  expect(sentenceOf(studio.promptSet.getState().failure?.sentence ?? '')).toMatch(
    /^The starter's file e is missing on the server\./,
  );
});

it('keeps who judges, and marks an answer that ended at the token limit', async () => {
  finish = 'length';
  studio.promptSet.getState().setForm({ prompts: 'one', temperatures: '0' });
  await studio.promptSet.getState().start();
  await studio.promptSet.getState().setJudge('scorer');
  await reopen();
  expect(studio.promptSet.getState().round).toMatchObject({
    judge: 'scorer',
    answered: [[{ isCut: true }, { isCut: true }]],
  });
});

it('is judged by the rules of then as soon as all is answered, and by a reward model when that is asked', async () => {
  const { promptSet, rules, library } = studio;
  await library
    .getState()
    .save({ ...run, id: 'judge', name: 'reward-1', method: 'reward' }, { adapter: { b: new Uint8Array([9]) } });
  await rules.getState().add('length');
  rules.getState().change(rules.getState().rules[0]!.id, { unit: 'tokens', max: '1' });
  const column = studio.compare.getState().columns[1]!.id;
  studio.compare.getState().setStrength(column, 50);
  promptSet.getState().setForm({ prompts: 'one\ntwo\nthree', temperatures: '0', judge: 'reward' });
  await promptSet.getState().start();
  const judged = () => studio.promptSet.getState().round?.rewardJudge;
  // Every answer of the test engine has one token.
  expect(judged()).toMatchObject({
    reward: 'rules',
    rules: { rules: [{ kind: 'length' }] },
    scores: [
      [1, 1],
      [1, 1],
      [1, 1],
    ],
  });
  await reopen();
  expect(judged()?.scores).toHaveLength(3);

  await studio.promptSet.getState().dropReward();
  expect(judged()).toBeNull();
  studio.promptSet.getState().setForm({ judgeReward: rewardOfRun('judge') });
  await studio.promptSet.getState().askReward();
  expect(judged()).toEqual({
    reward: 'run:judge',
    run: 'reward-1',
    scores: [
      [1, 0.5],
      [1, 0.5],
      [null, null],
    ],
  });
  expect(scoredBy).toEqual([{ b: new Uint8Array([9]) }]);
  const [rate] = ratesOf(studio.promptSet.getState().round!, () => NaN);
  expect(rate?.rate).toMatchObject({ wins: 0, ties: 0, losses: 2 });

  await studio.promptSet.getState().dropReward();
  await studio.library.getState().remove('judge');
  await studio.promptSet.getState().askReward();
  expect(judged()).toBeNull();
  expect(sentenceOf(studio.promptSet.getState().failure!.sentence)).toMatch(/reward model/);
});

it('begins no other while one is answered', async () => {
  before = async () => {
    before = () => {};
    studio.promptSet.getState().setForm({ prompts: 'not this' });
    await studio.promptSet.getState().start();
  };
  studio.promptSet.getState().setForm({ prompts: 'one', temperatures: '0' });
  await studio.promptSet.getState().start();
  expect(studio.promptSet.getState().round?.prompts).toEqual(['one']);
});

it('puts none of its answers into one that another tab began', async () => {
  const here = studio;
  const there = await reopen();
  before = async () => {
    before = () => {};
    there.promptSet.getState().setForm({ prompts: 'other\nlast', temperatures: '0' });
    await there.promptSet.getState().refresh();
    await there.promptSet.getState().close();
    await new Promise((resolve) => setTimeout(resolve, 2));
    await there.promptSet.getState().start();
    await here.promptSet.getState().refresh();
  };
  here.promptSet.getState().setForm({ prompts: 'one\ntwo\nthree', temperatures: '0' });
  await here.promptSet.getState().start();
  expect(here.promptSet.getState().round).toEqual(there.promptSet.getState().round);
  expect(here.promptSet.getState().round?.answered.map((answers) => answers[0]?.text)).toEqual([
    'other 1 0 0',
    'last 1 0 1',
  ]);
});

it('has a column give N answers to each prompt and keeps the best, by a reward model or the rules of then', async () => {
  const judge: Run = { ...run, id: 'judge', name: 'reward-1', method: 'reward' };
  const reward = { a: new Uint8Array([9]) };
  await studio.library.getState().save(judge, { adapter: reward });
  const { compare, promptSet, rules } = studio;
  compare.getState().addColumn();
  const [first, second, third] = compare.getState().columns.map(({ id }) => id) as [string, string, string];
  compare.getState().choose(third, 'base');
  compare.getState().setBest(second, { count: 4, reward: rewardOfRun('judge') });
  compare.getState().setBest(third, { count: 2, reward: 'rules' });
  promptSet.getState().setForm({ prompts: 'one\ntwo', temperatures: '0, 1' });
  await promptSet.getState().start();
  // Without rules nothing begins.
  expect(promptSet.getState().round).toBeNull();
  await rules.getState().add('contains');
  rules.getState().change(rules.getState().rules[0]!.id, { text: '2' });
  stopAt = 4;
  await promptSet.getState().start();
  expect(promptSet.getState().round?.answered).toHaveLength(1);
  stopAt = Infinity;
  // Another rule would choose otherwise; this set goes on by the one that it began with.
  rules.getState().change(rules.getState().rules[0]!.id, { text: '0' });
  await reopen();
  asked = [];
  await studio.promptSet.getState().answerRest();
  expect(asked.map(({ prompt, options, of }) => [prompt, options.temperature, options.seed, of])).toEqual([
    ['one', 1, 0, undefined],
    ['one', 1, 2, [1, 2]],
    ['one', 1, 4, [1]],
    ['one', 1, 6, [1]],
    ['two', 0, 1, undefined],
    ['two', 1, 1, undefined],
    ['two', 1, 3, [1, 2]],
    ['two', 1, 5, [1]],
    ['two', 1, 7, [1]],
  ]);
  expect(asked[0]?.variants.map(({ scoredBy }) => scoredBy)).toEqual([undefined, reward, undefined]);
  const { round } = studio.promptSet.getState();
  expect(round?.columns.map(({ best }) => best?.run)).toEqual([undefined, 'reward-1', undefined]);
  expect(round?.answered.map((answers) => answers.map(({ text, reward: given }) => [text, given]))).toEqual([
    [
      ['one 1 0 0', undefined],
      ['one 1 0 0', -1],
      ['one 1 0 0', 0],
    ],
    [
      ['one 1 1 0', undefined],
      ['one 1 1 2', 1],
      ['one 1 1 2', 1],
    ],
    [
      ['two 1 0 1', undefined],
      ['two 1 0 1', 0],
      ['two 1 0 1', 0],
    ],
    [
      ['two 1 1 1', undefined],
      ['two 1 1 1', 0],
      ['two 1 1 1', 0],
    ],
  ]);
  expect(first).not.toBe(second);
});
