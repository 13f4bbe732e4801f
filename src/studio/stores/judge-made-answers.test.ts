/**
 * @file Answers that a kept model judges when all are drawn, over an engine whose judge prefers the longer answer: who
 * is open at which step, and what is left of it after a stop, a reload, a failure and the engine's end.
 */
import { beforeEach, expect, it } from 'vitest';
import { breathe } from '../../core/breathe';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { StoredModel } from '../../storage/models/stored-model';
import type { RequestKind, Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import { rewardOfJudge } from '../plain/compare/best-of';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { exampleModel, exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import { memoryModels } from './memory-models';
import { openTestStudio } from './open-test-studio';
import { readPlace } from './rounds';
import type { Studio } from './studio-stores';

let disk: Map<string, unknown>;
let kept: StoredModel[];
/** What the engine did, with the model that it had open. */
let done: string[];
let judgeCalls: Requests['judgePairs']['in'][];
/** The model that a visit would open if the page were left as the judge is asked. */
let nextVisit: unknown[];
/** The seeds of the answers that were asked for. */
let seeds: number[];
/** Stops before this answer, or this verdict of a call. */
let stopAt: { answer?: number; verdict?: number };
/** What the judge says instead of this verdict. */
let fault: { readonly verdict: number; readonly error: Error; readonly isDown?: boolean } | null;
/** A model that does not fit on this device. */
let tooLarge: string;
/** The engine that follows cannot be started. */
let isDead: boolean;
let openModel: string;
let tellDown: Parameters<Engine['onDown']>[0][];
let studio: Studio;

const pairs = () => studio.makePairs.getState();

async function judge(call: Requests['judgePairs']['in'], { onProgress, signal }: CallOptions): Promise<void> {
  done.push(`judge by ${openModel}`);
  judgeCalls.push(call);
  nextVisit.push((await createStorage(mapKeyValue(disk)).readSettings())?.lastModel);
  for (const [pair, { a, b }] of call.pairs.entries()) {
    if (pair === stopAt.verdict) pairs().stop();
    await breathe();
    signal?.throwIfAborted();
    if (pair === fault?.verdict) {
      if (fault.isDown) for (const tell of tellDown) tell(fault.error, 'died');
      throw fault.error;
    }
    const isA = a.length > b.length;
    const verdict = { preference: isA ? 0.9 : 0.1, choice: isA ? ('a' as const) : ('b' as const), ordersAgree: true };
    onProgress?.({ kind: 'verdict', pair, verdict: { ...verdict, first: 0.5, letterMass: 1, cut: 0 } });
  }
}

function answer({ asked, variants }: Requests['answerAll']['in'], { onProgress, signal }: CallOptions): void {
  done.push(`answer by ${openModel}`);
  expect(variants).toMatchObject([{ label: '0' }]);
  expect(variants[0]).not.toHaveProperty('comparedBy');
  for (const [index, { options }] of asked.entries()) {
    if (index === stopAt.answer) pairs().stop();
    if (signal?.aborted) return;
    seeds.push(options.seed);
    const text = 'word '.repeat(options.seed % 5).trim();
    const generation = { label: '0', text, tokens: 1, ids: [1], finish: 'eos' as const, secondsPerToken: 1 };
    onProgress?.({ kind: 'answers', asked: index, generations: [generation] });
  }
}

const engine: Engine = {
  async call<K extends RequestKind>(
    kind: K,
    input: Requests[K]['in'],
    options: CallOptions = {},
  ): Promise<Requests[K]['out']> {
    const out = (value: unknown) => value as Requests[K]['out'];
    if (isDead && openModel === '') throw new Error('no engine');
    if (kind === 'openDevice') return out({ device: 'wasm', reason: '', description: '' });
    if (kind === 'inspectModel') {
      const shortages = (input as { name: string }).name === tooLarge ? [{ kind: 'memory' }] : [];
      return out({ plan: { shortages, estimate: { precision: 'float32' } } });
    }
    if (kind === 'openModel') {
      openModel = (input as { name: string }).name;
      done.push(`open ${openModel}`);
      return out({ ...exampleModel, name: openModel, fingerprint: `print-of-${openModel}`, hasChatTemplate: false });
    }
    if (kind === 'modelTokens') return out({ specialTokens: [], eosToken: null });
    if (kind === 'answerAll') answer(input as Requests['answerAll']['in'], options);
    if (kind === 'judgePairs') await judge(input as Requests['judgePairs']['in'], options);
    return out(null);
  },
  onDown: (listener) => {
    tellDown.push(listener);
    return () => {};
  },
  onSilence: () => () => {},
  restart: () => void (openModel = ''),
};

const large: KeptJudge = {
  ...{ id: 'j', set: '2026', modelName: 'large', fingerprint: 'print-of-large', runId: null, runName: null },
  ...{ asked: 'dialogue', bound: 0.6, items: 20, agreed: 18, secondsEach: 0.5 },
};
const form = { source: 'typed', prompts: 'one\ntwo', answers: 4, reward: rewardOfJudge('j') } as const;

/** Another visit, with the small model open. */
async function visit(): Promise<void> {
  [tellDown, done] = [[], []];
  studio = await openTestStudio({
    engine,
    storage: createStorage(mapKeyValue(disk)),
    storedModels: memoryModels(kept),
  });
  await studio.modelShelf.getState().restore();
  await studio.modelShelf.getState().open('id-of-small');
  studio.judges.setState({ judges: [large] });
  studio.compare.getState().setSampling({ temperature: '1', seed: '10' });
  pairs().setForm(form);
  [done, judgeCalls, seeds, nextVisit] = [[], [], [], []];
}

/** Waits until everything is on the disk, and comes back. */
async function comeBack(): Promise<void> {
  const { answered, waiting } = pairs();
  await expect.poll(async () => (await createStorage(mapKeyValue(disk)).readMadeAnswers())?.waiting).toEqual(waiting);
  await visit();
  expect(pairs()).toMatchObject({ answered, waiting });
}

const wordsOf = (count: number): string => 'word '.repeat(count).trim();
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
  const model = (name: string): StoredModel => ({
    ...{ id: `id-of-${name}`, name, addedAt: '2026-01-01', sizeBytes: 1, sha256: '', files: [] },
    fingerprint: `print-of-${name}`,
  });
  disk = new Map();
  kept = [model('small'), model('large')];
  [stopAt, fault, tooLarge, isDead] = [{}, null, '', false];
  await visit();
});

