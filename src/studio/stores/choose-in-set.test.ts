/**
 * @file The best of N in columns of a prompt set by a judge of another model, which is loaded when all answers are
 * drawn: what is kept at which step, and what is left of it after a stop, a reload and a failure.
 */
import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import { rewardOfJudge } from '../plain/compare/best-of';
import { createStorage } from '../plain/records';
import { createJudgeTest, largeJudge, visitWithJudge, wordsOf, type JudgeTest } from './judge-test-engine';
import type { Studio } from './studio-stores';

let test: JudgeTest;
let studio: Studio;

const set = () => studio.promptSet.getState();

async function visit(): Promise<void> {
  studio = await visitWithJudge(test);
  const column = { choice: 'base', strength: 100 };
  const best = { count: 4, reward: rewardOfJudge('j') } as const;
  studio.compare.setState({
    columns: [
      { id: 'plain', ...column },
      { id: 'best', ...column, best },
    ],
  });
  set().setForm({ prompts: 'one\ntwo', temperatures: '0, 1' });
}

/** What the second column keeps of a prompt at temperature 1, where its four answers are of so many words. */
const kept = (words: number) => ({
  ...{ text: wordsOf(words), isCut: false, reward: expect.closeTo(0.9, 12) as number },
});
/** By seeds 10, 12, 14, 16 and 11, 13, 15, 17; at temperature 0 there is one answer. */
const allAnswered = [
  [{ text: '' }, { text: '', reward: null }],
  [{ text: '' }, kept(4)],
  [{ text: 'word' }, { text: 'word', reward: null }],
  [{ text: 'word' }, kept(3)],
];

beforeEach(async () => {
  test = createJudgeTest();
  await visit();
});

it('draws all answers, loads the judge once, and keeps the best; nothing is judged blind before', async () => {
  const steps = new Set<string>();
  const there: number[] = [];
  studio.promptSet.subscribe(({ isChoosing, answering, round }) => {
    if (answering && isChoosing) steps.add(`${answering.done} of ${answering.total}`);
    if (answering?.done === 0 && isChoosing) there.push(round?.answered.length ?? 0);
  });
  await set().start();
  expect(test.done).toEqual(['answer by small', 'open large', 'judge by large', 'open small']);
  expect(test.answerCalls[0]?.variants.some((variant) => 'comparedBy' in variant)).toBe(false);
  // The first cell, at temperature 0, needs no judge; the second one does, and those behind it wait for it.
  expect(new Set(there)).toEqual(new Set([1]));
  expect([...steps]).toEqual(Array.from({ length: 13 }, (_, at) => `${at} of 12`));
  expect(set().round).toMatchObject({ answered: allAnswered, drawn: null });
  expect(set()).toMatchObject({ answering: null, isChoosing: false, failure: null });
  expect(studio.model.getState()).toMatchObject({ standsInFor: null, summary: { name: 'small' } });
  expect(set().comparisons.map(({ cell }) => cell)).toEqual([1, 3]);
});

it('loads nobody where it is stopped as it draws, and goes on with both over a reload', async () => {
  test.beforeAnswer = (index) => index === 6 && set().stop();
  await set().start();
  expect(test.done).toEqual(['answer by small']);
  expect(set().round).toMatchObject({ answered: { length: 1 }, drawn: { from: 1, cells: { length: 2 } } });
  test.beforeAnswer = () => {};
  await visit();
  await set().answerRest();
  expect(test.answerCalls[0]?.asked).toHaveLength(4);
  expect(test.done).toEqual(['answer by small', 'open large', 'judge by large', 'open small']);
  expect(set().round).toMatchObject({ answered: allAnswered, drawn: null });
});

it('asks for no verdict twice when it is stopped as it judges, over a reload', async () => {
  test.beforeVerdict = (pair) => pair === 8 && set().stop();
  await set().start();
  expect(test.done.slice(1)).toEqual(['open large', 'judge by large', 'open small']);
  expect(set()).toMatchObject({ answering: null, isChoosing: false, failure: null, stopping: false });
  expect(set().round).toMatchObject({
    answered: { length: 3 },
    drawn: { from: 3, cells: [[{}, { preferences: [0.1, 0.9] }]] },
  });
  const [{ pairs = [] } = {}] = test.judgeCalls;
  test.beforeVerdict = () => {};
  await visit();
  await set().answerRest();
  expect(test.done).toEqual(['open large', 'judge by large', 'open small']);
  expect(test.judgeCalls.map((call) => call.pairs)).toEqual([pairs.slice(8)]);
  expect(set().round).toMatchObject({ answered: allAnswered });
  const disk = await createStorage(mapKeyValue(test.disk)).readPromptSet();
  expect(disk.value?.trial).toMatchObject({ answered: allAnswered });
});

it('keeps the drawn answers of a judge that is not loaded, and says so; refuses one that is not kept', async () => {
  test.tooLarge = 'large';
  await set().start();
  expect(sentenceOf(set().failure?.sentence ?? '')).toMatch(/^large, which was to judge, was not loaded\./);
  expect(set().round).toMatchObject({ answered: { length: 1 }, drawn: { cells: { length: 3 } } });
  test.kept = test.kept.slice(0, 1);
  await visit();
  await set().answerRest();
  expect(sentenceOf(set().failure?.sentence ?? '')).toMatch(/^The judge large is of large, which is not kept/);
  expect(set().round?.drawn?.cells).toHaveLength(3);
});

it('says that a column cannot choose where its judge was refused', async () => {
  studio.judges.setState({ judges: [{ ...largeJudge, agreed: 1 }] });
  await set().start();
  expect(set().round).toBeNull();
  expect(test.done).toEqual([]);
});

it('gives the rest up when the set is put away as it is judged', async () => {
  test.beforeVerdict = (pair) => pair === 3 && void set().close();
  await set().start();
  await expect.poll(() => set().round).toBeNull();
  expect(set()).toMatchObject({ answering: null, isChoosing: false, failure: null });
  expect(test.openModel).toBe('small');
});
