/** @file The first answers, over an engine that a test holds back: when they are written, when not, what ends them. */
import { beforeEach, expect, it } from 'vitest';
import { mapKeyValue } from '../../storage/key-value';
import type { ModelSummary, Requests } from '../../worker/protocol';
import { exampleRun } from '../plain/examples';
import { createStorage } from '../plain/records';
import type { Run } from '../plain/runs/run';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

let disk: Map<string, unknown>;
let studio: Studio;
/** The prompts of all calls so far, ended or not. */
let asked: string[];
/** Calls that wait for the test; where `isHeld` is false they end by themselves. */
let waiting: (() => void)[];
let isHeld: boolean;

const engine = testEngine(async (kind, input, options) => {
  if (kind === 'openModel') {
    const { name } = input as Requests['openModel']['in'];
    return { name, fingerprint: `print-of-${name}`, hasChatTemplate: false, weightBytes: 1 } as ModelSummary;
  }
  const wait = () =>
    new Promise<void>((resolve) => {
      waiting.push(resolve);
      options.signal?.addEventListener('abort', () => resolve());
    });
  if (kind === 'answerAll' && isHeld) await wait();
  if (kind !== 'generate') return [];
  const { prompt, variants } = input as Requests['generate']['in'];
  asked.push(String(prompt));
  if (isHeld) await wait();
  const finish = options.signal?.aborted ? 'stopped' : 'eos';
  const made = { tokens: 1, ids: [1], finish, secondsPerToken: 1 };
  return variants.map(({ label, strength }) => ({ label, text: `${String(prompt)} at ${strength}`, ...made }));
});

const dpo: Run = { ...exampleRun, modelFingerprint: 'print-of-tiny' };
const state = () => studio.compare.getState();
const texts = () => Object.values(state().answers).map(({ text }) => text);
const linesOf = (...prompts: string[]) =>
  new Blob([prompts.map((prompt) => JSON.stringify({ prompt, chosen: 'c', rejected: 'r' })).join('\n')]);

async function reopen(): Promise<void> {
  studio = await openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
  await studio.model.getState().openDirectory('tiny', []);
}

async function importPairs(name: string, ...prompts: string[]): Promise<void> {
  await studio.dataset.getState().importFile(name, linesOf(...prompts));
}

beforeEach(async () => {
  disk = new Map();
  asked = [];
  waiting = [];
  isHeld = false;
  await reopen();
  await studio.library.getState().save(dpo, { adapter: { a: new Uint8Array([1]) } });
  await importPairs('a.jsonl', 'one', 'two', 'three', 'one', 'four', 'five');
});

it('answers the first prompts of the data once for a run, and has them after a reload', async () => {
  state().askFirst();
  await eventually(() => expect(state().first?.isEnded).toBe(true));
  expect(asked).toEqual(['one', 'two', 'three', 'four']);
  expect(state()).toMatchObject({ shownExample: 0, answeringFirst: null, generating: false, prompt: '' });
  expect(texts()).toEqual(['one at 1', 'one at 1']);
  await state().showExample(2);
  expect(texts()).toEqual(['three at 1', 'three at 1']);
  state().askFirst();
  await eventually(() =>
    expect(disk.get('settings')).toMatchObject({ value: { comparison: { first: { isEnded: true } } } }),
  );
  await reopen();
  state().askFirst();
  expect(texts()).toEqual(['one at 1', 'one at 1']);
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(asked).toHaveLength(4);
  // A new run is a reason to answer again.
  await studio.library.getState().save({ ...dpo, id: 'next', startedAt: '2027-01-01T00:00:00Z' }, { adapter: {} });
  state().askFirst();
  await eventually(() => expect(asked).toHaveLength(8));
});

it('takes the prompts that are held out, where the data is split', async () => {
  studio.dataset.getState().setSplit({ evaluationShare: 0.4, seed: 1 });
  state().askFirst();
  await eventually(() => expect(state().first?.isEnded).toBe(true));
  expect(state().first?.isHeldOut).toBe(true);
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(4);
});

it('gives way to a prompt of a person at once, and does not come back over it', async () => {
  isHeld = true;
  state().askFirst();
  await eventually(() => expect(state().answeringFirst).toEqual({ done: 0, total: 4 }));
  // Nothing is busy: every button works.
  expect(studio.engineTime.getState().foreground).toEqual([]);
  isHeld = false;
  state().setPrompt('mine');
  await state().generate();
  expect(texts()).toEqual(['mine at 1', 'mine at 1']);
  expect(state()).toMatchObject({ shownExample: null, answeringFirst: null });
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(asked).toEqual(['one', 'mine']);
  state().askFirst();
  expect(texts()).toEqual(['mine at 1', 'mine at 1']);
});

it('ends for good where a person stops it', async () => {
  isHeld = true;
  state().askFirst();
  await eventually(() => expect(waiting).toHaveLength(1));
  waiting[0]?.();
  await eventually(() => expect(state().answeringFirst?.done).toBe(1));
  state().stopFirst();
  await eventually(() => expect(state().answeringFirst).toBeNull());
  expect(state().first).toMatchObject({ isEnded: true, examples: [{ asked: { prompt: 'one' } }] });
  state().askFirst();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(asked).toEqual(['one', 'two']);
});

it('waits while other work has the engine', async () => {
  isHeld = true;
  studio.promptSet.getState().setForm({ prompts: 'x', temperatures: '0' });
  const work = studio.promptSet.getState().start();
  await eventually(() => expect(waiting).toHaveLength(1));
  state().askFirst();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect(asked).toEqual([]);
  isHeld = false;
  waiting[0]?.();
  await work;
  await eventually(() => expect(asked).toHaveLength(4));
});

it('answers nothing without a run, without pairs, or with base columns only', async () => {
  state().removeColumn('column-2');
  state().removeColumn('column-3');
  state().askFirst();
  await new Promise((resolve) => setTimeout(resolve, 600));
  expect([asked, state().first]).toEqual([[], null]);
});

it('empties a prompt that was written for another model or other pairs, and keeps one that was not', async () => {
  state().setPrompt('We saw');
  await eventually(() => expect(disk.get('settings')).toMatchObject({ value: { comparison: { prompt: 'We saw' } } }));
  await reopen();
  expect(state().prompt).toBe('We saw');
  await studio.model.getState().openDirectory('other', []);
  expect(state().prompt).toBe('');
  state().setPrompt('Again');
  await studio.dataset.getState().newSet('Another');
  await importPairs('b.jsonl', 'six');
  expect(state().prompt).toBe('');
});
