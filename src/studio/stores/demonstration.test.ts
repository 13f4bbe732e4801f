/**
 * @file The demonstration's store over an engine that echoes and a storage in a Map: preparing, a stop, a reload, the
 * show with its votes, answers written live, and the starter's result.
 */
import { beforeEach, expect, it } from 'vitest';
import { breathe } from '../../core/breathe';
import { mapKeyValue } from '../../storage/key-value';
import { createStorage } from '../plain/records';
import type { ModelSummary, Requests } from '../../worker/protocol';
import { exampleRun } from '../plain/examples';
import { scoredPrompt } from '../plain/starter/result';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

const summary = { name: 'tiny', fingerprint: 'print', hasChatTemplate: false, weightBytes: 1 } as ModelSummary;

let disk: Map<string, unknown>;
let studio: Studio;
/** The prompts of each call of the engine that answers many. */
let batches: string[][];
/** Stops the preparing before this prompt. */
let stopAt: string | null;
/** How many tokens were scored. */
let scored: number;

const generationsOf = (variants: Requests['generate']['in']['variants'], prompt: unknown, seed: number) =>
  variants.map(({ label, strength }) => ({
    label,
    text: `${String(prompt)} ${strength} ${seed}`,
    tokens: 1,
    ids: [1],
    finish: 'eos' as const,
    secondsPerToken: 1,
  }));

const engine = testEngine(async (kind, input, { signal, onProgress }) => {
  if (kind === 'openModel') return summary;
  if (kind === 'answerAll') {
    const { asked, variants } = input as Requests['answerAll']['in'];
    batches.push(asked.map(({ prompt }) => String(prompt)));
    for (const [index, { prompt, options }] of asked.entries()) {
      if (prompt === stopAt) studio.demonstration.getState().stop();
      if (signal?.aborted) break;
      const generations = generationsOf(variants, prompt, options.seed);
      onProgress?.({ kind: 'answers', asked: index, generations });
      await breathe();
    }
    return null;
  }
  if (kind === 'generate') {
    const { prompt, variants, options } = input as Requests['generate']['in'];
    const generations = generationsOf(variants, prompt, options.seed);
    for (const [variant, { text }] of generations.entries()) onProgress?.({ kind: 'token', variant, text, tokens: 1 });
    return generations;
  }
  if (kind === 'scoreTokens') {
    const { answers } = input as Requests['scoreTokens']['in'];
    scored += answers.length;
    return answers.map(() => [{ text: 'x', isSpecial: false, logp: -1, reference: -3 }]);
  }
  return [];
});

const sft = { ...exampleRun, id: 's', name: 'sft-1', method: 'sft' as const };
const dpo = { ...exampleRun, config: { loss_type: ['sigmoid'], beta: 0.5 } } as typeof exampleRun;

async function visit(withModel = true): Promise<void> {
  studio = await openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
  if (withModel) await studio.model.getState().openDirectory('tiny', []);
}

const state = () => studio.demonstration.getState();

async function prepare(prompts: readonly string[]): Promise<void> {
  state().setForm({ source: 'typed', prompts: prompts.join('\n') });
  await state().start();
}

beforeEach(async () => {
  disk = new Map();
  batches = [];
  stopAt = null;
  scored = 0;
  await visit();
  for (const run of [sft, dpo]) await studio.library.getState().save(run, { adapter: { a: new Uint8Array([1]) } });
});

it('prepares answers of all columns with one seed each prompt, scored by the run whose log-ratios are rewards', async () => {
  studio.compare.getState().setSampling({ seed: '5' });
  await prepare(['one', 'two']);
  expect(state()).toMatchObject({ answering: null, failure: null });
  const { round } = state();
  expect(round?.columns.map(({ role, name }) => [role, name])).toEqual([
    ['base', 'base'],
    ['sft', 'sft-1'],
    ['dpo', 'dpo-1'],
  ]);
  expect(round?.answered.map((answers) => answers.map(({ text }) => text))).toEqual([
    ['one 1 5', 'one 1 5', 'one 1 5'],
    ['two 1 6', 'two 1 6', 'two 1 6'],
  ]);
  expect(round?.scoring).toMatchObject({ column: 2, beta: 0.5, isLossKnown: true });
  expect(round?.answered.flat().every((answer) => answer.scored?.length === 1)).toBe(true);
  expect(scored).toBe(6);
});

