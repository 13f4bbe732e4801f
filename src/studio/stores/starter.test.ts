/** @file The starter over an engine that answers at once: its order of work, what it shows, and how it ends early. */
import { sentenceOf } from '../../messages/message';
import { beforeEach, expect, it } from 'vitest';
import { mapKeyValue } from '../../storage/key-value';
import type { StoredModel } from '../../storage/models/stored-model';
import { cutOffRun, goingOn } from '../plain/runs/going-on';
import { createStorage } from '../plain/records';
import type { ModelSummary, RequestKind, Requests } from '../../worker/protocol';
import type { StepMetrics } from '../../run/metrics';
import { EngineError, type CallOptions, type Engine } from '../browser/engine-client';
import {
  starterKlPrompts,
  starterPairs,
  starterPrompts,
  starterSampling,
  starterSeed,
  answerSeed,
} from '../../run/starter-recipe';
import { jobsOf, starterModelName as nameOf } from '../plain/starter/recipe';
import { preferences } from '../text/preferences';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { memoryModels } from './memory-models';
import { type StarterProgress } from './starter';
import { summarize } from '../plain/starter/result';

const starterModelName = nameOf({ id: 'sentiment' });

const summary: ModelSummary = {
  name: starterModelName,
  fingerprint: 'print',
  architecture: 'llama',
  parameters: 1,
  layers: 1,
  hiddenSize: 1,
  vocabularySize: 1,
  contextLength: 1,
  dtype: 'F16',
  tiedEmbeddings: true,
  hasChatTemplate: true,
  templateChoice: null,
  eosToken: null,
  linears: ['q_proj'],
  weightBytes: 1,
  precision: 'float32',
  warnings: [],
};

/** What each call is answered by; a test replaces what it is about. */
type Answers = {
  [K in RequestKind]: (
    input: Requests[K]['in'],
    options: CallOptions,
  ) => Requests[K]['out'] | Promise<Requests[K]['out']>;
};

let calls: { kind: RequestKind; input: unknown }[];
let answers: Answers;
let files: Map<string, string>;
let fetched: string[];
let kept: StoredModel[];
/** Called before the answers to each prompt. */
let beforeAnswer: (index: number) => void;

