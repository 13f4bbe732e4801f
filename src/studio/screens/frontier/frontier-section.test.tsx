/** @file What the section of the frontier says before a sweep, within it and after it, of numbers that are known. */
import { renderToStaticMarkup } from 'react-dom/server';
import { createStore } from 'zustand/vanilla';
import { beforeEach, describe, expect, it } from 'vitest';
import { Random } from '../../../core/random';
import { mapKeyValue } from '../../../storage/key-value';
import type { Sweep } from '../../../storage/sweep-record';
import type { Requests, RequestKind } from '../../../worker/protocol';
import { exampleModel, exampleRun } from '../../plain/examples';
import { answersEach, blockAt, countBlocks } from '../../plain/frontier/sweep';
import { initialSweepForm } from '../../plain/frontier/sweep-form';
import { createStorage } from '../../plain/records';
import type { Engine } from '../../browser/engine-client';
import { openTestStudio } from '../../stores/open-test-studio';
import type { Studio } from '../../stores/studio-stores';
import { StudioContext } from '../use-studio';
import { FrontierSection } from './frontier-section';
import { inTwo, signedInTwo } from './frontier-tables';

const engine: Engine = {
  async call<K extends RequestKind>(kind: K) {
    const outs = { openDevice: { device: 'wasm', reason: '', description: '' }, openModel: exampleModel };
    const out: unknown = kind in outs ? outs[kind as keyof typeof outs] : kind === 'checkPairs' ? [] : null;
    return (kind === 'modelTokens' ? { specialTokens: [], eosToken: null } : out) as Requests[K]['out'];
  },
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

/** Policies that answer well with these shares, the reference first, at 0.5 nats a beta more than that costs. */
function sweepOf(blocks = Infinity): Sweep {
  const shares = [0.5, 0.88, 0.88, 0.6];
  const sweep: Sweep = {
    ...{ at: '2026-11-30', modelName: 'tiny', fingerprint: 'f', precision: 'float32', datasetId: 'main' },
    ...{ dataset: 'Pumps', job: { method: 'dpo', config: { loss_type: ['sigmoid'] } }, betas: [0.1, 0.3, 1] },
    ...{ runs: ['a', 'b', 'c'], startFrom: null, reference: null, reward: { scorer: 'sentiment' } },
    prompts: Array.from({ length: 48 }, (_, index) => `Prompt ${index}`),
    rightAnswers: Array.from({ length: 48 }, () => null),
    sampling: { maxNewTokens: 8, seed: 0, answers: 4, referenceAnswers: 16 },
    ...{ answered: [], judgements: [] },
  };
  const random = new Random(3);
  const answered = Array.from({ length: Math.min(blocks, countBlocks(sweep)) }, (_, index) => {
    const { policy, prompts } = blockAt(index, sweep);
    const q = shares[policy] ?? 0;
    return prompts.map(() =>
      Array.from({ length: answersEach(sweep, policy) }, () => {
        const isGood = random.uniform() < q;
        const ratio = policy === 0 ? 0 : Math.log((isGood ? q : 1 - q) / 0.5) + (policy === 1 ? 2 : 0.1);
        return {
          text: isGood ? 'It was great.' : 'It was <b>awful</b>.',
          isCut: false,
          reward: Number(isGood),
          logRatio: ratio,
        };
      }),
    );
  });
  return { ...sweep, answered };
}

let disk: Map<string, unknown>;

async function open(sweep: Sweep | null, runs: readonly string[] = ['a', 'b', 'c']): Promise<Studio> {
  const storage = createStorage(mapKeyValue(disk));
  await storage.writeSweep({ form: initialSweepForm, sweep }, undefined);
  for (const [index, id] of runs.entries())
    await storage.writeRun({ ...exampleRun, id, name: `dpo-${index + 1}`, modelFingerprint: 'f' });
  const studio = await openTestStudio({ engine, storage });
  await studio.model.getState().openDirectory('tiny', []);
  return studio;
}

/** The page as the stores stand: React on a server shows what a store began with. */
function render(studio: Studio): string {
  const still = Object.fromEntries(
    Object.entries(studio).map(([name, store]) => [name, createStore(() => store.getState() as object)]),
  ) as unknown as Studio;
  return renderToStaticMarkup(
    <StudioContext value={still}>
      <FrontierSection />
    </StudioContext>,
  );
}

/** What a reader sees, without marks. */
const wordsOf = (html: string): string =>
  html
    .replace(/<[^>]*>/g, ' ')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/\s+/g, ' ');

