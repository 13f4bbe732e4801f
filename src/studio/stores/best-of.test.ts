/**
 * @file The best of N in a column, and pairs made of answers, over an engine that answers out of turn: what is shown,
 * stopped, refused, kept and taken back.
 */
import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { AdapterFiles, ModelSummary, Requests } from '../../worker/protocol';
import { rewardOfRun } from '../plain/compare/best-of';
import { exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import { openTestStudio } from './open-test-studio';
import { promptSetColumns } from './prompt-set';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

let studio: Studio;
let disk: Map<string, unknown>;
/** The seeds that were asked, in their order. */
let seeds: number[];
/** The reward models that were to score. */
let scorers: AdapterFiles[];
/** Stops after so many answers. */
let stopAfter: number;
const stop = () => {
  studio.compare.getState().stop();
  studio.makePairs.getState().stop();
};

const engine = testEngine(async (kind, input, options) => {
  if (kind === 'openModel')
    return { name: 'tiny', fingerprint: 'print', hasChatTemplate: false, weightBytes: 1 } as ModelSummary;
  if (kind !== 'answerAll') return [];
  const { asked, variants } = input as Requests['answerAll']['in'];
  seeds.push(...asked.map(({ options: { seed } }) => seed));
  expect(variants).toHaveLength(1);
  const scoredBy = variants[0]?.scoredBy;
  if (scoredBy) scorers.push(scoredBy);
  // The last one ends first. An answer is as many words as its seed says.
  for (const [index, one] of [...asked.entries()].reverse()) {
    if (options.signal?.aborted) break;
    const text = 'word '.repeat(one.options.seed % 5).trim();
    const { seed } = one.options;
    const made = {
      ...{ label: '0', text, tokens: 1, ids: [seed], finish: 'eos' as const, secondsPerToken: 1 },
      ...(scoredBy && { reward: -seed }),
    };
    options.onProgress?.({ kind: 'answers', asked: index, generations: [made] });
    if (asked.length - index === stopAfter) stop();
  }
  return null;
});

beforeEach(async () => {
  seeds = [];
  scorers = [];
  stopAfter = Infinity;
  disk = new Map();
  studio = await openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
  await studio.model.getState().openDirectory('tiny', []);
  const { compare, rules } = studio;
  compare.setState({ columns: [{ id: 'a', choice: 'base', strength: 100 }] });
  compare.getState().setPrompt('p');
  compare.getState().setSampling({ temperature: '1', seed: '10' });
  compare.getState().setBest('a', { count: 8, reward: 'rules' });
  await rules.getState().add('length');
  rules.getState().change(rules.getState().rules[0]!.id, { min: '3' });
});

const shown = () => studio.compare.getState().answers['a'];

it('shows the best of all answers with its reasons, the others in their order', async () => {
  await studio.compare.getState().generate();
  expect(seeds).toEqual([10, 11, 12, 13, 14, 15, 16, 17]);
  // The first of the two with three words or more is the fourth that was asked.
  expect(shown()).toMatchObject({ text: 'word word word', ids: [13], finish: 'eos' });
  expect(shown()?.best?.candidates.map(({ index, reward }) => [index, reward])).toEqual([
    [3, 1],
    [4, 1],
    [0, 0],
    [1, 0],
    [2, 0],
    [5, 0],
    [6, 0],
    [7, 0],
  ]);
  expect(shown()?.best?.candidates[0]?.results).toMatchObject([{ isKept: true, seen: '3' }]);
  expect(studio.compare.getState().generating).toBe(false);
});

it('shows the best of those that are there when it is stopped', async () => {
  stopAfter = 2;
  await studio.compare.getState().generate();
  expect(shown()?.best?.candidates.map(({ index }) => index)).toEqual([6, 7]);
  expect(shown()?.finish).toBe('eos');
});

it('says what is in the way: no randomness, or a rule that is not right', async () => {
  studio.compare.getState().setSampling({ temperature: '0' });
  await studio.compare.getState().generate();
  expect(sentenceOf(studio.compare.getState().failure!.sentence)).toContain('At temperature 0');
  studio.compare.getState().setSampling({ temperature: '1' });
  await studio.rules.getState().add('pattern');
  await studio.compare.getState().generate();
  expect(sentenceOf(studio.compare.getState().failure!.sentence)).toContain('one needs correction');
  expect(seeds).toEqual([]);
});

it('goes into a prompt set with what chooses, and is an answer as it comes again once it is taken back', () => {
  const judge = { ...exampleRun, id: 'judge', name: 'reward-1', method: 'reward' as const };
  const columns = () => promptSetColumns(studio.compare.getState(), { runs: [judge] }, studio.model.getState().summary);
  expect(columns()).toMatchObject([{ runId: null, best: { count: 8, reward: 'rules' } }]);
  studio.compare.getState().setBest('a', { count: 2, reward: rewardOfRun('judge') });
  expect(columns()).toMatchObject([{ best: { count: 2, reward: 'run:judge', run: 'reward-1' } }]);
  studio.compare.getState().setBest('a', null);
  expect(columns()).toEqual([{ runId: null, name: 'base', strength: 100, role: 'base' }]);
  expect(studio.compare.getState().columns).toEqual([{ id: 'a', choice: 'base', strength: 100 }]);
});

it('takes the scores of a reward model, and says when it fits another base alone', async () => {
  const { library, compare } = studio;
  const judge = { ...exampleRun, id: 'judge', name: 'reward-1', method: 'reward' as const };
  await library.getState().save(judge, { adapter: { a: new Uint8Array([7]) } });
  compare.getState().setBest('a', { count: 4, reward: rewardOfRun('judge') });
  await compare.getState().generate();
  expect(scorers).toEqual([{ a: new Uint8Array([7]) }]);
  // What the engine gave is their seed's negative.
  expect(shown()?.best?.candidates.map(({ reward }) => reward)).toEqual([-10, -11, -12, -13]);
  await library.getState().save({ ...judge, modelFingerprint: 'other', modelName: 'big' });
  await compare.getState().generate();
  expect(sentenceOf(compare.getState().failure!.sentence)).toBe(
    'The reward model reward-1 was trained on big and cannot judge answers of tiny; choose one of this model, or open big.',
  );
  compare.getState().setBest('a', { count: 4, reward: rewardOfRun('never') });
  await compare.getState().generate();
  expect(sentenceOf(compare.getState().failure!.sentence)).toContain('is gone; choose another one');
  expect(scorers).toHaveLength(1);
});

const setNames = () =>
  studio.dataset
    .getState()
    .sets.filter(({ label }) => label.deletedAt === undefined)
    .map(({ label }) => label.name);

it('makes pairs of the answers to each prompt a data set of their own, with scores, that can be taken back', async () => {
  const { makePairs, dataset, rules, notices } = studio;
  makePairs.getState().setForm({ source: 'typed', prompts: 'one\ntwo\nthree', answers: 4 });
  await makePairs.getState().start();
  expect(seeds).toEqual(Array.from({ length: 12 }, (_, index) => 10 + index));
  // Words by seed: 0 1 2 3, 4 0 1 2, 3 4 0 1; three are enough.
  expect(makePairs.getState().made).toMatchObject({ ties: 0, unscored: 0 });
  makePairs.getState().setKind('all');
  expect(makePairs.getState().made).toMatchObject({ ties: 3 + 3 + 2 });
  makePairs.getState().setKind('extremes');
  const before = dataset.getState().openId;
  await makePairs.getState().makeSet('Mine');
  expect(dataset.getState().openId).not.toBe(before);
  expect(dataset.getState().rows.map(({ pair, scores }) => [pair.prompt, pair.chosen, scores])).toEqual([
    ['one', 'word word word', { chosen: 1, rejected: 0 }],
    ['two', 'word word word word', { chosen: 1, rejected: 0 }],
    ['three', 'word word word', { chosen: 1, rejected: 0 }],
  ]);
  await expect.poll(() => rules.getState().datasetId).toBe(dataset.getState().openId);
  expect(rules.getState().rules).toMatchObject([{ kind: 'length', min: '3' }]);
  expect(setNames()).toContain('Mine');
  const [made] = notices.getState().notices.filter(({ undo }) => undo !== null);
  notices.getState().undo(made!.id);
  await expect.poll(setNames).not.toContain('Mine');
  expect(dataset.getState().openId).toBe(before);
});

it('keeps the prompts whose answers are all there when it is stopped', async () => {
  const { makePairs } = studio;
  makePairs.getState().setForm({ source: 'typed', prompts: 'one\ntwo\nthree', answers: 4 });
  // The last ones are answered first, so of the first prompt nothing is there yet.
  stopAfter = 8;
  await makePairs.getState().start();
  expect(makePairs.getState()).toMatchObject({ answering: null, answered: [], made: { rows: [], ties: 0 } });
});

it('says that kept answers are given up, and brings them back', async () => {
  const { makePairs, notices } = studio;
  const undoLast = () => notices.getState().undo(notices.getState().notices.at(-1)!.id);
  const words = () => notices.getState().notices.map(({ message }) => message);
  makePairs.getState().setForm({ source: 'typed', prompts: 'one\ntwo', answers: 4 });
  await makePairs.getState().start();
  expect(words()).toEqual([]);
  const { answered, made } = makePairs.getState();
  expect(answered).toHaveLength(2);
  makePairs.getState().putAway();
  expect(makePairs.getState()).toMatchObject({ answered: null, made: null });
  undoLast();
  expect(makePairs.getState()).toMatchObject({ answered, made });
  // Answers to others take their place, and are stopped where the first are wanted back.
  makePairs.getState().setForm({ prompts: 'three\nfour' });
  const under = makePairs.getState().start();
  expect(words()).toEqual(['The answers to 2 prompts were given up.']);
  undoLast();
  await under;
  expect(makePairs.getState()).toMatchObject({ answering: null, answered, made });
  // Going on keeps nothing where the prompts are others.
  await makePairs.getState().start(undefined, true);
  expect(words().at(-1)).toContain('have changed since 2 prompts were answered');
  expect(makePairs.getState().answered).toMatchObject([{ prompt: 'three' }, { prompt: 'four' }]);
  await makePairs.getState().start(undefined, true);
  expect(words()).toHaveLength(1);
});

it('keeps the answers over a reload until they are put away', async () => {
  const { makePairs } = studio;
  makePairs.getState().setForm({ source: 'typed', prompts: 'one\ntwo', answers: 4 });
  await makePairs.getState().start();
  makePairs.getState().setKind('all');
  const visit = () => openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
  const { made } = makePairs.getState();
  expect(made?.rows).not.toEqual([]);
  await expect.poll(async () => (await visit()).makePairs.getState().made).toEqual(made);
  const again = await visit();
  expect(again.makePairs.getState()).toMatchObject({ kind: 'all', answered: [{ prompt: 'one' }, { prompt: 'two' }] });
  again.makePairs.getState().putAway();
  await expect.poll(async () => (await visit()).makePairs.getState().answered).toBeNull();
});
