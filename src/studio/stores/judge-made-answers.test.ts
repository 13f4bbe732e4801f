/**
 * @file Answers that a kept model judges when all are drawn, over an engine whose judge prefers the longer answer: who
 * is open at which step, and what is left of it after a stop, a reload, a failure and the engine's end.
 */
import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { Requests } from '../../worker/protocol';
import { rewardOfJudge } from '../plain/compare/best-of';
import { exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import { createJudgeTest, largeJudge, visitWithJudge, wordsOf, type JudgeTest } from './judge-test-engine';
import { readPlace } from './rounds';
import type { Studio } from './studio-stores';

let test: JudgeTest;
/** The models that a visit would open if the page were left as the judge is asked. */
let nextVisit: unknown[];
/** Stops before this answer, or this verdict of a call. */
let stopAt: { answer?: number; verdict?: number };
/** What the judge says instead of this verdict. */
let fault: { readonly verdict: number; readonly error: Error; readonly isDown?: boolean } | null;
let studio: Studio;

const pairs = () => studio.makePairs.getState();

/** The seeds of the answers that were asked for. */
const seeds = () => test.answerCalls.flatMap(({ asked }) => asked.map(({ options }) => options.seed));

const form = { source: 'typed', prompts: 'one\ntwo', answers: 4, reward: rewardOfJudge('j') } as const;

/** Another visit, with the small model open. */
async function visit(): Promise<void> {
  studio = await visitWithJudge(test);
  pairs().setForm(form);
  nextVisit = [];
}

/** Waits until everything is on the disk, and comes back. */
async function comeBack(): Promise<void> {
  const { answered, waiting } = pairs();
  await expect
    .poll(async () => (await createStorage(mapKeyValue(test.disk)).readMadeAnswers())?.waiting)
    .toEqual(waiting);
  await visit();
  expect(pairs()).toMatchObject({ answered, waiting });
}

/** What the judge makes of the answers with seeds 10 to 13, and 14 to 17: of 0, 1, 2, 3 and 4, 0, 1, 2 words. */
const judgedAs = (prompt: string, ...lengths: number[]) => ({
  prompt,
  candidates: [0.9, (0.9 + 0.9 + 0.1) / 3, (0.9 + 0.1 + 0.1) / 3, 0.1].map((reward, at) => ({
    text: wordsOf(lengths[at] as number),
    reward: expect.closeTo(reward, 12) as number,
  })),
});
const allJudged = [judgedAs('one', 3, 2, 1, 0), judgedAs('two', 4, 2, 1, 0)];

beforeEach(async () => {
  test = createJudgeTest();
  [stopAt, fault] = [{}, null];
  test.beforeAnswer = (index) => index === stopAt.answer && pairs().stop();
  test.beforeVerdict = (pair) => {
    if (pair === stopAt.verdict) pairs().stop();
    if (pair !== fault?.verdict) return;
    if (fault.isDown) for (const tell of test.tellDown) tell(fault.error, 'died');
    throw fault.error;
  };
  test.onJudge = async () => {
    nextVisit.push((await createStorage(mapKeyValue(test.disk)).readSettings())?.lastModel);
  };
  await visit();
});

it('draws all answers, has the kept model compare them prompt by prompt, and opens the first model again', async () => {
  const steps: (string | null)[] = [];
  studio.makePairs.subscribe(({ answering, isJudging }) =>
    steps.push(answering && isJudging ? `${answering.done} of ${answering.total}` : null),
  );
  await pairs().start();
  expect(test.done).toEqual(['answer by small', 'open large', 'judge by large', 'open small']);
  expect(test.answerCalls[0]?.variants[0]).not.toHaveProperty('comparedBy');
  expect(test.judgeCalls).toMatchObject([{ policy: { adapter: null }, asked: 'dialogue' }]);
  expect(nextVisit).toEqual([{ id: 'id-of-small', isReopened: true }]);
  expect(test.judgeCalls[0]?.pairs).toHaveLength(12);
  expect(test.judgeCalls[0]?.pairs[6]).toEqual({ prompt: 'two', a: wordsOf(4), b: '' });
  expect(pairs()).toMatchObject({ answering: null, isJudging: false, failure: null, waiting: null });
  expect(pairs().answered).toEqual(allJudged);
  expect(pairs().made?.rows.map(({ pair, scores }) => [pair.prompt, pair.chosen, scores?.chosen])).toEqual([
    ['one', wordsOf(3), 0.9],
    ['two', wordsOf(4), 0.9],
  ]);
  expect(studio.model.getState().summary?.name).toBe('small');
  expect([...new Set(steps)].filter(Boolean)).toEqual(Array.from({ length: 13 }, (_, at) => `${at} of 12`));
});

it('loads nobody where it is stopped as it draws, keeps those answers, and judges them when it is asked to', async () => {
  stopAt = { answer: 4 };
  await pairs().start();
  expect(test.done).toEqual(['answer by small']);
  expect(pairs()).toMatchObject({
    answered: [],
    waiting: { judge: 'j', drawn: [{ prompt: 'one' }] },
    made: { rows: [] },
  });
  stopAt = {};
  await comeBack();
  await pairs().judgeOn();
  expect(test.done).toEqual(['open large', 'judge by large', 'open small']);
  expect(pairs().answered).toEqual(allJudged.slice(0, 1));
  expect(pairs().made?.rows).toHaveLength(1);
});

it('asks for no verdict twice when it is stopped as it judges', async () => {
  stopAt = { verdict: 8 };
  await pairs().start();
  expect(test.done.slice(1)).toEqual(['open large', 'judge by large', 'open small']);
  expect(pairs()).toMatchObject({ failure: null, stopping: false, isJudging: false, answered: [{ prompt: 'one' }] });
  expect(pairs().waiting).toMatchObject({ drawn: [{ prompt: 'two' }], preferences: [0.9, 0.9] });
  const [{ pairs: all }] = test.judgeCalls as [Requests['judgePairs']['in']];
  stopAt = {};
  await comeBack();
  await pairs().judgeOn();
  expect(test.judgeCalls.map((call) => call.pairs)).toEqual([all.slice(8)]);
  expect(pairs().answered).toEqual(allJudged);
  expect(studio.model.getState().summary?.name).toBe('small');
});

it('opens the first model again where the judge fails, and says why', async () => {
  fault = { verdict: 7, error: new Error('of no use') };
  await pairs().start();
  expect(test.done.at(-1)).toBe('open small');
  expect(pairs()).toMatchObject({ answering: null, isJudging: false, waiting: { preferences: [0.9] } });
  expect(JSON.stringify(pairs().failure)).toContain('of no use');
});

it.each([false, true])(
  'has the first model opened by the next engine where one dies; stays down: %s',
  async (stays) => {
    fault = { verdict: 1, error: new Error('gone'), isDown: true };
    test.isDead = stays;
    await pairs().start();
    expect(pairs().waiting?.preferences).toHaveLength(1);
    if (stays) {
      await expect.poll(() => studio.model.getState().starting).toBe(false);
      expect(studio.model.getState().down).not.toBeNull();
      test.isDead = false;
      await studio.model.getState().restart();
    }
    await expect.poll(() => studio.model.getState().summary?.name).toBe('small');
    expect(test.openModel).toBe('small');
  },
);

it('keeps the answers of a judge that is not loaded, and gives them up and back together with those judged', async () => {
  test.tooLarge = 'large';
  await pairs().start();
  expect(sentenceOf(pairs().failure?.sentence ?? '')).toMatch(/^large, which was to judge, was not loaded\./);
  const { waiting } = pairs();
  expect([test.done, waiting?.drawn.length]).toEqual([['answer by small'], 2]);
  pairs().putAway();
  expect(pairs()).toMatchObject({ answered: null, waiting: null });
  const { notices } = studio;
  const { id, message } = notices.getState().notices.at(-1)!;
  expect(message).toBe('The answers to 2 prompts were given up.');
  notices.getState().undo(id);
  expect(pairs()).toMatchObject({ answered: [], waiting });
});

it('asks an adapter of the kept model, and refuses a model that is not kept before anything is drawn', async () => {
  const run = { ...exampleRun, id: 'a', name: 'dpo-9', modelFingerprint: 'print-of-large' };
  await studio.library.getState().save(run, { adapter: { a: new Uint8Array([7]) } });
  studio.judges.setState({ judges: [{ ...largeJudge, runId: 'a', runName: 'dpo-9' }] });
  stopAt = { verdict: 0 };
  await pairs().start();
  expect(test.judgeCalls[0]?.policy).toEqual({ adapter: { a: new Uint8Array([7]) } });
  test.kept = test.kept.slice(0, 1);
  await comeBack();
  await pairs().start();
  expect(test.done).toEqual([]);
  await pairs().judgeOn();
  expect(sentenceOf(pairs().failure?.sentence ?? '')).toMatch(/^The judge large is of large, which is not kept/);
  expect(pairs().waiting?.drawn).toHaveLength(2);
});

it('makes the pairs of a round when all is judged, and goes on where that was stopped', async () => {
  const run = {
    ...exampleRun,
    id: 'first',
    name: 'dpo-1',
    startedAt: '2026-01-01',
    modelFingerprint: 'print-of-small',
  };
  await studio.library.getState().save(run, { adapter: { a: new Uint8Array([1]) } });
  const { rounds, dataset } = studio;
  const asked = { ...form, judge: 'reward', answers: { analyst: 2, reward: 4 } } as const;
  rounds.getState().setForm(asked);
  const place = () => {
    const { judge: byHand, makePairs, library } = studio;
    const states = { judge: byHand.getState(), makePairs: makePairs.getState(), dataset: dataset.getState() };
    const round = rounds.getState().round!;
    return readPlace(round, { ...states, library: library.getState(), rounds: rounds.getState() });
  };
  stopAt = { verdict: 6 };
  await rounds.getState().begin('first');
  expect(pairs()).toMatchObject({ answered: [{ prompt: 'one' }], waiting: { drawn: [{ prompt: 'two' }] } });
  expect([rounds.getState().round?.made, place()]).toEqual([null, { step: 'answers', isLost: true }]);
  stopAt = {};
  [test.done, test.answerCalls] = [[], []];
  await rounds.getState().goOn();
  expect([test.done, seeds()]).toEqual([['open large', 'judge by large', 'open small'], []]);
  expect(place()).toEqual({ step: 'training', run: null });
  expect(dataset.getState().rows.map(({ scores }) => scores?.chosen)).toEqual([0.9, 0.9]);
});
