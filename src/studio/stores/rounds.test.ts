/**
 * @file A round over an engine that answers and a storage in a Map: judged by a person or by a reward, taken up again
 * in the next visit, its training set up against the first reference, its win rates kept.
 */
import { beforeEach, expect, it } from 'vitest';
import { mapKeyValue, type KeyValue } from '../../storage/key-value';
import type { ModelSummary, Requests } from '../../worker/protocol';
import { exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import { ratesBetween } from '../plain/rounds/rates';
import { openTestStudio } from './open-test-studio';
import { askedForm, isWithoutPairs, readForm, readPlace } from './rounds';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

let db: KeyValue;
let studio: Studio;
/** How each was answered: the prompt, and whether by an adapter. */
let asked: string[];

const engine = testEngine(async (kind, input, options) => {
  if (kind === 'openModel')
    return { name: 'tiny', fingerprint: 'print', hasChatTemplate: false, weightBytes: 1 } as ModelSummary;
  if (kind === 'adapterShape')
    return { lora_r: 4, lora_alpha: 8, lora_target_modules: ['q_proj'], layers_to_transform: null };
  if (kind !== 'answerAll') return [];
  const { asked: all, variants } = input as Requests['answerAll']['in'];
  for (const [index, { prompt, options: sampling }] of all.entries()) {
    asked.push(`${String(prompt)} ${variants.map(({ adapter }) => adapter !== null).join()}`);
    const generations = variants.map(({ label }, at) => ({
      ...{ label, tokens: 1, ids: [1], finish: 'eos' as const, secondsPerToken: 1 },
      text: 'word '.repeat((sampling.seed % 5) + at + 1).trim(),
    }));
    options.onProgress?.({ kind: 'answers', asked: index, generations });
  }
  return null;
});

const first = { ...exampleRun, id: 'first', name: 'dpo-1', startedAt: '2026-01-01' };
const rows = ['p', 'q', 'r'].map((prompt, at) => ({
  ...{ file: 'mine.jsonl', row: at + 1 },
  pair: { prompt, chosen: 'c', rejected: 'r' },
}));

async function open(): Promise<void> {
  studio = await openTestStudio({ engine, storage: createStorage(db) });
  await studio.model.getState().openDirectory('tiny', []);
}

beforeEach(async () => {
  asked = [];
  db = mapKeyValue(new Map());
  await open();
  const adapter = { a: new Uint8Array([1]) };
  await studio.library.getState().save(first, { adapter });
  await studio.dataset.getState().makeSet('mine', rows);
  studio.rounds.getState().setForm({ count: '2' });
});

function place() {
  const { judge, makePairs, dataset, library, rounds } = studio;
  const [round, states] = [rounds.getState().round, [judge, makePairs, dataset, library, rounds] as const];
  const [a, b, c, d, e] = states;
  const all = { judge: a.getState(), makePairs: b.getState(), dataset: c.getState(), library: d.getState() };
  return round && readPlace(round, { ...all, rounds: e.getState() });
}

const openSet = () => {
  const { sets, openId } = studio.dataset.getState();
  return sets.find(({ id }) => id === openId)?.label;
};

it('has the run answer, a person judge, and the next run set up from it against the base', async () => {
  const { judge, dataset, training, rounds } = studio;
  await rounds.getState().begin('first');
  expect(asked).toHaveLength(4);
  expect(new Set(asked.map((each) => each.split(' ')[1]))).toEqual(new Set(['true']));
  expect(openSet()).toMatchObject({ name: 'Round 2: answers of dpo-1', round: { number: 2, runId: 'first' } });
  expect(place()).toEqual({ step: 'judging', judged: 0, compared: 2 });
  await judge.getState().judge('a');
  await judge.getState().judge('b');
  expect(place()).toEqual({ step: 'judging', judged: 2, compared: 2 });
  expect(dataset.getState().rows).toHaveLength(2);

  training.getState().setForm({ method: 'rloo' });
  training.getState().setReference('another');
  expect(await rounds.getState().prepareTraining()).toBe(true);
  expect(training.getState()).toMatchObject({ startFrom: 'first', reference: 'base', form: { method: 'dpo' } });
  expect(place()).toEqual({ step: 'training', run: null });
});

it('is taken up again in the next visit where it was left', async () => {
  await studio.rounds.getState().begin('first');
  await studio.judge.getState().judge('a');
  await open();
  expect(studio.rounds.getState().form.count).toBe('2');
  expect(place()).toEqual({ step: 'judging', judged: 1, compared: 2 });
  expect(openSet()?.round?.run).toBe('dpo-1');
  studio.rounds.getState().putAway();
  expect(studio.rounds.getState().round).toBeNull();
  studio.notices.getState().notices.at(-1)?.undo?.();
  expect(studio.rounds.getState().round?.runId).toBe('first');
});

it('goes on from the answers that were there when the page was left, and asks for none of them twice', async () => {
  const { rules, rounds } = studio;
  await rules.getState().add('length');
  rules.getState().change(rules.getState().rules[0]!.id, { min: '3' });
  await rules.getState().keep();
  rounds.getState().setForm({ judge: 'reward', reward: 'rules' });
  await rounds.getState().begin('first');
  const [whole, rowsThen] = [[...asked], studio.dataset.getState().rows];
  expect(whole).toHaveLength(8);
  // As it stands where the page was left after the first of two prompts.
  const { answered } = studio.makePairs.getState();
  studio.rounds.setState({ round: { ...rounds.getState().round!, made: null } });
  await studio.dataset.getState().openSet(rounds.getState().round!.source);
  studio.makePairs.setState({ answered: answered!.slice(0, 1), made: null });
  await expect.poll(async () => (await createStorage(db).readMadeAnswers())?.answered.length).toBe(1);
  await open();
  expect(place()).toEqual({ step: 'answers', isLost: true });
  expect(studio.makePairs.getState().answered).toHaveLength(1);
  asked = [];
  // What stands in the form meanwhile is for the next round.
  studio.rounds.getState().setForm({ count: '1', judge: 'analyst' });
  await studio.rounds.getState().goOn();
  expect(asked).toEqual(whole.slice(4));
  expect(place()).toEqual({ step: 'training', run: null });
  expect(studio.dataset.getState().rows).toEqual(rowsThen);
});

it('says that there is no pair where all was answered and nothing was better, and opens the form anew', async () => {
  const { rules, rounds, makePairs } = studio;
  await rules.getState().add('length');
  rules.getState().change(rules.getState().rules[0]!.id, { min: '0' });
  await rules.getState().keep();
  rounds.getState().setForm({ judge: 'reward', reward: 'rules' });
  await rounds.getState().begin('first');
  expect(place()).toEqual({ step: 'answers', isLost: true });
  const round = rounds.getState().round!;
  const { dataset, library, judges, modelShelf, model } = studio;
  const sources = { dataset: dataset.getState(), rules: rules.getState(), library: library.getState() };
  const form = askedForm(round, { ...rounds.getState().form, judge: 'analyst', count: '1' });
  const asked = readForm(form, first, model.getState().summary, {
    ...{ ...sources, judges: judges.getState(), modelShelf: modelShelf.getState() },
  });
  expect(asked?.plan?.prompts).toHaveLength(2);
  const whole = makePairs.getState();
  expect(isWithoutPairs(round, { asked, makePairs: whole })).toBe(true);
  // With answers to come there may be pairs yet.
  const part = { ...whole, answered: whole.answered!.slice(0, 1) };
  expect(isWithoutPairs(round, { asked, makePairs: part })).toBe(false);
  rounds.getState().ask('first');
  expect(rounds.getState().asking).toBe('first');
});

it('has a reward judge, and keeps the scores of the pairs', async () => {
  const { rules, rounds, dataset } = studio;
  await rules.getState().add('length');
  rules.getState().change(rules.getState().rules[0]!.id, { min: '3' });
  rounds.getState().setForm({ judge: 'reward', reward: 'rules' });
  await rounds.getState().begin('first');
  expect(asked).toHaveLength(8);
  expect(place()).toEqual({ step: 'training', run: null });
  expect(openSet()?.round).toEqual({ number: 2, runId: 'first', run: 'dpo-1' });
  expect(dataset.getState().rows.map(({ scores }) => scores)).toEqual([
    { chosen: 1, rejected: 0 },
    { chosen: 1, rejected: 0 },
  ]);
});

it('has the reward of the round judge the comparison, and tells its rates as those of that reward', async () => {
  const { rules, rounds, library, promptSet } = studio;
  await rules.getState().add('length');
  rules.getState().change(rules.getState().rules[0]!.id, { min: '3' });
  rounds.getState().setForm({ judge: 'reward', reward: 'rules' });
  await rounds.getState().begin('first');
  const next = { ...exampleRun, id: 'next', name: 'dpo-2', startedFrom: 'first', startedAt: '2999-01-01' };
  await library.getState().save({ ...next, reference: 'base' }, { adapter: { a: new Uint8Array([2]) } });
  await rounds.getState().prepareComparison(library.getState().runs.find(({ id }) => id === 'next')!);
  expect(promptSet.getState().form).toMatchObject({ judge: 'reward', judgeReward: 'rules' });
  promptSet.getState().setForm({ count: '2' });
  await promptSet.getState().start();
  expect(ratesBetween(rounds.getState().rates, 'next', 'first')).toMatchObject([{ judge: 'rules' }]);
  await promptSet.getState().dropReward();
  expect(ratesBetween(rounds.getState().rates, 'next', 'first')).toEqual([]);
});

it('compares the run with the one before and the start, and keeps the rates when the prompt set is gone', async () => {
  const { library, rounds, compare, promptSet, dataset } = studio;
  const source = dataset.getState().openId;
  await rounds.getState().begin('first');
  const next = { ...exampleRun, id: 'next', name: 'dpo-2', startedFrom: 'first', startedAt: '2999-01-01' };
  await library.getState().save({ ...next, reference: 'base' }, { adapter: { a: new Uint8Array([2]) } });
  expect(place()).toMatchObject({ step: 'comparing', isDone: false });
  const run = library.getState().runs.find(({ id }) => id === 'next')!;
  expect(await rounds.getState().prepareComparison(run)).toBe(true);
  expect(dataset.getState().openId).toBe(source);
  expect(compare.getState().columns.map(({ choice }) => choice)).toEqual(['base', 'first', 'next']);
  promptSet.getState().setForm({ count: '2' });
  await promptSet.getState().start();
  const { comparisons } = promptSet.getState();
  expect(comparisons).toHaveLength(4);
  for (const { a } of comparisons) await promptSet.getState().judge(a.voice === 2 ? 'a' : 'b');
  await promptSet.getState().close();
  const { rates } = rounds.getState();
  expect(ratesBetween(rates, 'next', 'first')).toMatchObject([{ judge: 'analyst', rate: { wins: 2, losses: 0 } }]);
  expect(ratesBetween(rates, 'next', null)).toMatchObject([{ rate: { wins: 2 } }]);
  expect(place()).toMatchObject({ step: 'comparing', isDone: true });
});
