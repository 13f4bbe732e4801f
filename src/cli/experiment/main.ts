/**
 * @file `npm run experiment -- TASK`: the paper's three experiments in small, headless, on the starter model.
 * Writes TASK.json, TASK.md (tables) and charts as SVG. Everything is seeded.
 */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../../core/errors';
import type { PreferencePair, ScoredPair } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { uploadAdapter } from '../../engine/device-adapter';
import type { OpenedModel } from '../../engine/open-model';
import { starterReward, type Reward } from '../../evaluation/reward';
import type { LoraAdapter } from '../../formats/peft';
import { DecodeEngine } from '../../generation/decode-engine';
import { drawAnswers, judgeEach } from '../../generation/drawn-answers';
import type { RunConfig } from '../../run/config';
import { isOnPolicyMethod } from '../../run/objectives';
import type { EncodedPair } from '../../text/encode-pair';
import { encodeDataset } from '../../training/encode-dataset';
import { encodePrompts } from '../../training/encode-prompts';
import { RowRunner } from '../../training/row-runner';
import { train } from '../../training/trainer';
import { readTextFile, writeFiles } from '../node-files';
import { openModelDirectory } from '../session';
import { readPairs } from '../pair-files';
import type { Bench, Prompt, Task, WinPoint } from './evaluate';
import { judges, lastText, measureReward, measureWins, sampleAnswers } from './evaluate';
import type { SweepOptions } from './methods';
import { families, listTrials, referenceConfig } from './methods';
import { drawJudged, pairsOfPool, readPrompts, type JudgedAnswer } from './pool';
import type { Results, Row } from './report';
import { filesOf, tableOf } from './report';
import { print, say } from '../terminal';
import { numbers, runMain } from './run-main';

interface Options {
  readonly model: string;
  readonly data: string;
  readonly out: string;
  readonly seeds: readonly number[];
  readonly methods: readonly string[];
  readonly betas: readonly number[];
  readonly alphas: readonly number[];
  readonly prompts: number;
  readonly steps: number;
  readonly evalSteps: number;
  readonly batch: number;
  readonly learningRate: number;
  readonly temperatures: readonly number[];
  readonly maxNewTokens: number;
  readonly pool?: string;
  readonly on: 'dev' | 'test';
  readonly poolPrompts: number;
  readonly answers: number;
  readonly layers: readonly number[] | null;
  readonly referenceAnswers: number;
  readonly merge?: readonly string[];
}

/** SFT targets as pairs: only `chosen` is read by SFT. */
function readTargets(path: string): PreferencePair[] {
  return readTextFile(path)
    .trim()
    .split('\n')
    .map((line) => {
      const { prompt, completion } = JSON.parse(line) as { prompt: never; completion: never };
      return { prompt, chosen: completion, rejected: completion };
    });
}

const encode = async (opened: OpenedModel, pairs: readonly PreferencePair[]): Promise<readonly EncodedPair[]> =>
  (await encodeDataset(opened, pairs, 256)).pairs;

/** What a seed's runs learn from. */
interface Lessons {
  readonly pairs: readonly EncodedPair[];
  /** What RLOO answers. */
  readonly prompts: readonly ScoredPair[];
}

const withoutAnswers = (prompt: Prompt): ScoredPair => ({ prompt, chosen: '', rejected: '' }) as ScoredPair;

/** The shipped pairs, or those that the reference's own answers to the pool's prompts make. */
async function readLessons(task: Task, options: Options, bench: Bench, draw: PoolDraw): Promise<Lessons> {
  const { opened } = bench;
  if (options.pool === undefined) {
    const pairs = await readPairs(join(options.data, task, 'train.jsonl'));
    return { pairs: await encode(opened, pairs), prompts: pairs };
  }
  const prompts = readPrompts(join(options.pool, 'train.jsonl'));
  const some = prompts.slice(0, options.poolPrompts);
  const pool = await drawPool({ ...bench, prompts: some }, draw);
  const pairs = pairsOfPool(some, pool);
  say(`seed ${draw.seed}: ${pairs.length} pairs of ${some.length * draw.answers} answers to ${some.length} prompts`);
  return { pairs: await encode(opened, pairs), prompts: prompts.map(withoutAnswers) };
}

interface PoolDraw {
  readonly reference: DeviceAdapter;
  readonly reward: Reward;
  readonly answers: number;
  readonly seed: number;
}

