/**
 * @file The sweep's store over an engine that answers by arithmetic and a storage in a Map: what is trained and
 * answered in which order, pause, reload and going on, runs that are there already.
 */
import { beforeEach, expect, it } from 'vitest';
import { breathe } from '../../core/breathe';
import { sentenceOf } from '../../messages/message';
import { mapKeyValue } from '../../storage/key-value';
import type { ModelSummary, RequestKind, Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import { exampleModel, exampleRun } from '../plain/examples';
import { frontierOf } from '../plain/frontier/sweep';
import { createStorage } from '../plain/records';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';

const summary: ModelSummary = { ...exampleModel, name: 'airlock-starter', fingerprint: 'print', linears: ['q_proj'] };
const steps = 4;

let disk: Map<string, unknown>;
let studio: Studio;
/** Every training: its beta, where it went on from, and the prompts of its pairs. */
let trained: { beta: number | undefined; from: number; prompts: unknown[]; held: unknown[] }[];
/** Every answering: its prompts and how many answers each, and by which adapter. */
let answered: { prompts: unknown[]; temperature: number | undefined; adapter: string }[];
let probed: number;
/** Called at each step of training, and before each answering. */
let onStep: (training: number, step: number) => unknown;
let onAnswering: (call: number) => unknown;
/** Called before a run is shown as the one under way. */
let onMark: () => void;
/** What some tab trains or carries out, as the browser's locks tell all tabs. */
let locks: Set<string>;

const vectors = [new Float32Array(1)];
const nameOf = (adapter: unknown): string =>
  adapter === null ? 'base' : new TextDecoder().decode((adapter as { a: Uint8Array }).a);

const answers = {
  openDevice: () => ({ device: 'wasm', reason: '', description: '' }),
  openModel: () => summary,
  countTokens: () => 1,
  modelTokens: () => ({ specialTokens: [], eosToken: null }),
  checkConfig: () => null,
  checkPairs: ({ pairs }: Requests['checkPairs']['in']) =>
    pairs.map((_, index) => ({ index, warnings: [], faults: [], problem: null, promptTokens: 1 })),
  probe: () => {
    probed++;
    return { totalSteps: steps, secondsPerStep: 1, seconds: 30, evaluationSeconds: 0, peakBytes: 1 };
  },
  async train({ config, pairs, evaluation, resume }: Requests['train']['in'], { signal, onProgress }: CallOptions) {
    const prompts = pairs.map(({ prompt }) => prompt);
    const held = evaluation?.pairs.map(({ prompt }) => prompt) ?? [];
    trained.push({ beta: config.beta, from: resume?.step ?? 0, prompts, held });
    const number = trained.length;
    let step = resume?.step ?? 0;
    for (; step < steps && !signal?.aborted; step++) {
      await onStep(number, step + 1);
      await breathe();
    }
    const optimizer = { parameter: vectors, mean: vectors, variance: vectors, steps: step };
    onProgress?.({ kind: 'checkpoint', checkpoint: { step, optimizer, best: null } });
    const adapter = { a: new TextEncoder().encode(`beta ${config.beta}`) };
    const stopped = step < steps;
    return { adapter, steps: step, totalSteps: steps, stopped, bestStep: null, warnings: [], seconds: 9 };
  },
  async answerAll({ asked, variants }: Requests['answerAll']['in'], { signal, onProgress }: CallOptions) {
    await onAnswering(answered.length + 1);
    if (signal?.aborted) return null;
    const adapter = nameOf(variants[0]?.adapter ?? null);
    answered.push({ prompts: asked.map(({ prompt }) => prompt), temperature: asked[0]?.options.temperature, adapter });
    for (const [index, { options }] of asked.entries()) {
      const text = options.seed % 2 === 0 ? 'It was great.' : 'It was awful.';
      const generation = { label: '0', text, tokens: 2, ids: [1, 2], finish: 'eos' as const, secondsPerToken: 1 };
      const scored = variants[0]?.scoredBy === undefined ? {} : { reward: options.seed % 2 };
      onProgress?.({ kind: 'answers', asked: index, generations: [{ ...generation, ...scored }] });
    }
    await breathe();
    return null;
  },
  /** An adapter moves each token by a tenth of a nat, whatever its beta. */
  scoreTokens({ answers: all, policy, reference }: Requests['scoreTokens']['in']) {
    const far = nameOf(policy.adapter) === nameOf(reference.adapter) ? 0 : 0.1;
    return all.map((ids) => ids.map(() => ({ text: 'x', isSpecial: false, logp: -1 + far, reference: -1 })));
  },
};

const engine: Engine = {
  async call<K extends RequestKind>(kind: K, input: Requests[K]['in'], options: CallOptions = {}) {
    const answer = answers[kind as keyof typeof answers] as ((...given: unknown[]) => unknown) | undefined;
    return ((await answer?.(input, options)) ?? null) as Requests[K]['out'];
  },
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

async function reopen(): Promise<Studio> {
  const markRunning = (name: string) => {
    if (locks.has(name)) return null;
    locks.add(name);
    if (!name.startsWith('frontier-')) onMark();
    return () => locks.delete(name);
  };
  studio = await openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)), markRunning });
  await studio.model.getState().openDirectory('tiny', []);
  return studio;
}

