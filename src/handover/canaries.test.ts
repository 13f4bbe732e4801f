/**
 * @file Canaries on the real engine: what they hold, what they do not, progress and cancelling. That PEFT gives the
 * same numbers, and what a server is told by them, is in tools/interop/test_check_server.py.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { parsePairs } from '../data/parse-pairs';
import { uploadAdapter } from '../engine/device-adapter';
import { readPeftAdapter, type LoraAdapter } from '../formats/peft';
import { scaleLora } from '../models/lora';
import { encodePair } from '../text/encode-pair';
import { RowRunner } from '../training/row-runner';
import { computeLogps } from '../training/trainer';
import { makeCanaries, scoreCanaries, type CanaryRequest } from './canaries';
import { filesOf, openTinyLlama, type TinyLlama } from './open-tiny-llama';

const { pairs } = parsePairs(readFileSync('fixtures/pairs.jsonl', 'utf8'), 'pairs.jsonl');

interface Scores {
  readonly sum: number;
  readonly logprobs: readonly number[];
}

interface CanaryFile {
  readonly source: string;
  readonly probes: { readonly texts: readonly unknown[]; readonly template: { readonly ids: number[] } | null };
  readonly canaries: readonly {
    readonly ids: readonly number[];
    readonly first: number;
    readonly base: Scores;
    readonly adapter: Scores;
    readonly scaled: readonly { readonly strength: number; readonly logprobs: readonly number[] }[];
    readonly greedy: { readonly base: readonly number[]; readonly adapter: readonly number[] };
  }[];
}

let tiny: TinyLlama;
let adapter: LoraAdapter;

beforeAll(async () => {
  tiny = await openTinyLlama();
  adapter = scaleLora(await readPeftAdapter(filesOf('fixtures/golden/tiny-llama/init-adapter')), 4);
}, 300_000);

afterAll(() => tiny.close());

async function make(request: Partial<CanaryRequest> = {}) {
  const made = await makeCanaries(tiny, { adapter, count: 4, pairs: null, ...request });
  return { ...made, file: JSON.parse(made.text) as CanaryFile };
}

/** Log-probabilities of the canaries' completions by a pass of their own. */
async function scoresUnder({ canaries }: CanaryFile, under: LoraAdapter | null): Promise<number[][]> {
  const runner = new RowRunner(tiny.opened.model);
  const device = under && uploadAdapter(tiny.opened.model, under);
  const items = canaries.map(({ ids, first }) => ({ promptIds: ids.slice(0, first), completions: [ids.slice(first)] }));
  const rows = await computeLogps(runner, items, device);
  device?.dispose();
  await runner.dispose();
  return rows.map(({ chosen }) => [...chosen]);
}

const apart = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...one.map((value, i) => Math.abs(value - (other[i] ?? NaN))));

it('hold what base, adapter and the adapter at other scales give each token', async () => {
  const { file, report } = await make();
  expect(file.canaries).toHaveLength(4);
  expect(report).toMatchObject({ count: 4, source: 'answers', precision: 'float32' });
  const [byBase, byAdapter] = [await scoresUnder(file, null), await scoresUnder(file, adapter)];
  file.canaries.forEach(({ base, adapter: tuned, ids, first }, i) => {
    expect(base.logprobs).toHaveLength(ids.length - first);
    expect(apart(base.logprobs, byBase[i] ?? [])).toBeLessThan(1e-4);
    expect(apart(tuned.logprobs, byAdapter[i] ?? [])).toBeLessThan(1e-4);
    expect(base.sum).toBeCloseTo(
      base.logprobs.reduce((sum, logp) => sum + logp, 0),
      3,
    );
  });
  const { scaled } = file.canaries[0] as CanaryFile['canaries'][number];
  expect(scaled.map(({ strength }) => strength)).toEqual(expect.arrayContaining([0.5, 2]));
  for (const { strength, logprobs } of scaled) {
    const wanted = (await scoresUnder(file, scaleLora(adapter, strength)))[0] ?? [];
    expect(apart(logprobs, wanted)).toBeLessThan(1e-4);
    expect(apart(logprobs, byAdapter[0] ?? [])).toBeGreaterThan(0.01);
  }
});