/** Some prompts at a time, so that what is decoded fits and progress is said. */
async function drawPool(bench: Bench, { reference, reward, answers, seed }: PoolDraw) {
  const atOnce = 64;
  const pool: (readonly JudgedAnswer[])[] = [];
  for (let start = 0; start < bench.prompts.length; start += atOnce) {
    const prompts = bench.prompts.slice(start, start + atOnce);
    // Seeds far from those of any evaluation.
    const drawn = { answers, seed: 1e6 * (seed + 1) + start * answers };
    pool.push(...(await drawJudged({ ...bench, prompts }, reference, reward, drawn)));
    say(`seed ${seed}: ${pool.length} of ${bench.prompts.length} prompts answered ${answers} times`);
  }
  return pool;
}

/** What `train` is given beside its configuration. */
function materialOf(config: RunConfig, { pairs, prompts }: Lessons, bench: Bench, reward: Reward) {
  if (!isOnPolicyMethod(config.method)) return { pairs };
  const encoded = encodePrompts(bench.opened, prompts, config.max_length);
  const sources = encoded.sources.map((source) => ({ ...source, reference: null }));
  return {
    pairs: encoded.prompts,
    answering: drawAnswers(bench.opened, bench.decoding, sources, config, judgeEach(reward.score)),
  };
}

/** Held-out prompts, and the answers that the shipped ones prefer. */
async function readHeldOut(task: Task, { data, pool, on, prompts }: Options) {
  if (pool !== undefined) return { prompts: readPrompts(join(pool, `${on}.jsonl`)).slice(0, prompts), chosen: [] };
  const pairs = (await readPairs(join(data, task, 'eval.jsonl'))).slice(0, prompts);
  return {
    prompts: pairs.map(({ prompt }) => prompt as Prompt),
    chosen: pairs.map(({ chosen }) => lastText(chosen as Prompt)),
  };
}

async function runSeed(task: Task, options: Options, opened: OpenedModel, seed: number): Promise<Row[]> {
  const heldOut = await readHeldOut(task, options);
  const targets = await encode(opened, readTargets(join(options.data, task, 'sft.jsonl')));
  const bench: Bench = {
    opened,
    decoding: new DecodeEngine(opened.model),
    runner: new RowRunner(opened.model),
    prompts: heldOut.prompts,
    maxNewTokens: options.maxNewTokens,
  };
  const reward = starterReward(task);
  const sweep: SweepOptions = { ...options, seed };
  say(`seed ${seed}: SFT on ${targets.length} targets`);
  const sft: LoraAdapter = (await train(opened.model, { config: referenceConfig(sweep), pairs: targets })).adapter;
  const reference = uploadAdapter(opened.model, sft);
  const opponents = new Map<number, Awaited<ReturnType<typeof sampleAnswers>>>();
  // The reference's own answers draw with other seeds than the policies', so that equal policies are not equal answers.
  if (task !== 'sentiment')
    for (const temperature of options.temperatures)
      opponents.set(temperature, await sampleAnswers(bench, reference, temperature, 7000 + 1000 * seed));

  const evaluate = async (adapter: DeviceAdapter | null): Promise<Pick<Row, 'reward' | 'wins'>> => {
    if (task === 'sentiment') return { reward: await measureReward(bench, adapter, reference, 1000 * seed) };
    const wins: WinPoint[] = [];
    for (const [temperature, answers] of opponents) {
      wins.push(
        await measureWins(bench, adapter, {
          judge: judges[task],
          opponents: { reference: answers, chosen: heldOut.chosen },
          temperature,
          seed: 1000 * seed,
        }),
      );
    }
    return { wins };
  };

  const samples =
    task === 'sentiment' && options.referenceAnswers > 1
      ? await drawJudged(bench, reference, reward, { answers: options.referenceAnswers, seed: 5e8 + 1e6 * seed })
      : null;
  const rows: Row[] = [
    { family: 'Base', setting: '', seed, step: 0, ...(await evaluate(null)) },
    {
      ...{ family: 'SFT', setting: 'reference', seed, step: 0, ...(await evaluate(reference)) },
      ...(samples && { samples: samples.map((answers) => answers.map(({ reward: worth }) => worth ?? NaN)) }),
    },
  ];
  const lessons = await readLessons(task, options, bench, { reference, reward, answers: options.answers, seed });
  for (const { family, setting, config } of listTrials(task, sweep)) {
    say(`seed ${seed}: ${family}, ${setting}`);
    await train(opened.model, {
      ...{ config, initAdapter: sft, ...materialOf(config, lessons, bench, reward) },
      onStep: async (step, adapter) => {
        const isLast = step === config.max_steps;
        if (isLast || (task === 'sentiment' && step % options.evalSteps === 0))
          rows.push({ family, setting, seed, step, ...(await evaluate(adapter)) });
      },
    });
  }
  reference.dispose();
  await bench.runner.dispose();
  await bench.decoding.dispose();
  return rows;
}