it('draws all answers, has the kept model compare them prompt by prompt, and opens the first model again', async () => {
  const steps: (string | null)[] = [];
  studio.makePairs.subscribe(({ answering, isJudging }) =>
    steps.push(answering && isJudging ? `${answering.done} of ${answering.total}` : null),
  );
  await pairs().start();
  expect(done).toEqual(['answer by small', 'open large', 'judge by large', 'open small']);
  expect(judgeCalls).toMatchObject([{ policy: { adapter: null }, asked: 'dialogue' }]);
  expect(nextVisit).toEqual([{ id: 'id-of-small', isReopened: true }]);
  expect(judgeCalls[0]?.pairs).toHaveLength(12);
  expect(judgeCalls[0]?.pairs[6]).toEqual({ prompt: 'two', a: wordsOf(4), b: '' });
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
  expect(done).toEqual(['answer by small']);
  expect(pairs()).toMatchObject({
    answered: [],
    waiting: { judge: 'j', drawn: [{ prompt: 'one' }] },
    made: { rows: [] },
  });
  stopAt = {};
  await comeBack();
  await pairs().judgeOn();
  expect(done).toEqual(['open large', 'judge by large', 'open small']);
  expect(pairs().answered).toEqual(allJudged.slice(0, 1));
  expect(pairs().made?.rows).toHaveLength(1);
});

it('asks for no verdict twice when it is stopped as it judges', async () => {
  stopAt = { verdict: 8 };
  await pairs().start();
  expect(done.slice(1)).toEqual(['open large', 'judge by large', 'open small']);
  expect(pairs()).toMatchObject({ failure: null, stopping: false, isJudging: false, answered: [{ prompt: 'one' }] });
  expect(pairs().waiting).toMatchObject({ drawn: [{ prompt: 'two' }], preferences: [0.9, 0.9] });
  const [{ pairs: all }] = judgeCalls as [Requests['judgePairs']['in']];
  stopAt = {};
  await comeBack();
  await pairs().judgeOn();
  expect(judgeCalls.map((call) => call.pairs)).toEqual([all.slice(8)]);
  expect(pairs().answered).toEqual(allJudged);
  expect(studio.model.getState().summary?.name).toBe('small');
});

it('opens the first model again where the judge fails, and says why', async () => {
  fault = { verdict: 7, error: new Error('of no use') };
  await pairs().start();
  expect(done.at(-1)).toBe('open small');
  expect(pairs()).toMatchObject({ answering: null, isJudging: false, waiting: { preferences: [0.9] } });
  expect(JSON.stringify(pairs().failure)).toContain('of no use');
});

it.each([false, true])(
  'has the first model opened by the next engine where one dies; stays down: %s',
  async (stays) => {
    fault = { verdict: 1, error: new Error('gone'), isDown: true };
    isDead = stays;
    await pairs().start();
    expect(pairs().waiting?.preferences).toHaveLength(1);
    if (stays) {
      await expect.poll(() => studio.model.getState().starting).toBe(false);
      expect(studio.model.getState().down).not.toBeNull();
      isDead = false;
      await studio.model.getState().restart();
    }
    await expect.poll(() => studio.model.getState().summary?.name).toBe('small');
    expect(openModel).toBe('small');
  },
);

it('keeps the answers of a judge that is not loaded, and gives them up and back together with those judged', async () => {
  tooLarge = 'large';
  await pairs().start();
  expect(sentenceOf(pairs().failure?.sentence ?? '')).toMatch(/^large, which was to judge, was not loaded\./);
  const { waiting } = pairs();
  expect([done, waiting?.drawn.length]).toEqual([['answer by small'], 2]);
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
  studio.judges.setState({ judges: [{ ...large, runId: 'a', runName: 'dpo-9' }] });
  stopAt = { verdict: 0 };
  await pairs().start();
  expect(judgeCalls[0]?.policy).toEqual({ adapter: { a: new Uint8Array([7]) } });
  kept = kept.slice(0, 1);
  await comeBack();
  await pairs().start();
  expect(done).toEqual([]);
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
  [done, seeds] = [[], []];
  await rounds.getState().goOn();
  expect([done, seeds]).toEqual([['open large', 'judge by large', 'open small'], []]);
  expect(place()).toEqual({ step: 'training', run: null });
  expect(dataset.getState().rows.map(({ scores }) => scores?.chosen)).toEqual([0.9, 0.9]);
});
