/**
 * @file A studio with a small and a large kept model, over an engine whose answers are as many words as their seeds say
 * and whose judge prefers the longer one, for tests of judges that are loaded in the place of the open model.
 */
import { breathe } from '../../core/breathe';
import { mapKeyValue } from '../../storage/key-value';
import type { StoredModel } from '../../storage/models/stored-model';
import type { Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import type { KeptJudge } from '../plain/compare/kept-judges';
import { exampleModel } from '../plain/examples';
import { createStorage } from '../plain/records';
import { memoryModels } from './memory-models';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';
import { testEngine } from './test-engine';

/** What a test makes of the engine, and what it sees of it. */
export interface JudgeTest {
  readonly engine: Engine;
  readonly disk: Map<string, unknown>;
  kept: readonly StoredModel[];
  /** What the engine did, with the model that it had open. */
  done: string[];
  judgeCalls: Requests['judgePairs']['in'][];
  answerCalls: Requests['answerAll']['in'][];
  openModel: string;
  tellDown: Parameters<Engine['onDown']>[0][];
  /** Is called before each answer of a call, and each verdict. */
  beforeAnswer: (index: number) => void;
  beforeVerdict: (pair: number) => void;
  onJudge: () => Promise<void>;
  /** A model that does not fit on this device. */
  tooLarge: string;
  /** An engine that was started anew cannot be used. */
  isDead: boolean;
}

export const wordsOf = (count: number): string => 'word '.repeat(count).trim();

export const largeJudge: KeptJudge = {
  ...{ id: 'j', set: '2026', modelName: 'large', fingerprint: 'print-of-large', runId: null, runName: null },
  ...{ asked: 'dialogue', bound: 0.6, items: 20, agreed: 18, secondsEach: 0.5 },
};

async function judge(test: JudgeTest, call: Requests['judgePairs']['in'], options: CallOptions): Promise<void> {
  test.done.push(`judge by ${test.openModel}`);
  test.judgeCalls.push(call);
  await test.onJudge();
  for (const [pair, { a, b }] of call.pairs.entries()) {
    test.beforeVerdict(pair);
    await breathe();
    options.signal?.throwIfAborted();
    const isA = a.length > b.length;
    const verdict = { preference: isA ? 0.9 : 0.1, choice: isA ? ('a' as const) : ('b' as const), ordersAgree: true };
    options.onProgress?.({ kind: 'verdict', pair, verdict: { ...verdict, first: 0.5, letterMass: 1, cut: 0 } });
  }
}

const generationOf = (label: string, seed: number) => ({
  ...{ label, text: wordsOf(seed % 5), tokens: 1, ids: [seed], finish: 'eos' as const, secondsPerToken: 1 },
});

async function answer(test: JudgeTest, call: Requests['answerAll']['in'], options: CallOptions): Promise<void> {
  test.done.push(`answer by ${test.openModel}`);
  test.answerCalls.push(call);
  for (const [asked, { options: sampling, of }] of call.asked.entries()) {
    test.beforeAnswer(asked);
    await breathe();
    if (options.signal?.aborted) return;
    const variants = of ?? call.variants.map((_, place) => place);
    const generations = variants.map((place) => generationOf(call.variants[place]?.label ?? '', sampling.seed));
    options.onProgress?.({ kind: 'answers', asked, generations });
  }
}

/** An engine without work, and the models that are kept. */
export function createJudgeTest(): JudgeTest {
  const model = (name: string): StoredModel => ({
    ...{ id: `id-of-${name}`, name, addedAt: '2026-01-01', sizeBytes: 1, sha256: '', files: [] },
    fingerprint: `print-of-${name}`,
  });
  const engine = testEngine(
    async (kind, input, options) => {
      if (kind === 'inspectModel') {
        const shortages = (input as { name: string }).name === test.tooLarge ? [{ kind: 'memory' }] : [];
        return { plan: { shortages, estimate: { precision: 'float32' } } };
      }
      if (kind === 'openModel') {
        const { name } = input as { name: string };
        test.openModel = name;
        test.done.push(`open ${name}`);
        return { ...exampleModel, name, fingerprint: `print-of-${name}`, hasChatTemplate: false };
      }
      if (kind === 'generate') {
        const { options: sampling, variants } = input as Requests['generate']['in'];
        return variants.map(({ label }) => generationOf(label, sampling.seed));
      }
      if (kind === 'answerAll') await answer(test, input as Requests['answerAll']['in'], options);
      if (kind === 'judgePairs') await judge(test, input as Requests['judgePairs']['in'], options);
      return null;
    },
    {
      requireUp() {
        if (test.isDead && test.openModel === '') throw new Error('no engine');
      },
      onDown: (listener) => {
        test.tellDown.push(listener);
        return () => {};
      },
      restart: () => void (test.openModel = ''),
    },
  );
  const test: JudgeTest = {
    engine,
    disk: new Map(),
    kept: [model('small'), model('large')],
    ...{ done: [], judgeCalls: [], answerCalls: [], openModel: '', tellDown: [] },
    ...{ beforeAnswer: () => {}, beforeVerdict: () => {}, onJudge: async () => {} },
    ...{ tooLarge: '', isDead: false },
  };
  return test;
}

/** A visit with the small model open and the large one as an accepted judge. */
export async function visitWithJudge(test: JudgeTest): Promise<Studio> {
  test.tellDown = [];
  const studio = await openTestStudio({
    engine: test.engine,
    storage: createStorage(mapKeyValue(test.disk)),
    storedModels: memoryModels([...test.kept]),
  });
  await studio.modelShelf.getState().restore();
  await studio.modelShelf.getState().open('id-of-small');
  studio.judges.setState({ judges: [largeJudge] });
  studio.compare.getState().setSampling({ temperature: '1', seed: '10' });
  [test.done, test.judgeCalls, test.answerCalls] = [[], [], []];
  return studio;
}
