/**
 * @file `npm run experiment -- TASK`: the paper's three experiments in small, headless, on the starter model.
 * Writes TASK.json, TASK.md (tables) and charts as SVG. Everything is seeded.
 */
import { join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../../core/errors';
import type { PreferencePair } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { uploadAdapter } from '../../engine/device-adapter';
import type { OpenedModel } from '../../engine/open-model';
import type { LoraAdapter } from '../../formats/peft';
import { DecodeEngine } from '../../generation/decode-engine';
import type { EncodedPair } from '../../text/encode-pair';
import { encodeDataset } from '../../training/encode-dataset';
import { RowRunner } from '../../training/row-runner';
import { train } from '../../training/trainer';
import { readTextFile, writeFiles } from '../node-files';
import { openModelDirectory } from '../session';
import { readPairs } from '../pair-files';
import type { Bench, Prompt, Task, WinPoint } from './evaluate';
import { judges, lastText, measureReward, measureWins, sampleAnswers } from './evaluate';
import type { SweepOptions } from './methods';
import { families, listTrials, referenceConfig } from './methods';
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

async function runSeed(task: Task, options: Options, opened: OpenedModel, seed: number): Promise<Row[]> {
  const file = (name: string): string => join(options.data, task, name);
  const evaluation = (await readPairs(file('eval.jsonl'))).slice(0, options.prompts);
  const training = await encode(opened, await readPairs(file('train.jsonl')));
  const targets = await encode(opened, readTargets(file('sft.jsonl')));
  const bench: Bench = {
    opened,
    decoding: new DecodeEngine(opened.model),
    runner: new RowRunner(opened.model),
    prompts: evaluation.map(({ prompt }) => prompt as Prompt),
    maxNewTokens: options.maxNewTokens,
  };
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
          opponents: { reference: answers, chosen: evaluation.map(({ chosen }) => lastText(chosen)) },
          temperature,
          seed: 1000 * seed,
        }),
      );
    }
    return { wins };
  };

  const rows: Row[] = [
    { family: 'Base', setting: '', seed, step: 0, ...(await evaluate(null)) },
    { family: 'SFT', setting: 'reference', seed, step: 0, ...(await evaluate(reference)) },
  ];
  for (const { family, setting, config } of listTrials(sweep)) {
    say(`seed ${seed}: ${family}, ${setting}`);
    await train(opened.model, {
      config,
      pairs: training,
      initAdapter: sft,
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
  Object.fromEntries(Object.entries(options).filter(([name]) => !['out', 'merge', 'model', 'data'].includes(name)));

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
    .option('--methods <list>', 'some of Preferred-FT, Unlikelihood, DPO', (text: string) => text.split(','), [
      ...families,
    ])
    .option('--betas <list>', 'of DPO', numbers, [0.1, 0.5, 1, 3])
    .option('--alphas <list>', 'of unlikelihood', numbers, [0.1, 0.5, 1])
    .option('--temperatures <list>', 'of sampling (summarization, dialogue)', numbers, [0, 0.25, 0.5, 0.75, 1])
    .option('--prompts <n>', 'held-out prompts', Number, 128)
    .option('--steps <n>', 'optimiser steps a run', Number, 200)
    .option('--eval-steps <n>', 'steps between checkpoints (sentiment)', Number, 100)
    .option('--batch <n>', 'pairs a step', Number, 8)
    .option('--learning-rate <x>', 'of the preference methods; SFT takes a third of it', Number, 1e-3)
    .option('--merge <dirs>', 'measure nothing: join the JSON of these directories into one report', (text: string) =>
      text.split(','),
    )
    .option('--max-new-tokens <n>', 'of an answer', Number, 64)
    .parse();
  const task = program.args[0] as Task;
  if (!['sentiment', 'summarization', 'dialogue'].includes(task))
    throw new UserError('experimentUnknown', { name: JSON.stringify(task) });
  const options = program.opts<Options>();
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