const engine: Engine = {
  async call<K extends RequestKind>(kind: K, input: Requests[K]['in'], options: CallOptions = {}) {
    calls.push({ kind, input });
    return answers[kind](input, options);
  },
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

const adapterOf = (method: unknown) => ({ 'adapter_model.safetensors': new TextEncoder().encode(String(method)) });
const metrics: StepMetrics = { step: 1, epoch: 1, loss: 0.5, grad_norm: 1, learning_rate: 1e-4 };
const pairLine = (name: string, i: number) =>
  JSON.stringify({ prompt: `The ${name} ${i} was`, chosen: ' wonderful.', rejected: ' awful.' });
const linesOf = (name: string, count: number) =>
  Array.from({ length: count }, (_, i) => pairLine(name, i)).join('\n') + '\n';

beforeEach(() => {
  calls = [];
  fetched = [];
  kept = [];
  beforeAnswer = () => {};
  const tasks = ['sentiment', 'dialogue'].map((id) => ({
    id,
    title: id,
    description: 'D',
    train: `${id}/train.jsonl`,
    eval: `${id}/eval.jsonl`,
  }));
  files = new Map([
    ['manifest.json', JSON.stringify({ model: ['config.json', 'model.safetensors'], tasks })],
    ['model/config.json', '{}'],
    ['model/model.safetensors', 'weights'],
    ['sentiment/train.jsonl', linesOf('soup', starterPairs.sentiment + 7)],
    ['sentiment/eval.jsonl', linesOf('film', starterPrompts + 7)],
    ['dialogue/train.jsonl', linesOf('question', 5)],
    [
      'dialogue/eval.jsonl',
      `${JSON.stringify({ prompt: [{ role: 'user', content: 'How many minutes are 2 hours?' }] })}\n`,
    ],
  ]);
  answers = {
    openDevice: () => ({ device: 'wasm', reason: 'No GPU.', description: '2 threads' }),
    tuneProducts: () => null,
    openModel: () => summary,
    chooseTemplate: () => summary,
    renameModel: () => summary,
    checkAdapter: () => {
      throw new Error('The starter imports no adapter.');
    },
    adapterShape: () => {
      throw new Error('The starter goes on from no adapter.');
    },
    inspectModel: () =>
      ({ plan: { shortages: [], estimate: { precision: 'float32' } } }) as unknown as Requests['inspectModel']['out'],
    checkPairs: () => [],
    scoreAnswers: () => [],
    scorePairs: () => {
      throw new Error('The starter has no reward model.');
    },
    inspectPair: () => {
      throw new Error('Nobody looks at a pair here.');
    },
    countTokens: () => 1,
    modelTokens: () => ({ specialTokens: [], eosToken: null }),
    labelMargins: () => {
      throw new Error('The starter judges no labels.');
    },
    probe: () => {
      throw new Error('The starter starts without a probe.');
    },
    checkConfig: () => null,
    train: ({ config }, { onProgress }) => {
      onProgress?.({ kind: 'step', metrics, totalSteps: 1, secondsPerStep: 1, secondsLeft: 0 });
      return {
        adapter: adapterOf(config.method),
        steps: 1,
        totalSteps: 1,
        stopped: false,
        bestStep: null,
        endedEarly: false,
        warnings: [],
        seconds: 1,
      };
    },
    generate: () => {
      throw new Error('The starter asks for all answers at once.');
    },
    answerAll: ({ asked, variants }, { signal, onProgress }) => {
      for (const index of asked.keys()) {
        beforeAnswer(index);
        if (signal?.aborted) break;
        const generations = variants.map(({ label }) => ({
          label,
          text: label === 'dpo' ? ' wonderful.' : ' awful.',
          tokens: 2,
          finish: 'eos' as const,
          secondsPerToken: 0.1,
          ids: [5, 6],
        }));
        onProgress?.({ kind: 'answers', asked: index, generations });
      }
      return null;
    },
    judgePairs: () => {
      throw new Error('The starter has a scorer and asks no model.');
    },
    scoreTokens: ({ answers: asked, policy, reference }) => {
      expect([policy.adapter, reference.adapter]).toEqual([adapterOf('dpo'), adapterOf('sft')]);
      return asked.map((ids) => ids.map(() => ({ text: '', isSpecial: false, logp: -1, reference: -2 })));
    },
    logprobs: () => [],
    signingKey: () => {
      throw new Error('The starter signs nothing.');
    },
    planHandOver: () => {
      throw new Error('The starter hands nothing over.');
    },
    handOver: () => {
      throw new Error('The starter hands nothing over.');
    },
    canaries: () => {
      throw new Error('The starter hands nothing over.');
    },
    leakCheck: () => {
      throw new Error('The starter hands nothing over.');
    },
    memory: () => ({ deviceBytes: 0, wasmHeapBytes: 0, jsHeapBytes: 0 }),
  };
});

async function open(disk = new Map<string, unknown>()): Promise<Studio> {
  const studio = await openTestStudio({
    engine,
    storage: createStorage(mapKeyValue(disk)),
    storedModels: memoryModels(kept),
    fetchStarterFile: async (path, { signal, onBytes } = {}) => {
      signal?.throwIfAborted();
      fetched.push(path);
      const text = files.get(path);
      if (text === undefined) return null;
      onBytes?.(text.length);
      return new Blob([text]);
    },
  });
  await eventually(() => expect(fetched).toContain('manifest.json'));
  await Promise.resolve();
  return studio;
}

async function openOffering(disk?: Map<string, unknown>): Promise<Studio> {
  const studio = await open(disk);
  await eventually(() => expect(studio.starter.getState().manifest).not.toBeNull());
  return studio;
}

const made = (kind: RequestKind) => calls.filter((call) => call.kind === kind).map(({ input }) => input);

it('offers nothing where nothing was shipped', async () => {
  files.delete('manifest.json');
  const { starter } = await open();
  await starter.getState().start();
  expect(starter.getState()).toMatchObject({ manifest: null, progress: null, failure: null });
  expect(made('openModel')).toEqual([]);
});

it('loads, trains SFT and DPO, and scores the answers of all three', async () => {
  const studio = await openOffering();
  const seen: StarterProgress[] = [];
  studio.starter.subscribe(({ progress }) => progress && seen.push(progress));
  await studio.starter.getState().start();

  expect(made('openModel')).toMatchObject([
    { name: starterModelName, files: [{ path: 'config.json' }, { path: 'model.safetensors' }] },
  ]);
  expect(studio.dataset.getState().rows).toHaveLength(starterPairs.sentiment);
  expect(made('train')).toMatchObject([
    { config: jobsOf('sentiment')[0]!.config, initAdapter: null, pairs: { length: starterPairs.sentiment } },
    {
      config: jobsOf('sentiment')[1]!.config,
      initAdapter: { files: adapterOf('sft') },
      pairs: { length: starterPairs.sentiment },
    },
  ]);
  const [generated, forKl] = made('answerAll') as Requests['answerAll']['in'][];
  expect(generated?.asked).toHaveLength(starterPrompts);
  // Each prompt has a seed of its own, or chance would make the same choice for all.
  expect(new Set(generated?.asked.map(({ options }) => options.seed)).size).toBe(starterPrompts);
  expect(forKl).toMatchObject({ asked: { length: starterKlPrompts }, variants: [{ label: 'dpo' }] });
  expect(forKl?.asked[0]?.options.temperature).toBe(1);
  expect({ ...generated, asked: generated?.asked[0] }).toEqual({
    asked: { prompt: 'The film 0 was', options: { ...starterSampling, seed: answerSeed(starterSeed, 0, false) } },
    variants: [
      { label: 'base', adapter: null },
      { label: 'sft', adapter: adapterOf('sft') },
      { label: 'dpo', adapter: adapterOf('dpo') },
    ],
  });

  const { result, progress, failure, stopped, examples } = studio.starter.getState();
  expect({ progress, failure, stopped, examples: examples.length }).toEqual({
    progress: null,
    failure: null,
    stopped: false,
    examples: 3,
  });
  expect(result?.seconds).not.toBeNull();
  const summary = summarize(result!.prompts)!;
  expect(summary.columns.dpo.score.mean).toBeGreaterThan(0.5);
  expect(summary.columns.base.score.mean).toBeLessThan(0.5);
  expect(summary.above).toMatchObject({ base: { standing: 'above' }, sft: { standing: 'above' } });
  // Two tokens an answer, each one nat likelier than under the SFT model.
  expect(result?.kl).toEqual({ mean: 2, standardError: 0, samples: starterKlPrompts });
  expect([...new Set(seen.map(({ stage }) => stage))]).toEqual(['download', 'sft', 'dpo', 'answers']);
  const shares = seen.map(({ share }) => share);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  // The runs stand among the others, and the comparison below is ready for a question of the same kind.
  expect(
    studio.library
      .getState()
      .runs.map(({ name }) => name)
      .sort(),
  ).toEqual(['dpo-1', 'sft-1']);
  expect(studio.compare.getState()).toMatchObject({ prompt: 'The film 0 was', plainText: true });
});

it('leaves the pairs that were there in their own data set, and does not fetch the model twice', async () => {
  const studio = await openOffering();
  await studio.dataset.getState().importFile('mine.jsonl', new Blob([linesOf('mine', 2)]));
  await studio.starter.getState().start();
  const { dataset } = studio;
  const [own, starters] = dataset.getState().sets;
  expect(starters?.label).toMatchObject({ name: null, task: 'sentiment' });
  await dataset.getState().openSet(own!.id);
  expect(dataset.getState().rows).toHaveLength(2);

  fetched.length = 0;
  studio.starter.getState().chooseTask('dialogue');
  await studio.starter.getState().start();
  expect(fetched).toEqual(['dialogue/train.jsonl', 'dialogue/eval.jsonl']);
  expect(made('answerAll').at(-1)).toMatchObject({
    asked: [{ prompt: [{ role: 'user', content: 'How many minutes are 2 hours?' }] }],
  });
  expect(studio.starter.getState().result?.prompts).toMatchObject([{ prompt: 'How many minutes are 2 hours?' }]);
  // What stood in Compare for the task before gives way, also what somebody typed for it.
  expect(studio.compare.getState()).toMatchObject({ prompt: 'How many minutes are 2 hours?', plainText: false });
  studio.compare.getState().setPrompt('Mine');
  studio.starter.getState().chooseTask('sentiment');
  await studio.starter.getState().start();
  expect(studio.compare.getState().prompt).toBe('The film 0 was');
});

it('shows its result at the next visit, until a person closes it', async () => {
  const disk = new Map<string, unknown>();
  const first = await openOffering(disk);
  await first.starter.getState().start();
  const { result } = first.starter.getState();
  await eventually(() => expect(disk.has('starter-result')).toBe(true));
  // A start that is stopped leaves the result of before.
  beforeAnswer = () => first.starter.getState().stop();
  await first.starter.getState().start();
  const second = await openOffering(disk);
  await eventually(() => expect(second.starter.getState().result).toEqual(result));
  second.starter.getState().forget();
  await eventually(() => expect(disk.has('starter-result')).toBe(false));
});

it('stops in training, keeping what was trained, and asks nothing', async () => {
  const studio = await openOffering();
  answers.train = (_, { signal }) =>
    new Promise((resolve) => {
      signal?.addEventListener('abort', () =>
        resolve({
          adapter: adapterOf('half'),
          steps: 1,
          totalSteps: 9,
          stopped: true,
          bestStep: null,
          endedEarly: false,
          warnings: [],
          seconds: 1,
        }),
      );
      studio.starter.getState().stop();
    });
  await studio.starter.getState().start();
  expect(studio.starter.getState()).toMatchObject({ progress: null, stopped: true, failure: null, result: null });
  expect(studio.library.getState().runs).toMatchObject([{ name: 'sft-1', status: 'stopped' }]);
  expect(made('answerAll')).toEqual([]);
});

it('goes on after its page was closed in training, and ends with the answers of all three', async () => {
  const disk = new Map<string, unknown>();
  const first = await openOffering(disk);
  const { train } = answers;
  // The page is closed while SFT trains.
  answers.train = () => new Promise(() => {});
  void first.starter.getState().start();
  await eventually(() => expect([...disk.keys()].some((key) => key.startsWith('pairs/'))).toBe(true));
  answers.train = train;
  const again = await openOffering(structuredClone(disk));
  const cut = cutOffRun(again.library.getState().runs, []);
  expect(cut).toMatchObject({ name: 'sft-1', plan: { starter: 'sentiment' } });
  await again.comeBack.getState().goOn(cut!.id);
  expect(again.starter.getState()).toMatchObject({ progress: null, failure: null, stopped: false });
  expect(
    again.library
      .getState()
      .runs.map(({ name, status }) => [name, status])
      .toSorted(),
  ).toEqual([
    ['dpo-1', 'finished'],
    ['sft-1', 'finished'],
  ]);
  expect(again.starter.getState().result?.prompts).toHaveLength(starterPrompts);
});

it('goes on after its page was closed while it answered, and is offered no more when it has ended', async () => {
  const disk = new Map<string, unknown>();
  const first = await openOffering(disk);
  const { answerAll } = answers;
  // The page is closed before the first answer.
  answers.answerAll = () => new Promise(() => {});
  void first.starter.getState().start();
  await eventually(() => expect(made('answerAll')).toHaveLength(1));
  answers.answerAll = answerAll;
  const trained = made('train').length;
  const again = await openOffering(structuredClone(disk));
  const { due } = again.starter.getState();
  expect(due).toBe('sentiment');
  const { runs } = again.library.getState();
  const cut = cutOffRun(runs, [], due);
  expect(cut).toMatchObject({ name: 'dpo-1', status: 'finished' });
  expect(goingOn(cut!, runs, due)).toEqual({ step: null, then: [], answers: true });
  await again.comeBack.getState().goOn(cut!.id);
  expect(again.starter.getState()).toMatchObject({ progress: null, failure: null, stopped: false, due: null });
  expect(made('train')).toHaveLength(trained);
  expect(again.starter.getState().result?.prompts).toHaveLength(starterPrompts);
  expect(cutOffRun(again.library.getState().runs, [], again.starter.getState().due)).toBeNull();
});

it('stops between answers, keeping the prompts that all three answered', async () => {
  const studio = await openOffering();
  beforeAnswer = (index) => {
    if (index === 2) studio.starter.getState().stop();
  };
  await studio.starter.getState().start();
  expect(studio.starter.getState()).toMatchObject({
    progress: null,
    stopped: true,
    due: null,
    result: { seconds: null, prompts: { length: 2 } },
  });
});

it('says in a sentence what is missing, what was refused and what failed', async () => {
  const studio = await openOffering();
  const { starter } = studio;
  const sentence = () => sentenceOf(starter.getState().failure?.sentence ?? '');
  files.delete('model/config.json');
  await starter.getState().start();
  expect(sentence()).toMatch(/^The starter's file model\/config\.json is missing/);
  files.set('model/config.json', '{}');
  answers.openModel = () => {
    throw new EngineError({ name: 'UserError', message: 'The directory has no weights.', stack: '' });
  };
  await starter.getState().start();
  expect(sentence()).toBe('The directory has no weights.');
  answers.openModel = () => summary;
  answers.train = () => {
    throw new EngineError({ name: 'UserError', message: 'The device is gone.', stack: '' });
  };
  await starter.getState().start();
  expect(sentence()).toBe('The device is gone.');
  expect(starter.getState().progress).toBeNull();
});

it('offers the task of the page’s language until a person chooses one', async () => {
  const tasks = (['sentiment', 'sentiment-ko'] as const).map((id) => ({ id, train: 't', eval: 'e' }));
  files.set('manifest.json', JSON.stringify({ model: ['config.json'], tasks }));
  const { starter } = await openOffering();
  const speak = (language: 'en' | 'ko') => preferences.setState({ language });
  try {
    expect(starter.getState().taskId).toBe('sentiment');
    speak('ko');
    expect(starter.getState().taskId).toBe('sentiment-ko');
    speak('en');
    expect(starter.getState().taskId).toBe('sentiment');
    starter.getState().chooseTask('sentiment-ko');
    speak('ko');
    speak('en');
    expect(starter.getState().taskId).toBe('sentiment-ko');
  } finally {
    speak('en');
  }
});