beforeEach(() => {
  disk = new Map();
});

describe('the section of the frontier', () => {
  it('says before the first pairs what to do next', async () => {
    const words = wordsOf(render(await open(null, [])));
    expect(words).toContain('There are no pairs to train on. Import some under Data.');
    expect(words).not.toContain('Measure the time');
  });

  it('tells which beta suits best, draws a point a run with its curves, and has each number with its interval', async () => {
    const html = render(await open(sweepOf()));
    const words = wordsOf(html);
    expect(words).toMatch(/Beta 0\.3 suits best: .* Reward 0\.\d\d \(0\.\d\d to 0\.\d\d\), \+0\.\d\d \(/);
    expect(html.match(/class="frontier-point/g)).toHaveLength(4);
    expect(html.match(/class="frontier-line" (?:stroke-dasharray="5 4" )?d="M[\d.]+ [\d.]+L/g)).toHaveLength(2);
    const rows = html.split('<tr data-policy=').slice(1, 5).map(wordsOf);
    expect(rows[1]).toMatch(
      /Beta 0\.1 dpo-1 0\.9\d \(0\.\d\d to \d\.\d\d\) \+0\.\d\d \(\+0\.\d\d to \+0\.\d\d\) 2\.\d\d \(/,
    );
    // Half of the answers are good: 0.75 log 1.5 + 0.25 log 0.5 = 0.13 nats, and less among 16 answers of a prompt.
    expect(words).toMatch(/Best of 2 0\.7\d \([^)]*\) 0\.1[0-4] \(at most 0\.19\)/);
    expect(html).toContain('href="#/train/run-b"');
    expect(words).not.toContain('Go on');
    expect(words).not.toMatch(/NaN|undefined|null/);
  });

  it('says in one sentence which policies were cut off, and writes no sign before what rounds to nothing', async () => {
    const whole = sweepOf();
    const answered = whole.answered.map((block) =>
      block.map((answers) => answers.map((answer, at) => ({ ...answer, isCut: at === 0 }))),
    );
    const words = wordsOf(render(await open({ ...whole, answered })));
    expect(words).toContain('cut off at the longest length: 25% of Beta 0.1, 25% of Beta 0.3, 25% of Beta 1. Their');
    expect([-0.004, 0.004, -1.5, 1.5].map(inTwo)).toEqual(['0.00', '0.00', '−1.50', '1.50']);
    expect([-0.004, 0, -1.5, 1.5].map(signedInTwo)).toEqual(['0.00', '0.00', '−1.50', '+1.50']);
  });

  it('says what is left of one that was stopped, and that its verdict is of a part', async () => {
    const words = wordsOf(render(await open(sweepOf(13), ['a', 'b'])));
    expect(words).toContain('1 run and 352 answers to go.');
    // One run is no choice.
    expect(words).not.toContain('suits best');
    expect(words.match(/trained|waits/g)).toEqual(['trained', 'waits']);
    disk = new Map();
    const two = wordsOf(render(await open(sweepOf(18))));
    expect(two).toContain('Beta 0.3 suits best');
    expect(two).toContain('So far; not all runs are measured.');
  });

  it('names runs that were deleted, too few prompts, and answers without a score', async () => {
    const whole = sweepOf();
    const few = {
      ...whole,
      prompts: whole.prompts.slice(0, 8),
      answered: [0, 6, 12, 18].map((at) => whole.answered[at]!),
    };
    const unscored = few.answered.map((block, at) =>
      at === 1 ? block.map(([first, ...rest]) => [{ ...first!, reward: null }, ...rest]) : block,
    );
    const words = wordsOf(render(await open({ ...few, answered: unscored }, ['b', 'c'])));
    expect(words).toContain('Beta 0.1 deleted');
    expect(words).toContain('Only 8 prompts:');
    expect(words).toContain('8 answers could not be scored');
  });
});
