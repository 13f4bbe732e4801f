/** @file The review of labels over a storage in a Map, judged by the words of the answers as the worker does. */
import { beforeEach, expect, it } from 'vitest';
import { AbortError } from '../../core/errors';
import { estimateNoise } from '../../evaluation/label-doctor';
import { wordMargins } from '../../evaluation/word-judge';
import { mapKeyValue } from '../../storage/key-value';
import type { DatasetRow } from '../../storage/records';
import type { RequestKind, Requests } from '../../worker/protocol';
import type { CallOptions, Engine } from '../browser/engine-client';
import { listDoubtful, listOpen } from '../plain/data/label-review';
import { createStorage } from '../plain/records';
import { eventually } from './eventually';
import { openTestStudio } from './open-test-studio';
import type { Studio } from './studio-stores';

/** Sixty pairs told apart by a word, of which the first two are the wrong way round. */
const rows: readonly DatasetRow[] = Array.from({ length: 60 }, (_, i) => {
  const [good, bad] = [`it was good and ${i % 7}`, `it was bad and ${i % 5}`];
  const [chosen, rejected] = i < 2 ? [bad, good] : [good, bad];
  return { pair: { prompt: `p${i}`, chosen, rejected }, file: 'a', row: i + 1, scores: { chosen: 1, rejected: 0 } };
});

let disk: Map<string, unknown>;
let asked: Requests['labelMargins']['in'][];
let isHeld: boolean;

beforeEach(() => {
  disk = new Map();
  asked = [];
  isHeld = false;
});

/** Judges as the worker does, or waits until it is stopped. */
async function judge(input: Requests['labelMargins']['in'], { signal, onProgress }: CallOptions) {
  asked.push(input);
  const report = (done: number) => onProgress?.({ kind: 'labelMargins', done, total: 1000 });
  if (isHeld) {
    report(100);
    return new Promise<never>((_, reject) => signal?.addEventListener('abort', () => reject(new AbortError())));
  }
  const margins = await wordMargins(input.pairs, { signal, onProgress: (share) => report(Math.round(1000 * share)) });
  return { margins, noise: estimateNoise(margins) };
}

const engine: Engine = {
  call: ((kind: RequestKind, input: unknown, options: CallOptions = {}) =>
    kind === 'labelMargins'
      ? judge(input as Requests['labelMargins']['in'], options)
      : Promise.reject(new Error(`Nobody asks for ${kind} here.`))) as Engine['call'],
  onDown: () => () => {},
  onSilence: () => () => {},
  restart: () => {},
};

async function visit(): Promise<Studio> {
  return openTestStudio({ engine, storage: createStorage(mapKeyValue(disk)) });
}

async function begin(): Promise<Studio> {
  const storage = createStorage(mapKeyValue(disk));
  await storage.writeDataset({ rows: [...rows], split: null }, undefined);
  return visit();
}

const openOf = ({ dataset, labelReview }: Studio) => {
  const { judged, confirmed } = labelReview.getState();
  return judged === null ? null : listOpen(listDoubtful(dataset.getState().rows, judged), confirmed).open;
};
const wrongIn = (studio: Studio) =>
  openOf(studio)
    ?.wrong.map(({ index }) => index)
    .sort();
const rowAt = ({ dataset }: Studio, index: number) => dataset.getState().rows[index]!;

it('judges by words, and keeps judgement and decisions over a reload without changing a pair unasked', async () => {
  const studio = await begin();
  await studio.labelReview.getState().start();
  expect(studio.labelReview.getState()).toMatchObject({
    judging: null,
    failure: null,
    judged: { by: 'words', pairs: 60 },
  });
  expect(wrongIn(studio)).toEqual([0, 1]);
  expect(studio.dataset.getState().rows).toEqual(rows);

  await studio.labelReview.getState().decide(rowAt(studio, 0), 'keep');
  await studio.labelReview.getState().decide(rowAt(studio, 1), 'flip');
  expect(rowAt(studio, 1)).toMatchObject({
    pair: { chosen: rows[1]!.pair.rejected, rejected: rows[1]!.pair.chosen },
    scores: { chosen: 0, rejected: 1 },
  });
  const again = await visit();
  expect(wrongIn(again)).toEqual([]);
  expect(again.labelReview.getState().judged).toEqual(studio.labelReview.getState().judged);
  expect(again.labelReview.getState().confirmed).toHaveLength(2);
  expect(again.dataset.getState().rows[0]).toEqual(rows[0]);
});

