import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random';
import type { LoadedModel } from '../engine/loaded-model';
import { wrapAdapter } from '../engine/device-adapter';
import { buildRandomModel } from '../engine/random-model';
import { layoutLora } from '../models/lora';
import { Float64Executor } from '../runtime/float64-executor';
import type { PromptedCompletions } from './packing';
import {
  bucketLength,
  countTargets,
  gatherByPrompt,
  groupIntoRows,
  packRow,
  packedLength,
  piecesOf,
  sequenceLengths,
} from './packing';
import { RowRunner } from './row-runner';
import { splitLogps } from './trainer';

describe('packRow', () => {
  const row = packRow([
    { promptIds: [10, 11], completions: [[20, 21, 22], [30]] },
    { promptIds: [12], completions: [[23, 24]] },
  ]);

  it('holds the prompt once and no last completion token', () => {
    expect([...row.tokens.subarray(0, row.used)]).toEqual([10, 11, 20, 21, 12, 23]);
    expect([...row.pair.subarray(0, row.used)]).toEqual([0, 0, 0, 0, 1, 1]);
    expect([...row.branch.subarray(0, row.used)]).toEqual([0, 0, 1, 1, 0, 1]);
    expect([...row.position.subarray(0, row.used)]).toEqual([0, 1, 2, 3, 0, 1]);
  });

  it('predicts every completion token from the one before it, the first from the end of the prompt', () => {
    expect([...row.targets]).toEqual([20, 21, 22, 30, 23, 24]);
    expect([...row.rows]).toEqual([1, 2, 3, 1, 4, 5]);
    expect(row.segments).toEqual([
      { item: 0, completion: 0, start: 0, length: 3 },
      { item: 0, completion: 1, start: 3, length: 1 },
      { item: 1, completion: 0, start: 4, length: 2 },
    ]);
  });

  it('does not score the first token where there is no prompt', () => {
    const unprompted = packRow([{ promptIds: [], completions: [[5, 6, 7]] }]);
    expect([...unprompted.targets]).toEqual([6, 7]);
    expect([...unprompted.rows]).toEqual([0, 1]);
    expect(countTargets({ promptIds: [], completions: [[5, 6, 7]] })).toBe(2);
  });

  it('counts what is scored: each completion token after a prompt, of every completion', () => {
    expect(countTargets({ promptIds: [1], completions: [[5, 6, 7], [8]] })).toBe(4);
    expect(countTargets({ promptIds: [], completions: [[5, 6, 7], [8], []] })).toBe(2);
  });

  it('tells each token how long the longer sequence of its pair is, and padding nothing', () => {
    // Two prompt tokens and three completion tokens, the last of which is not in the row; then one and two.
    expect([...sequenceLengths(row)]).toEqual([5, 5, 5, 5, 3, 3, ...Array<number>(10).fill(0)]);
  });

  it('marks padding as no pair', () => {
    expect(row.T).toBe(16);
    expect(new Set(row.pair.subarray(row.used))).toEqual(new Set([-1]));
  });
});

