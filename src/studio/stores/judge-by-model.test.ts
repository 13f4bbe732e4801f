/**
 * @file A model judges a prompt set, over an engine whose judge prefers the longer answer: what is asked, stops, a
 * reload, a kept model that is loaded for it and given back, the bound.
 */
import { beforeEach, expect, it } from 'vitest';
import { breathe } from '../../core/breathe';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { StoredModel } from '../../storage/models/stored-model';
import type { ModelSummary, Requests } from '../../worker/protocol';
import { rewardOfJudge } from '../plain/compare/best-of';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { rewardProblem } from '../plain/compare/rewards';
import { exampleModel, exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import { memoryModels } from './memory-models';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

let disk: Map<string, unknown>;
let kept: StoredModel[];
/** Each call of the judge, with the model that was open. */
let asked: (Requests['judgePairs']['in'] & { readonly model: string | undefined })[];
let opened: string[];
/** How many pairs were judged in all calls. */
let judged: number;
/** Stops the judging before this verdict. */
let stopAt: number;
/** A model that does not fit on this device. */
let tooLarge: string;
/** The answer that no judge can compare. */
let tooLong: string;
/** Each call that answers many prompts. */
let voices: Requests['answerAll']['in'][];
let studio: Studio;

const summaryOf = (name: string): ModelSummary => ({ ...exampleModel, name, fingerprint: `print-of-${name}` });
const store = () => studio.promptSet.getState();

const engine = testEngine(async (kind, input, options) => {
  if (kind === 'inspectModel') {
    const shortages = (input as { name: string }).name === tooLarge ? [{ kind: 'memory' }] : [];
    return { plan: { shortages, estimate: { precision: 'float32' } } };
  }
  if (kind === 'openModel') {
    const { name } = input as { name: string };
    opened.push(name);
    return summaryOf(name);
  }
  if (kind === 'answerAll') {
    const { asked: all, variants } = input as Requests['answerAll']['in'];
    voices.push(input as Requests['answerAll']['in']);
    for (const [index, { prompt }] of all.entries()) {
      const generations = variants.map(({ label, adapter }) => ({
        label,
        text: `${String(prompt)}${adapter === null ? '' : ' and more'}`,
        tokens: 1,
        ids: [1],
        finish: 'eos' as const,
        secondsPerToken: 1,
      }));
      options.onProgress?.({ kind: 'answers', asked: index, generations });
    }
  }
  if (kind === 'judgePairs') {
    const call = input as Requests['judgePairs']['in'];
    asked.push({ ...call, model: studio.model.getState().summary?.name });
    for (const [pair, { a, b }] of call.pairs.entries()) {
      if (pair === stopAt) store().stopModel();
      await breathe();
      options.signal?.throwIfAborted();
      judged++;
      const choice = a.length > b.length ? 'a' : 'b';
      if ([a, b].includes(tooLong)) {
        options.onProgress?.({ kind: 'verdict', pair, verdict: null });
        continue;
      }
      const verdict = { preference: 0.9, ordersAgree: true, first: 0.5, letterMass: 1, cut: 0 };
      options.onProgress?.({ kind: 'verdict', pair, verdict: { ...verdict, choice } });
    }
  }
  return null;
});

async function reopen(): Promise<void> {
  studio = await openTestStudio({
    engine,
    storage: createStorage(mapKeyValue(disk)),
    storedModels: memoryModels(kept),
  });
  await studio.modelShelf.getState().restore();
}

const prompts = Array.from({ length: 24 }, (_, at) => `prompt ${at}`);

beforeEach(async () => {
  const model = (name: string): StoredModel => ({
    ...{ id: `id-of-${name}`, name, addedAt: '2026-01-01', sizeBytes: 1, sha256: '', files: [] },
  });
  disk = new Map();
  kept = [model('tiny'), model('judge')];
  [asked, opened, judged, stopAt, tooLarge, tooLong, voices] = [[], [], 0, Infinity, '', '', []];
  await reopen();
  await studio.modelShelf.getState().open('id-of-tiny');
  const run = { ...exampleRun, modelFingerprint: 'print-of-tiny' };
  await studio.library.getState().save(run, { adapter: { a: new Uint8Array([1]) } });
  studio.compare.getState().removeColumn('column-2');
  store().setForm({ prompts: prompts.join('\n'), temperatures: '0' });
  await store().start();
  await store().setJudge('model');
  opened = [];
});

const sources = () => ({
  runs: studio.library.getState().runs,
  judges: studio.judges.getState().judges,
  model: studio.model.getState().summary,
  stored: studio.modelShelf.getState().stored,
});

/** The analyst prefers the longer answer, as the judge does, in the first comparisons, and then the shorter. */
async function judgeBlind(agreed: number, count: number): Promise<void> {
  for (const [at, { a, b }] of store().comparisons.slice(0, count).entries())
    await store().judge(a.text.length > b.text.length === at < agreed ? 'a' : 'b');
}

it('asks about every comparison as it is shown, and goes on after a stop and a reload', async () => {
  stopAt = 3;
  await store().askModel();
  expect(store()).toMatchObject({ modelJudging: null, modelStopping: false, failure: null });
  const { comparisons } = store();
  expect(asked[0]).toMatchObject({ policy: { adapter: null }, asked: 'dialogue', model: 'tiny' });
  expect(asked[0]?.pairs).toEqual(comparisons.map(({ prompt, a, b }) => ({ prompt, a: a.text, b: b.text })));
  expect(store().round?.modelJudge).toMatchObject({ modelName: 'tiny', runId: null, bound: 0.6 });
  expect(store().round?.modelJudge?.verdicts).toHaveLength(3);

  stopAt = Infinity;
  await reopen();
  await studio.modelShelf.getState().open('id-of-tiny');
  await store().askModelOn();
  expect(asked[1]?.pairs).toEqual(asked[0]?.pairs.slice(3));
  const longer = comparisons.map(({ a, b }) => (a.text.length > b.text.length ? 'a' : 'b'));
  expect(store().round?.modelJudge?.verdicts.map((verdict) => verdict?.choice)).toEqual(longer);
});

it('goes on behind answers that are too long for the judge', async () => {
  tooLong = 'prompt 7';
  await store().askModel();
  const verdicts = store().round?.modelJudge?.verdicts ?? [];
  expect(verdicts).toHaveLength(24);
  expect(verdicts.flatMap((verdict, at) => (verdict === null ? [store().comparisons[at]?.prompt] : []))).toEqual([
    'prompt 7',
  ]);
  expect(store().failure).toBeNull();
});

it('asks an adapter of the open model in one’s own words', async () => {
  store().setForm({ judgeWho: 'run d', judgeQuestion: 'rubric', judgeRubric: 'Which is shorter?' });
  stopAt = 1;
  await store().askModel();
  expect(asked[0]).toMatchObject({
    policy: { adapter: { a: new Uint8Array([1]) } },
    asked: { rubric: 'Which is shorter?' },
  });
  expect(store().round?.modelJudge).toMatchObject({ runId: 'd', runName: 'dpo-1' });
  // Without the adapter nobody else judges in its name.
  for (const key of disk.keys()) if (key.startsWith('adapter/')) disk.delete(key);
  await reopen();
  await studio.modelShelf.getState().open('id-of-tiny');
  await store().askModelOn();
  expect(asked).toHaveLength(1);
  expect(sentenceOf(store().failure?.sentence ?? '')).toContain('is not in this browser any more');
});

it('loads a kept model for the judging and the one before again, after a stop too', async () => {
  store().setForm({ judgeWho: 'model id-of-judge' });
  stopAt = 2;
  await store().askModel();
  expect(opened).toEqual(['judge', 'tiny']);
  expect(asked.map(({ model }) => model)).toEqual(['judge']);
  expect(store().round?.modelJudge).toMatchObject({ modelName: 'judge', fingerprint: 'print-of-judge' });
  stopAt = Infinity;
  await store().askModelOn();
  expect(opened).toEqual(['judge', 'tiny', 'judge', 'tiny']);
  expect(store().round?.modelJudge?.verdicts).toHaveLength(24);
  expect(studio.model.getState().summary?.name).toBe('tiny');
});

it('says that a model was not loaded, and asks none in its place', async () => {
  tooLarge = 'judge';
  store().setForm({ judgeWho: 'model id-of-judge' });
  await store().askModel();
  expect(sentenceOf(store().failure?.sentence ?? '')).toMatch(/^judge, which was to judge, was not loaded\./);
  expect([asked, store().round?.modelJudge]).toEqual([[], null]);
  expect(studio.model.getState().summary?.name).toBe('tiny');
});

it('counts by the bound as it stands, keeps it, and is put away and brought back', async () => {
  await judgeBlind(14, 20);
  await store().askModel();
  await store().setBound('75');
  await store().setBound('7x');
  expect(store().form.judgeBound).toBe('7x');
  await reopen();
  const modelJudge = store().round?.modelJudge;
  expect(modelJudge).toMatchObject({ bound: 0.75 });
  await store().dropModel();
  expect(store().round?.modelJudge).toBeNull();
  studio.notices.getState().notices.at(-1)?.undo?.();
  await breathe();
  expect(store().round?.modelJudge).toEqual(modelJudge);
});

it('judges no more once the prompt set is put away', async () => {
  const judging = store().askModel();
  await breathe();
  await store().close();
  await judging;
  expect(store()).toMatchObject({ round: null, modelJudging: null, failure: null });
  expect(judged).toBeLessThan(5);
});

it('leaves an accepted judge to other work, with its pace, also when its prompt set is put away and after a visit', async () => {
  const judges = () => studio.judges.getState().judges;
  await store().askModel();
  expect(judges()).toMatchObject([{ fingerprint: 'print-of-tiny', asked: 'dialogue', items: 0, agreed: 0 }]);
  const [{ id }] = judges() as [KeptJudge];
  expect(rewardProblem(rewardOfJudge(id), sources())?.code).toBe('judgeRewardUnknown');
  await store().setJudge('analyst');
  await judgeBlind(12, 21);
  expect(judges()).toMatchObject([{ id, items: 21, agreed: 12 }]);
  expect(rewardProblem(rewardOfJudge(id), sources())?.code).toBe('judgeRewardRefused');
  await store().setBound('50');
  expect(rewardProblem(rewardOfJudge(id), sources())).toBeNull();
  expect(judges()[0]?.secondsEach).toBeGreaterThanOrEqual(0);
  await store().close();
  store().setForm({ prompts: prompts.join('\n'), temperatures: '0' });
  await store().start();
  await store().setJudge('model');
  await store().askModel();
  // The new set shows nothing yet of the same judge.
  expect(judges()).toMatchObject([{ id, items: 21, agreed: 12, bound: 0.5 }]);
  await expect.poll(async () => (await createStorage(mapKeyValue(disk)).readSettings())?.judges).toEqual(judges());
  const before = judges();
  await reopen();
  expect(judges()).toEqual(before);
});

it('has an accepted judge compare the answers of a column and those that pairs are made of', async () => {
  await store().askModel();
  await store().setJudge('analyst');
  await judgeBlind(20, 20);
  const reward = rewardOfJudge(studio.judges.getState().judges[0]!.id);
  const { compare, makePairs } = studio;
  makePairs.getState().setForm({ source: 'typed', prompts: 'one\ntwo', answers: 2, reward });
  compare.getState().setSampling({ temperature: '1' });
  await makePairs.getState().start();
  expect(voices.at(-1)?.variants).toMatchObject([{ comparedBy: { policy: { adapter: null }, asked: 'dialogue' } }]);
  expect(voices.at(-1)?.asked.map(({ group }) => group)).toEqual([0, 0, 1, 1]);
  compare.setState({ columns: [{ id: 'c', choice: 'base', strength: 100, best: { count: 64, reward } }] });
  compare.getState().setPrompt('p');
  const calls = voices.length;
  await compare.getState().generate();
  expect(voices).toHaveLength(calls);
  expect(sentenceOf(compare.getState().failure!.sentence)).toMatch(/64 answers would be 2016 comparisons/);
  compare.getState().setBest('c', { count: 4, reward });
  await compare.getState().generate();
  expect(voices.at(-1)?.variants).toMatchObject([{ comparedBy: { asked: 'dialogue' } }]);
});