it('keeps what is prepared at a stop, goes on after a reload, and says how long it takes', async () => {
  const seen: unknown[] = [];
  studio.demonstration.subscribe(({ answering }) => answering !== null && seen.push(answering.total));
  stopAt = 'six';
  await prepare(['one', 'two', 'three', 'four', 'five', 'six']);
  expect(state().round?.answered).toHaveLength(4);
  expect(seen).toContain(18);
  stopAt = null;
  await visit();
  batches = [];
  await state().answerRest();
  expect(state().round?.answered).toHaveLength(6);
  expect(batches).toEqual([['five', 'six']]);
});

it('counts votes, takes one back, reveals, goes on, and stands there at the next visit, without a model', async () => {
  await prepare(['one', 'two']);
  state().open();
  await state().vote(2);
  await state().vote(0);
  await state().takeBack();
  await state().vote(7);
  await state().forward();
  await state().vote(1);
  await state().takeBack();
  expect(state().round?.judgements.map(({ prompt, column }) => [prompt, column])).toEqual([
    [0, 2],
    [0, null],
  ]);
  await state().forward();
  expect(state().at).toBe(1);
  state().back();
  expect(state().at).toBe(0);
  await visit(false);
  state().open();
  expect(state().at).toBe(1);
  await state().forward();
  await state().forward();
  expect(state().at).toBe(2);
  await state().answerLive();
  expect(state()).toMatchObject({ live: {}, failure: null });
  const { orderSeed } = state().round!;
  await breathe();
  await state().restart();
  expect(state()).toMatchObject({ at: 0, round: { judgements: [] } });
  expect(state().round?.orderSeed).not.toBe(orderSeed);
});

it('answers at another strength before the audience, and leaves what is prepared as it is', async () => {
  await prepare(['one']);
  state().open();
  await state().forward();
  const before = state().round?.answered;
  state().setStrength(2, 52);
  await state().answerAtStrength(2);
  expect(state().live[2]).toMatchObject({ text: 'one 0.5 0', finish: 'eos', scored: [{ logp: -1 }] });
  expect(state()).toMatchObject({ isWriting: false, strengths: { 2: 50 } });
  expect(state().round?.answered).toBe(before);
  await state().forward();
  expect(state()).toMatchObject({ at: 1, live: {}, strengths: {} });
});

it('keeps live answers where nobody has voted on the prompt, and shows them only where somebody has', async () => {
  await prepare(['one', 'two']);
  const kept = () => state().round?.answered;
  const first = kept();
  state().open();
  await state().answerLive();
  expect(kept()).toEqual(first);
  expect(kept()).not.toBe(first);
  await state().vote(0);
  const second = kept();
  await state().answerLive();
  expect(kept()).toBe(second);
  expect(Object.keys(state().live)).toHaveLength(3);
});

it('leaves a prompt out and moves one up, until there are votes', async () => {
  await prepare(['one', 'two', 'three']);
  await state().moveUp(2);
  await state().leaveOut(0);
  const prompts = () => state().round?.script.map(({ prompt }) => prompt);
  expect(prompts()).toEqual(['three', 'two']);
  expect(state().round?.answered.map(([answer]) => answer?.text)).toEqual(['three 1 2', 'two 1 1']);
  state().open();
  await state().vote(0);
  await state().leaveOut(0);
  expect(prompts()).toEqual(['three', 'two']);
});

const starterResult = (runs: { readonly sft: string; readonly dpo: string }) => ({
  task: { id: 'sentiment' as const, train: '', eval: '' },
  runs,
  prompts: ['The film was', 'The soup was'].map((prompt) => scoredPrompt('sentiment', prompt, ['b', 's', 'd'])),
  kl: null,
  seconds: 1,
});

it('shows the starter’s result from what it kept, and with rewards where its model is open', async () => {
  studio.starter.setState({ result: starterResult({ sft: 'gone', dpo: 'gone too' }) });
  await state().startFromStarter();
  expect(state().round).toMatchObject({ modelName: 'airlock-starter', fingerprint: null, scoring: null });
  expect(state().round?.answered[1]?.map(({ text }) => text)).toEqual(['b', 's', 'd']);
  expect(batches).toEqual([]);

  studio.starter.setState({ result: starterResult({ sft: 's', dpo: 'd' }) });
  await state().startFromStarter();
  await eventually(() => expect(state()).toMatchObject({ answering: null, round: { answered: { length: 2 } } }));
  expect(state().round?.scoring).toMatchObject({ column: 2 });
  expect(batches).toEqual([['The film was', 'The soup was']]);
});