describe('a row whose items share prompts and completions', () => {
  const promptIds = [10, 11];
  const answers = [
    [20, 21, 22],
    [30, 31],
    [40, 41, 42, 43],
  ];
  const [a, b, c] = answers as [number[], number[], number[]];

  it('holds both once, and gives every item its stretch', () => {
    const row = packRow([
      { promptIds, completions: [a, b] },
      { promptIds: [...promptIds], completions: [c, a] },
      { promptIds, completions: [[...b], c] },
      { promptIds: [12], completions: [a, b] },
    ]);
    expect([...row.tokens.subarray(0, row.used)]).toEqual([10, 11, 20, 21, 30, 40, 41, 42, 12, 20, 21, 30]);
    expect([...row.pair.subarray(0, row.used)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1]);
    expect([...row.branch.subarray(0, row.used)]).toEqual([0, 0, 1, 1, 2, 3, 3, 3, 0, 1, 1, 2]);
    expect([...row.position.subarray(0, row.used)]).toEqual([0, 1, 2, 3, 2, 2, 3, 4, 0, 1, 2, 1]);
    expect([...row.targets]).toEqual([...a, ...b, ...c, ...a, ...b]);
    expect(row.segments.map(({ start, length }) => [start, length])).toEqual([
      [0, 3],
      [3, 2],
      [5, 4],
      [0, 3],
      [3, 2],
      [5, 4],
      [9, 3],
      [12, 2],
    ]);
  });

  it('gives a long group of answers copies of its prompt, so that attention stays short', () => {
    // The room behind 4 tokens is the root of 4 (2,000 + 4), 89 tokens: four answers of 20 in the row.
    const long = Array.from({ length: 10 }, (_, i) => new Array<number>(21).fill(i));
    const items = long.map((ids) => ({ promptIds: [1, 2, 3, 4], completions: [ids] }));
    const row = packRow(items);
    expect(row.used).toBe(3 * 4 + 10 * 20);
    expect(new Set(row.pair.subarray(0, row.used)).size).toBe(3);
    // What stands behind another copy is found again.
    const pair = { promptIds: [1, 2, 3, 4], completions: [long[0] as number[], long[9] as number[]] };
    expect(packedLength(...items, pair)).toBe(row.used);
  });

  it('costs N answers for all their pairs, and rows count so', () => {
    const pairs = answers.flatMap((better) =>
      answers.filter((worse) => worse !== better).map((worse) => ({ promptIds, completions: [better, worse] })),
    );
    expect(packedLength(...pairs)).toBe(2 + 2 + 1 + 3);
    expect(groupIntoRows(pairs, 8)).toEqual([pairs]);
    // A row that has no room for all of them leaves them to the next; where none has, they are split.
    const before = { promptIds: [1], completions: [[2, 3, 4]] };
    expect(groupIntoRows([before, ...pairs], 10)).toEqual([[before], pairs]);
    const split = groupIntoRows(pairs, 7);
    expect(split.flat()).toEqual(pairs);
    expect(split.length).toBeGreaterThan(1);
    expect(Math.max(...split.map((row) => packedLength(...row)))).toBeLessThanOrEqual(7);
  });

  it('shares only between neighbours, which gathering makes of all', () => {
    const items = [[1], [2], [1]].map((ids, i) => ({ promptIds: ids, completions: [[5, i]] }));
    expect(packedLength(...items)).toBe(6);
    const gathered = gatherByPrompt(items);
    expect(gathered.map((item) => items.indexOf(item))).toEqual([0, 2, 1]);
    expect(packedLength(...gathered)).toBe(5);
  });
});

describe('bucketLength', () => {
  it('pads by a sixteenth at most beyond 256 tokens and has few values', () => {
    const lengths = Array.from({ length: 2000 }, (_, i) => i + 1);
    for (const length of lengths) {
      expect(bucketLength(length)).toBeGreaterThanOrEqual(length);
      expect(bucketLength(length) - length).toBeLessThanOrEqual(Math.max(15, length / 16));
    }
    expect(new Set(lengths.map(bucketLength)).size).toBeLessThan(96);
  });
});

describe('piecesOf', () => {
  it('cuts a long row into fewer pieces on WebGPU', () => {
    const row = packRow([{ promptIds: new Array<number>(1500).fill(1), completions: [] }]);
    expect([piecesOf(row, 'wasm').length, piecesOf(row, 'webgpu').length]).toEqual([8, 4]);
  });

  it('covers every key that a query may see, and little more', () => {
    const row = packRow(
      [100, 100, 60, 150].map((tokens, i): PromptedCompletions => ({
        promptIds: new Array<number>(tokens).fill(i),
        completions: [],
      })),
    );
    const pieces = piecesOf(row, 'wasm');
    expect(pieces.map(({ from }) => from)).toEqual([0, ...pieces.slice(0, -1).map(({ to }) => to)]);
    expect(pieces.at(-1)?.to).toBe(row.T);
    for (const { from, to, keys } of pieces) {
      const first = Math.min(...Array.from(row.pair.subarray(from, to), (pair) => row.pair.indexOf(pair)));
      expect(keys).toBeLessThanOrEqual(first);
      expect(keys).toBeGreaterThan(first - 64);
    }
    expect(pieces.map(({ keys }) => keys)).toEqual([0, 64, 192, 256]);
  });
});

describe('groupIntoRows', () => {
  it('keeps the order and the capacity, and gives a long item a row of its own', () => {
    const items = [30, 30, 90, 10, 50].map((tokens, i): PromptedCompletions => ({
      promptIds: new Array<number>(tokens).fill(i),
      completions: [],
    }));
    const rows = groupIntoRows(items, 64);
    expect(rows.flat()).toEqual(items);
    expect(rows.map((row) => row.map((item) => packedLength(item)))).toEqual([[30, 30], [90], [10, 50]]);
    const fives = Array.from({ length: 5 }, (_, i) => ({ promptIds: [1, 1, 1, 1, i], completions: [] }));
    expect(groupIntoRows(fives, 10).map((row) => row.length)).toEqual([2, 2, 1]);
    expect(groupIntoRows(fives, 9).map((row) => row.length)).toEqual([1, 1, 1, 1, 1]);
  });
});