it('goes along with a data set that is duplicated, and is each set’s own from there on', async () => {
  const studio = await begin();
  const { labelReview, dataset } = studio;
  await labelReview.getState().start();
  await labelReview.getState().decide(rowAt(studio, 0), 'keep');
  const { judged, confirmed } = labelReview.getState();
  const first = dataset.getState().openId;
  await dataset.getState().duplicateSet('copy');
  await eventually(() => expect(wrongIn(studio)).toEqual([1]));
  expect(dataset.getState().openId).not.toBe(first);
  expect(labelReview.getState()).toMatchObject({ judged, confirmed });
  await labelReview.getState().decide(rowAt(studio, 1), 'keep');
  expect(wrongIn(studio)).toEqual([]);
  await dataset.getState().openSet(first);
  await eventually(() => expect(wrongIn(studio)).toEqual([1]));
});

it('takes decisions back, the last first, and so does the undo of the pairs', async () => {
  const studio = await begin();
  const { labelReview, dataset } = studio;
  await labelReview.getState().start();
  await labelReview.getState().decide(rowAt(studio, 0), 'drop');
  await labelReview.getState().decide(rowAt(studio, 0), 'keep');
  expect(dataset.getState().rows).toHaveLength(59);
  expect(wrongIn(studio)).toEqual([]);
  await labelReview.getState().undo();
  expect(wrongIn(studio)).toEqual([0]);
  await labelReview.getState().undo();
  expect(dataset.getState().rows).toEqual(rows);
  expect(wrongIn(studio)).toEqual([0, 1]);
  await labelReview.getState().undo();
  expect(dataset.getState().rows).toEqual(rows);

  await labelReview.getState().decide(rowAt(studio, 1), 'flip');
  await dataset.getState().undo();
  expect(dataset.getState().rows).toEqual(rows);
  expect(wrongIn(studio)).toEqual([0, 1]);
  // A row that is no longer there is not decided of.
  const gone = rowAt(studio, 0);
  await dataset.getState().remove(0);
  await labelReview.getState().decide(gone, 'flip');
  expect(dataset.getState().rows).toHaveLength(59);
});

it('forgets with a decision what followed from it: no label that is not there is settled', async () => {
  const studio = await begin();
  const { labelReview, dataset } = studio;
  await labelReview.getState().start();
  await labelReview.getState().decide(rowAt(studio, 0), 'flip');
  expect(labelReview.getState().confirmed).toHaveLength(1);
  await labelReview.getState().undo();
  expect(dataset.getState().rows).toEqual(rows);
  expect(labelReview.getState().confirmed).toEqual([]);
  // What was let stand before it was turned round stands again.
  await labelReview.getState().decide(rowAt(studio, 0), 'keep');
  const kept = labelReview.getState().confirmed;
  await labelReview.getState().decide(rowAt(studio, 0), 'flip');
  await labelReview.getState().undo();
  expect(labelReview.getState().confirmed).toEqual(kept);
});

it('is stopped, and given up where another data set is opened', async () => {
  const studio = await begin();
  const { labelReview, dataset } = studio;
  isHeld = true;
  const judging = labelReview.getState().start();
  await eventually(() => expect(labelReview.getState().judging).toMatchObject({ done: 100, total: 1000 }));
  expect(studio.engineTime.getState().foreground).toEqual(['judgingLabels']);
  labelReview.getState().stop();
  await judging;
  expect(labelReview.getState()).toMatchObject({ judging: null, judged: null, failure: null });

  const second = labelReview.getState().start();
  await eventually(() => expect(asked).toHaveLength(2));
  await dataset.getState().newSet('other');
  await second;
  await eventually(() => expect(labelReview.getState().datasetId).toBe(dataset.getState().openId));
  expect(labelReview.getState()).toMatchObject({ judging: null, judged: null });
});

it('says why the labels cannot be judged, and asks nothing of a judge that is not there', async () => {
  const studio = await begin();
  const { labelReview, dataset } = studio;
  labelReview.getState().setJudge('form');
  await labelReview.getState().start();
  expect(asked).toEqual([]);
  await dataset.getState().removeRows(new Set(dataset.getState().rows.slice(5)));
  labelReview.getState().setJudge('words');
  await labelReview.getState().start();
  expect(labelReview.getState().failure).toMatchObject({ sentence: { code: 'wordJudgeTooFew' } });
});