/** What changes the numbers, and not where they lie. */
const settingsOf = (options: Options): Partial<Options> =>
  Object.fromEntries(
    Object.entries(options).filter(([name]) => !['out', 'merge', 'model', 'data', 'pool'].includes(name)),
  );

/** Joins what several runs measured, say one a seed, into one report. */
function merge(task: Task, { merge: directories = [], out }: Options): void {
  const parts = directories.map((directory) => JSON.parse(readTextFile(join(directory, `${task}.json`))) as Results);
  const results = {
    task,
    options: parts.map(({ options }) => settingsOf(options as Options)),
    rows: parts.flatMap(({ rows }) => rows),
  };
  writeFiles(out, filesOf(results));
  print(`${tableOf(results)}\n`);
}

async function main(): Promise<void> {
  const program = new Command('experiment')
    .argument('<task>', 'sentiment, summarization or dialogue')
    .option('--model <dir>', 'checkpoint', 'public/starter/model')
    .option('--data <dir>', 'directory with TASK/{train,eval,sft}.jsonl', 'public/starter')
    .option('--out <dir>', 'where the report goes', 'docs/experiments')
    .option('--seeds <list>', 'of sampling and of the adapter', numbers, [1, 2])
    .option(
      '--methods <list>',
      `some of ${families.join('; ')}, with semicolons between them`,
      (text: string) => text.split(/; */),
      ['Preferred-FT', 'Unlikelihood', 'DPO'],
    )
    .option('--betas <list>', 'of DPO', numbers, [0.1, 0.5, 1, 3])
    .option('--alphas <list>', 'of unlikelihood', numbers, [0.1, 0.5, 1])
    .option('--temperatures <list>', 'of sampling (summarization, dialogue)', numbers, [0, 0.25, 0.5, 0.75, 1])
    .option('--prompts <n>', 'held-out prompts', Number, 128)
    .option('--steps <n>', 'optimiser steps a run', Number, 200)
    .option('--eval-steps <n>', 'steps between checkpoints (sentiment)', Number, 100)
    .option('--batch <n>', 'pairs a step', Number, 8)
    .option('--learning-rate <x>', 'of the preference methods; SFT takes a third of it', Number, 1e-3)
    .option('--pool <dir>', 'train.jsonl, dev.jsonl and test.jsonl of tools/starter/prompts.py: pairs are drawn anew')
    .addOption(
      new Option('--on <split>', "which of the pool's held-out prompts").choices(['dev', 'test']).default('dev'),
    )
    .option('--pool-prompts <n>', 'training prompts that the reference answers', Number, 4000)
    .option('--answers <n>', 'to a prompt, of the pool and of RLOO', Number, 4)
    .option('--layers <list>', 'that LoRA trains, counted from 0; all without it', numbers, null)
    .option('--reference-answers <n>', 'of the reference to a prompt, for the curves of what could be had', Number, 0)
    .option('--merge <dirs>', 'measure nothing: join the JSON of these directories into one report', (text: string) =>
      text.split(','),
    )
    .option('--max-new-tokens <n>', 'of an answer', Number, 64)
    .parse();
  const task = program.args[0] as Task;
  if (!['sentiment', 'summarization', 'dialogue'].includes(task))
    throw new UserError('experimentUnknown', { name: JSON.stringify(task) });
  const options = program.opts<Options>();
  if (options.pool !== undefined && task !== 'sentiment')
    program.error('--pool is for sentiment; the other tasks are compared with chosen answers, which a pool has not.');
  const unknown = options.methods.find((name) => !families.some((family) => family === name));
  if (unknown !== undefined) program.error(`--methods ${unknown} is none of ${families.join('; ')}.`);
  if (options.pool === undefined && options.methods.includes('DPO, soft labels'))
    program.error('DPO with soft labels needs pairs with scores; give --pool.');
  if (options.merge) return merge(task, options);
  const opened = await openModelDirectory(options.model);
  const rows: Row[] = [];
  for (const seed of options.seeds) {
    rows.push(...(await runSeed(task, options, opened, seed)));
    // After each seed, so that a run that is cut short leaves what it has.
    writeFiles(options.out, filesOf({ task, options: settingsOf(options), rows }));
  }
  print(`${tableOf({ task, options: settingsOf(options), rows })}\n`);
}

await runMain(main);