it('are the sequences that differ most clearly, and say by how much', async () => {
  const [{ file: few, report }, { file: many }] = [await make(), await make({ count: 16 })];
  const distances = (file: CanaryFile): number[] =>
    file.canaries.map(({ base, adapter: tuned }) =>
      base.logprobs.reduce((sum, logp, t) => sum + Math.abs((tuned.logprobs[t] as number) - logp), 0),
    );
  const tokensOf = (file: CanaryFile): number[] => file.canaries.map(({ base }) => base.logprobs.length);
  const clarities = (file: CanaryFile): number[] =>
    distances(file).map((distance, i) => distance / Math.sqrt(tokensOf(file)[i] as number));
  const all = clarities(many);
  expect(all).toEqual(all.toSorted((a, b) => b - a));
  clarities(few).forEach((clarity, i) => expect(clarity).toBeCloseTo(all[i] as number, 3));
  const [total, tokens] = [distances(few), tokensOf(few)].map((list) => list.reduce((sum, value) => sum + value, 0));
  expect(report.meanDifference).toBeCloseTo((total as number) / (tokens as number), 4);
});

it('hold nothing of a pair unless pairs are given', async () => {
  const ofPairs = pairs.map((pair) => {
    const outcome = encodePair(pair, { ...tiny.opened, maxLength: 512 });
    if (!outcome.ok) throw new Error('a pair of the fixture does not encode');
    return [...outcome.pair.promptIds, ...outcome.pair.chosenIds.slice(0, 4)].join();
  });
  const rejected = pairs.map((pair) => {
    const outcome = encodePair(pair, { ...tiny.opened, maxLength: 512 });
    return outcome.ok ? [...outcome.pair.promptIds, ...outcome.pair.rejectedIds.slice(0, 4)].join() : '';
  });
  const begins = ({ ids }: { readonly ids: readonly number[] }) =>
    [...ofPairs, ...rejected].some((beginning) => ids.join().startsWith(beginning));
  const [own, given] = [await make(), await make({ pairs })];
  expect(own.file.canaries.some(begins)).toBe(false);
  expect(given.file.canaries.every(begins)).toBe(true);
  expect(given.report.source).toBe('pairs');
});

it('end greedy, as base and adapter go on by themselves', async () => {
  const { file } = await make();
  for (const { ids, first, greedy } of file.canaries) {
    const completion = ids.slice(first).join();
    expect([greedy.base.join(), greedy.adapter.join()]).toContain(completion);
    expect(greedy.base.join()).not.toBe(greedy.adapter.join());
  }
});

it('say that an adapter that changes nothing cannot be told from its base', async () => {
  const { report } = await make({ adapter: scaleLora(adapter, 1e-9) });
  expect(report.tellsApart).toBe(false);
  expect(report.meanDifference).toBeLessThan(1e-4);
  expect((await make()).report.tellsApart).toBe(true);
});

it('report progress up to its end, and end when they are cancelled', async () => {
  const seen: number[][] = [];
  await make({ onProgress: (done, total) => seen.push([done, total]) });
  const [done, total] = seen.at(-1) ?? [];
  expect(done).toBe(total);
  expect(seen.map(([now]) => now)).toEqual(seen.map(([now]) => now).toSorted((a = 0, b = 0) => a - b));
  const controller = new AbortController();
  const stopped = make({ signal: controller.signal, onProgress: () => controller.abort() });
  await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
});

it('say how far another checkpoint lies off: the base as far as the adapter changed it', async () => {
  const { text, report } = await make();
  const { mean, largest } = await scoreCanaries(tiny.opened, text);
  expect(mean).toBeCloseTo(report.meanDifference, 4);
  expect(largest).toBeCloseTo(report.largestDifference, 4);
});