const lines = (count: number, from = 0) =>
  Array.from({ length: count }, (_, index) =>
    JSON.stringify({ prompt: `p${from + index}`, chosen: 'good', rejected: 'bad' }),
  ).join('\n');

beforeEach(async () => {
  [disk, locks] = [new Map(), new Set()];
  [trained, answered, probed] = [[], [], 0];
  [onStep, onAnswering, onMark] = [() => {}, () => {}, () => {}];
  await reopen();
  await studio.dataset.getState().importFile('a.jsonl', new Blob([lines(40)]));
  studio.training.getState().setForm({ duration: 'steps', max_steps: String(steps), eval_share: '0.25' });
  studio.sweep
    .getState()
    .setForm({ betas: '0.1, 0.3, 1', reward: 'sentiment', answers: '2', referenceAnswers: 4, prompts: '10' });
});

it('answers as the reference, then trains and answers beta by beta, on prompts that no run is trained on', async () => {
  await studio.sweep.getState().start();
  const { round: sweep, failure, isWorking } = studio.sweep.getState();
  expect({ failure, isWorking }).toEqual({ failure: null, isWorking: false });
  expect(trained.map(({ beta }) => beta)).toEqual([0.1, 0.3, 1]);
  expect(answered.map(({ adapter, prompts }) => [adapter, prompts.length])).toEqual([
    ['base', 32],
    ['base', 8],
    ...['beta 0.1', 'beta 0.3', 'beta 1'].flatMap((name) => [
      [name, 16],
      [name, 4],
    ]),
  ]);
  expect(answered.every(({ temperature }) => temperature === 1)).toBe(true);
  const asked = new Set(answered.flatMap(({ prompts }) => prompts));
  expect(asked.size).toBe(10);
  for (const { prompts, held } of trained) {
    expect(prompts).toHaveLength(30);
    expect(prompts.filter((prompt) => asked.has(prompt))).toEqual([]);
    expect(new Set(held)).toEqual(asked);
  }
  const { points } = frontierOf(sweep!);
  expect(points.map(({ beta, kl, answers: count }) => [beta, kl?.mean.toFixed(3), count])).toEqual([
    [null, '0.000', 40],
    [0.1, '0.200', 20],
    [0.3, '0.200', 20],
    [1, '0.200', 20],
  ]);
  expect(points[0]!.reward.mean).toBeGreaterThan(0.2);
  await reopen();
  expect(studio.sweep.getState().round).toEqual(sweep);
  expect(studio.library.getState().runs).toHaveLength(3);
});

it('begins once where its button is pressed twice', async () => {
  const { start } = studio.sweep.getState();
  await Promise.all([start(), start()]);
  expect(trained.map(({ beta }) => beta)).toEqual([0.1, 0.3, 1]);
  expect(frontierOf(studio.sweep.getState().round!).points.map(({ answers: count }) => count)).toEqual([
    40, 20, 20, 20,
  ]);
  expect(answered).toHaveLength(8);
});

it('paused in a run and reloaded, goes on from its checkpoint and answers nothing twice', async () => {
  onStep = (training, step) => training === 2 && step === 2 && studio.sweep.getState().stop();
  await studio.sweep.getState().start();
  expect(studio.sweep.getState()).toMatchObject({ isWorking: false, stopping: false, failure: null });
  expect(studio.library.getState().runs.map(({ status }) => status)).toEqual(['paused', 'finished']);
  onStep = () => {};
  await reopen();
  // Pairs that changed meanwhile are not this sweep's.
  await studio.dataset.getState().importFile('b.jsonl', new Blob([lines(5, 100)]), 'append');
  await studio.sweep.getState().goOn();
  expect(trained.map(({ beta, from }) => [beta, from])).toEqual([
    [0.1, 0],
    [0.3, 0],
    [0.3, 2],
    [1, 0],
  ]);
  expect(new Set(trained.map(({ prompts }) => prompts.length))).toEqual(new Set([30]));
  expect(answered).toHaveLength(8);
  expect(frontierOf(studio.sweep.getState().round!).points).toHaveLength(4);
  expect(studio.library.getState().runs).toHaveLength(3);
});

it('is carried out by one tab at a time, and what one has trained the other trains no more', async () => {
  const first = studio;
  let tried: Promise<string | undefined> | null = null;
  onStep = (training, step) => {
    if (training !== 1 || step !== 2) return;
    tried ??= reopen().then(async (second) => {
      await second.sweep.getState().goOn();
      const { failure, isWorking } = second.sweep.getState();
      expect(isWorking).toBe(false);
      return failure === null ? undefined : sentenceOf(failure.sentence);
    });
    return tried;
  };
  await first.sweep.getState().start();
  expect(await tried).toMatch(/^Another tab carries this frontier out/);
  expect(trained.map(({ beta }) => beta)).toEqual([0.1, 0.3, 1]);
  // The other tab has not heard of anything since.
  await studio.sweep.getState().goOn();
  expect(studio.sweep.getState().failure).toBeNull();
  expect(trained).toHaveLength(3);
  expect(locks.size).toBe(0);
});

