/**
 * @file The best of N in columns by a judge of another model, which is loaded when all answers are drawn: what is shown
 * at which step, and what is left of it after a stop, a failure and the engine's end.
 */
import { beforeEach, expect, it } from 'vitest';
import { sentenceOf } from '../../messages/message';
import { rewardOfJudge } from '../plain/compare/best-of';
import { createJudgeTest, largeJudge, visitWithJudge, wordsOf, type JudgeTest } from './judge-test-engine';
import type { Studio } from './studio-stores';

let test: JudgeTest;
let studio: Studio;

const compare = () => studio.compare.getState();
const column = (id: string, count?: 2 | 4) => ({
  ...{ id, choice: 'base', strength: 100 },
  ...(count && { best: { count, reward: rewardOfJudge('j') } }),
});

beforeEach(async () => {
  test = createJudgeTest();
  studio = await visitWithJudge(test);
  studio.compare.setState({ columns: [column('plain'), column('two', 2), column('four', 4)] });
  compare().setPrompt('p');
});

const judged = (id: string) =>
  compare().answers[id]?.best?.candidates.map(({ index, text, reward }) => [index, text, reward]);
const close = (value: number) => expect.closeTo(value, 12) as number;
/** Of seeds 10 to 13, whose answers are 0, 1, 2 and 3 words. */
const bestOfFour = [
  [3, wordsOf(3), close(0.9)],
  [2, wordsOf(2), close((0.9 + 0.9 + 0.1) / 3)],
  [1, wordsOf(1), close((0.9 + 0.1 + 0.1) / 3)],
  [0, '', close(0.1)],
];

it('draws the answers of all columns, loads the judge once, and shows the best; the other answers and the prompt stay', async () => {
  const steps = new Set<string>();
  const drawn: boolean[] = [];
  studio.compare.subscribe(({ answers, generating }) => {
    const { best, finish } = answers['four'] ?? {};
    if (!best || !generating) return;
    if (best.waiting) steps.add(`${best.waiting.compared} of ${best.waiting.comparisons}`);
    if (best.preferences) drawn.push(finish === null && best.candidates.every(({ reward }) => reward === null));
  });
  await compare().generate();
  expect(test.done).toEqual(['answer by small', 'answer by small', 'open large', 'judge by large', 'open small']);
  expect(test.answerCalls.map(({ variants }) => 'comparedBy' in (variants[0] ?? {}))).toEqual([false, false]);
  expect(test.judgeCalls[0]?.pairs).toHaveLength(1 + 6);
  expect([...steps]).toEqual(['0 of 6', '1 of 6', '2 of 6', '3 of 6', '4 of 6', '5 of 6']);
  expect(new Set(drawn)).toEqual(new Set([true]));
  expect(judged('four')).toEqual(bestOfFour);
  expect(judged('two')).toEqual([
    [1, 'word', 0.9],
    [0, '', close(0.1)],
  ]);
  expect(compare().answers['four']).toMatchObject({ text: wordsOf(3), ids: [13], finish: 'eos' });
  expect(compare().answers['four']?.best).not.toHaveProperty('preferences');
  expect(compare().answers['plain']).toMatchObject({ text: '', finish: 'eos' });
  expect(compare()).toMatchObject({ prompt: 'p', generating: false, answering: [], failure: null });
  expect(studio.model.getState()).toMatchObject({ standsInFor: null, summary: { name: 'small' } });
});

it('loads nobody where it is stopped as it draws, and has what is there judged when it is asked to', async () => {
  test.beforeAnswer = (index) => index === 3 && compare().stop();
  await compare().generate();
  expect(test.done).toEqual(['answer by small', 'answer by small']);
  expect(compare().answers['four']).toMatchObject({ text: '', finish: 'stopped', best: { preferences: [] } });
  expect(judged('four')?.map(([index, , reward]) => [index, reward])).toEqual([
    [0, null],
    [1, null],
    [2, null],
  ]);
  test.beforeAnswer = () => {};
  test.done = [];
  await compare().judgeRest();
  expect(test.done).toEqual(['open large', 'judge by large', 'open small']);
  expect(judged('four')?.map(([index]) => index)).toEqual([2, 1, 0]);
  expect(judged('two')?.map(([index]) => index)).toEqual([1, 0]);
});

it('asks for no verdict twice when it is stopped as it judges', async () => {
  test.beforeVerdict = (pair) => pair === 3 && compare().stop();
  await compare().generate();
  expect(test.done.slice(2)).toEqual(['open large', 'judge by large', 'open small']);
  expect(judged('two')?.[0]).toEqual([1, 'word', 0.9]);
  expect(compare().answers['four']).toMatchObject({ text: '', finish: 'stopped', best: { preferences: [0.1, 0.1] } });
  expect(compare().answers['four']?.best).not.toHaveProperty('waiting');
  expect(compare()).toMatchObject({ failure: null, stopping: false, generating: false });
  const [{ pairs = [] } = {}] = test.judgeCalls;
  test.beforeVerdict = () => {};
  await compare().judgeRest();
  expect(test.judgeCalls[1]?.pairs).toEqual(pairs.slice(3));
  expect(judged('four')).toEqual(bestOfFour);
});

it('keeps the drawn answers of a judge that is not loaded, and says so', async () => {
  test.tooLarge = 'large';
  await compare().generate();
  expect(sentenceOf(compare().failure?.sentence ?? '')).toMatch(/^large, which was to judge, was not loaded\./);
  expect(judged('four')).toHaveLength(4);
  expect(studio.model.getState()).toMatchObject({ standsInFor: null, summary: { name: 'small' } });
  test.tooLarge = '';
  await compare().judgeRest();
  expect(compare().failure).toBeNull();
  expect(judged('four')).toEqual(bestOfFour);
});

it('refuses a judge that was not accepted before anything is drawn', async () => {
  studio.judges.setState({ judges: [{ ...largeJudge, agreed: 1 }] });
  await compare().generate();
  expect(sentenceOf(compare().failure?.sentence ?? '')).toMatch(/^The judge large was refused/);
  expect(test.done).toEqual([]);
});

it('has the first model opened by the next engine where one dies as it judges', async () => {
  test.beforeVerdict = (pair) => {
    if (pair !== 1) return;
    const error = new Error('gone');
    for (const tell of test.tellDown) tell(error, 'died');
    throw error;
  };
  await compare().generate();
  await expect.poll(() => test.openModel).toBe('small');
  await expect.poll(() => studio.model.getState().summary?.name).toBe('small');
  expect(studio.model.getState().standsInFor).toBeNull();
});

it('goes with the model that it was written by, not with the one that judged', async () => {
  await compare().generate();
  await studio.modelShelf.getState().open('id-of-large');
  expect(compare()).toMatchObject({ answers: {}, prompt: '' });
});