describe('a data set whose items all have the same prompt', () => {
  it.each([{ promptIds: [] }, { promptIds: [7, 8] }])(
    'is laid into rows however many they are, $promptIds',
    (prompt) => {
      const items = Array.from({ length: 150_000 }, (_, i) => ({
        ...prompt,
        completions: [[i % 500, Math.floor(i / 500), 1]],
      }));
      const rows = groupIntoRows(gatherByPrompt(items), 512);
      expect(rows.flat()).toHaveLength(items.length);
      expect(Math.max(...rows.map((row) => packRow(row).used))).toBeLessThanOrEqual(512);
    },
  );
});

describe('the shared prompt, in float64', () => {
  let model: LoadedModel;
  beforeAll(async () => {
    model = await buildRandomModel('tiny', new Float64Executor());
  });

  /** Log-probs of both completions and the gradient of a fixed combination of them. */
  async function run(
    rows: PromptedCompletions[][],
    seeds: readonly number[],
  ): Promise<{ logps: number[]; gradient: number[] }> {
    const { architecture, config } = model.shape;
    const layout = layoutLora(architecture, config, {
      r: 2,
      lora_alpha: 2,
      target_modules: ['q_proj', 'k_proj', 'v_proj', 'down_proj'],
    });
    const random = new Random(3);
    const tensors = model.blocks.map(() =>
      model.executor.upload(
        Float64Array.from({ length: layout.size }, () => 0.3 * random.normal()),
        [layout.size],
      ),
    );
    const runner = new RowRunner(model);
    let gradients = model.blocks.map(() => model.executor.upload(new Float64Array(layout.size), [layout.size]));
    const logps: number[] = [];
    for (const items of rows) {
      const row = packRow(items);
      const tape = await runner.forwardSaving(row, wrapAdapter(layout, tensors));
      logps.push(
        ...splitLogps(row, items.length, tape.logps).flatMap(({ chosen, rejected }) => [...chosen, ...rejected]),
      );
      gradients = await runner.backward(
        tape,
        Float64Array.from(tape.logps, (_, i) => seeds[logps.length - tape.logps.length + i] as number),
        gradients,
      );
      tape.dispose();
    }
    const gradient = (await Promise.all(gradients.map((tensor) => model.executor.read(tensor)))).flatMap((values) => [
      ...values,
    ]);
    return { logps, gradient };
  }

  it('gives the log-probs and gradients of separate sequences, within 1e-5', async () => {
    const promptIds = [5, 17, 300, 42, 8];
    const [chosen, rejected] = [
      [9, 10, 11, 3],
      [400, 2, 77],
    ] as [number[], number[]];
    const other = { promptIds: [7, 8], completions: [[100, 101], [33]] };
    const seeds = [0.3, -1, 0.5, 2, 0.7, -0.2, 1.1, 0.4, -0.6, 0.9];
    const packed = await run([[{ promptIds, completions: [chosen, rejected] }, other]], seeds);
    const separate = await run(
      [
        [{ promptIds, completions: [chosen] }],
        [{ promptIds, completions: [rejected] }],
        [{ promptIds: other.promptIds, completions: [[100, 101]] }],
        [{ promptIds: other.promptIds, completions: [[33]] }],
      ],
      seeds,
    );
    packed.logps.forEach((logp, i) => expect(Math.abs(logp - (separate.logps[i] as number))).toBeLessThan(1e-5));
    const norm = Math.hypot(...separate.gradient);
    expect(norm).toBeGreaterThan(0.1);
    expect(
      Math.hypot(...packed.gradient.map((value, i) => value - (separate.gradient[i] as number))) / norm,
    ).toBeLessThan(1e-5);
  });

  it('gives the same for rows in pieces, which look back no further than their pairs', async () => {
    const random = new Random(5);
    const ids = (count: number): number[] => Array.from({ length: count }, () => random.integer(512));
    const items = [40, 31, 60, 25].map((length) => ({ promptIds: ids(length), completions: [ids(20), ids(12)] }));
    expect(piecesOf(packRow(items), 'interpreter').map(({ keys }) => keys)).toEqual([0, 48, 96]);
    const seeds = Array.from({ length: 4 * 32 }, () => random.normal());
    const together = await run([items], seeds);
    const alone = await run(
      items.map((item) => [item]),
      seeds,
    );
    together.logps.forEach((logp, i) => expect(Math.abs(logp - (alone.logps[i] as number))).toBeLessThan(1e-9));
    const norm = Math.hypot(...alone.gradient);
    expect(
      Math.hypot(...together.gradient.map((value, i) => value - (alone.gradient[i] as number))) / norm,
    ).toBeLessThan(1e-9);
  });
});