it('stopped while it answers, keeps the blocks that are whole', async () => {
  onAnswering = (call) => call === 4 && studio.sweep.getState().stop();
  await studio.sweep.getState().start();
  expect(studio.sweep.getState().round?.answered).toHaveLength(3);
  onAnswering = () => {};
  await studio.sweep.getState().goOn();
  expect(studio.sweep.getState().round?.answered).toHaveLength(8);
  expect(answered).toHaveLength(8);
});

it('stopped at the moment a run begins, trains no step of it', async () => {
  onMark = () => studio.sweep.getState().stop();
  await studio.sweep.getState().start();
  expect(studio.library.getState().runs.map(({ status, steps: taken }) => [status, taken])).toEqual([['paused', 0]]);
  onMark = () => {};
  await studio.sweep.getState().goOn();
  expect(frontierOf(studio.sweep.getState().round!).points).toHaveLength(4);
});

it('takes runs that are there already, trained on the same pairs with the same settings', async () => {
  await studio.sweep.getState().start();
  const { runs } = studio.sweep.getState().round!;
  await studio.sweep.getState().close();
  expect(studio.sweep.getState().round).toBeNull();
  studio.sweep.getState().setForm({ betas: '0.1, 1, 2' });
  await studio.sweep.getState().start();
  expect(trained.map(({ beta }) => beta)).toEqual([0.1, 0.3, 1, 2]);
  expect(studio.sweep.getState().round?.runs.slice(0, 2)).toEqual([runs[0], runs[2]]);
  await studio.sweep.getState().close();
  await studio.dataset.getState().importFile('b.jsonl', new Blob([lines(8, 100)]), 'append');
  await studio.sweep.getState().start();
  expect(trained).toHaveLength(7);
});

it('trains a run anew that was deleted before it was answered', async () => {
  onAnswering = (call) => call === 3 && studio.sweep.getState().stop();
  await studio.sweep.getState().start();
  const [first] = studio.sweep.getState().round!.runs;
  await studio.library.getState().remove(first!);
  onAnswering = () => {};
  await studio.sweep.getState().goOn();
  expect(trained.map(({ beta }) => beta)).toEqual([0.1, 0.1, 0.3, 1]);
  expect(frontierOf(studio.sweep.getState().round!).points).toHaveLength(4);
});

it('says why a run failed, and goes on with it when asked to', async () => {
  onStep = (training) => {
    if (training === 1) throw new Error('The device fell over.');
  };
  await studio.sweep.getState().start();
  expect(sentenceOf(studio.sweep.getState().failure?.sentence ?? '')).toContain('The device fell over.');
  expect(studio.sweep.getState().isWorking).toBe(false);
  onStep = () => {};
  await studio.sweep.getState().goOn();
  expect(studio.sweep.getState().failure).toBeNull();
  expect(frontierOf(studio.sweep.getState().round!).points).toHaveLength(4);
});

it('needs the pairs again where none of its runs keeps them', async () => {
  onAnswering = (call) => call === 2 && studio.sweep.getState().stop();
  await studio.sweep.getState().start();
  expect(trained).toEqual([]);
  onAnswering = () => {};
  await reopen();
  await studio.dataset.getState().makeSet('other', []);
  await studio.sweep.getState().goOn();
  expect(sentenceOf(studio.sweep.getState().failure?.sentence ?? '')).toMatch(
    /^No run of this frontier keeps the pairs/,
  );
  await reopen();
  await studio.dataset.getState().openSet('main');
  await studio.sweep.getState().goOn();
  expect(studio.sweep.getState().failure).toBeNull();
  const asked = new Set(answered.flatMap(({ prompts }) => prompts));
  expect(trained[0]?.prompts.filter((prompt) => asked.has(prompt))).toEqual([]);
});

it('has a reward model score the answers, and says so where that is gone', async () => {
  const judge = { ...exampleRun, id: 'j', name: 'reward-1', method: 'reward' as const };
  await studio.library.getState().save(judge, { adapter: { a: new Uint8Array([1]) } });
  studio.sweep.getState().setForm({ reward: 'run:j' });
  await studio.sweep.getState().start();
  const { round: sweep } = studio.sweep.getState();
  expect(sweep?.reward).toEqual({ model: 'j' });
  expect(frontierOf(sweep!).points.map(({ reward }) => reward.mean)).toEqual([0.5, 0.5, 0.5, 0.5]);
  await studio.sweep.getState().close();
  await studio.library.getState().remove('j');
  await studio.sweep.getState().start();
  expect(studio.sweep.getState().round).toBeNull();
});

it('measures the time by three steps and one block, and keeps nothing of them', async () => {
  await studio.sweep.getState().measureTime();
  const { trial, round } = studio.sweep.getState();
  expect(probed).toBe(1);
  expect(trial).toMatchObject({ isRunning: false, failure: null, pace: { run: 30 } });
  expect(answered.map(({ prompts }) => prompts.length)).toEqual([16]);
  expect(round).toBeNull();
});
