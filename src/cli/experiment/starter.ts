/**
 * @file `npm run experiment:starter -- TASK`: the starter's own recipe, headless, over several seeds: what base, SFT
 * and DPO score on held-out prompts, with intervals, how many answers are fluent, and how far DPO went. A trial of
 * other settings names them in --sft and --dpo, and other prompts in --from, so that settings are not chosen on the
 * prompts that are reported. Writes starter-TASK.json and prints a table.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { UserError } from '../../core/errors';
import { sumOf } from '../../core/statistics';
import { starterTasks, type StarterTaskId } from '../../data/starter-task';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { uploadAdapter } from '../../engine/device-adapter';
import type { OpenedModel } from '../../engine/open-model';
import { estimateSequenceKl } from '../../evaluation/kl';
import { isFluent, scoreStarterAnswer } from '../../evaluation/starter-score';
import { answerPrompts } from '../../generation/answer';
import { DecodeEngine } from '../../generation/decode-engine';
import { parseRunConfig } from '../../run/config';
import {
  answerSeed,
  starterKlPrompts,
  starterKlSampling,
  starterPairs,
  starterPrompts,
  starterRuns,
  starterSampling,
} from '../../run/starter-recipe';
import { encodeDataset } from '../../training/encode-dataset';
import { RowRunner } from '../../training/row-runner';
import { computeLogps, train } from '../../training/trainer';
import { writeFiles } from '../node-files';
import { openModelDirectory } from '../session';
import { readPairs } from '../pair-files';
import { lastText, type Prompt } from './evaluate';
import { print, say } from '../terminal';
import { numbers, runMain } from './run-main';
import { tableOfStarter, type StarterColumn, type StarterRun } from './starter-report';

interface Options {
  readonly model?: string;
  readonly data: string;
  readonly out: string;
  readonly seeds: readonly number[];
  readonly from: number;
  readonly prompts: number;
  readonly pairs?: number;
  readonly sft: object;
  readonly dpo: object;
  readonly show: number;
}

/** What all policies of a seed are asked with. */
interface Bench {
  readonly opened: OpenedModel;
  readonly decoding: DecodeEngine;
  readonly runner: RowRunner;
  readonly task: StarterTaskId;
  readonly prompts: readonly Prompt[];
  readonly seed: number;
}

const answersOf = (
  { opened, decoding, prompts, seed }: Bench,
  adapter: DeviceAdapter | null,
  forKl: boolean,
): ReturnType<typeof answerPrompts> =>
  answerPrompts(
    opened,
    decoding,
    prompts.slice(0, forKl ? starterKlPrompts : prompts.length).map((prompt, i) => ({
      prompt,
      adapter,
      options: {
        ...(forKl ? starterKlSampling : starterSampling),
        seed: answerSeed(seed, i, forKl),
      },
    })),
  );

async function columnOf(bench: Bench, adapter: DeviceAdapter | null): Promise<StarterColumn> {
  const answers = await answersOf(bench, adapter, false);
  const texts = answers.map(({ text }) => text);
  const scored = texts.map((text, i) => scoreStarterAnswer(bench.task, lastText(bench.prompts[i] as Prompt), text));
  return { texts, scores: scored.map(({ score }) => score), fluent: scored.filter(isFluent).length / scored.length };
}

async function divergenceOf(bench: Bench, policy: DeviceAdapter, reference: DeviceAdapter): Promise<StarterRun['kl']> {
  const answers = await answersOf(bench, policy, true);
  const items = answers.map(({ promptIds, ids }) => ({ promptIds, completions: [ids] }));
  const referenceLogps = (await computeLogps(bench.runner, items, reference)).map(({ chosen }) => sumOf(chosen));
  return estimateSequenceKl(
    answers.map(({ logps }) => sumOf(logps)),
    referenceLogps,
  );
}

async function runSeed(task: StarterTaskId, options: Options, opened: OpenedModel, seed: number): Promise<StarterRun> {
  const file = (name: string): string => join(options.data, task, name);
  const held = (await readPairs(file('eval.jsonl'))).slice(options.from, options.from + options.prompts);
  const rows = (await readPairs(file('contrast.jsonl'))).slice(0, options.pairs ?? starterPairs[task]);
  const { pairs } = await encodeDataset(opened, rows, 256);
  const recipe = starterRuns(task);
  const bench: Bench = {
    opened,
    decoding: new DecodeEngine(opened.model),
    runner: new RowRunner(opened.model),
    task,
    prompts: held.map(({ prompt }) => prompt as Prompt),
    seed,
  };
  const begun = Date.now();
  const passed = (): string => `${((Date.now() - begun) / 1000).toFixed(0)} s`;
  const sft = await train(opened.model, { config: parseRunConfig({ ...recipe.sft, seed, ...options.sft }), pairs });
  say(`${task}, seed ${seed}: SFT after ${passed()}`);
  const dpoConfig = parseRunConfig({ ...recipe.dpo, seed, ...options.dpo });
  const dpo = await train(opened.model, { config: dpoConfig, pairs, initAdapter: sft.adapter });
  say(`${task}, seed ${seed}: DPO after ${passed()}`);
  const [reference, policy] = [sft, dpo].map(({ adapter }) => uploadAdapter(opened.model, adapter)) as [
    DeviceAdapter,
    DeviceAdapter,
  ];
  const columns = {
    base: await columnOf(bench, null),
    sft: await columnOf(bench, reference),
    dpo: await columnOf(bench, policy),
  };
  const kl = await divergenceOf(bench, policy, reference);
  reference.dispose();
  policy.dispose();
  await bench.runner.dispose();
  await bench.decoding.dispose();
  const prompts = bench.prompts.map(lastText);
  return { task, seed, prompts, columns, kl, seconds: Math.round((Date.now() - begun) / 1000) };
}

/** Where the manifest says that the task's model lies. */
function modelOf(task: StarterTaskId, data: string): string {
  const { tasks } = JSON.parse(readFileSync(join(data, 'manifest.json'), 'utf8')) as {
    readonly tasks: readonly { readonly id: string; readonly model?: string }[];
  };
  return join(data, tasks.find(({ id }) => id === task)?.model ?? 'model');
}

async function main(): Promise<void> {
  const program = new Command('experiment:starter')
    .argument('<task>', starterTasks.join(', '))
    .option('--model <dir>', 'checkpoint in place of the one that the manifest names for the task')
    .option('--data <dir>', 'directory with TASK/{contrast,eval}.jsonl', 'public/starter')
    .option('--out <dir>', 'where starter-TASK.json goes', 'docs/experiments')
    .option('--seeds <list>', 'of training and of sampling', numbers, [1, 2, 3, 4, 5])
    .option('--from <n>', 'the first held-out prompt', Number, 0)
    .option('--prompts <n>', 'held-out prompts', Number, starterPrompts)
    .option('--pairs <n>', 'pairs to train on, in place of the recipe’s', Number)
    .option(
      '--sft <json>',
      'settings of SFT in place of the recipe’s',
      (text: string) => JSON.parse(text) as object,
      {},
    )
    .option(
      '--dpo <json>',
      'settings of DPO in place of the recipe’s',
      (text: string) => JSON.parse(text) as object,
      {},
    )
    .option('--show <n>', 'answers to print', Number, 0)
    .parse();
  const task = starterTasks.find((id) => id === program.args[0]);
  if (task === undefined) throw new UserError('experimentUnknown', { name: JSON.stringify(program.args[0]) });
  const options = program.opts<Options>();
  const opened = await openModelDirectory(options.model ?? modelOf(task, options.data));
  const runs: StarterRun[] = [];
  for (const seed of options.seeds) {
    runs.push(await runSeed(task, options, opened, seed));
    // After each seed, so that a run that is cut short leaves what it has.
    writeFiles(options.out, { [`starter-${task}.json`]: `${JSON.stringify(runs)}\n` });
    say(tableOfStarter(runs, options.show));
  }
  print(`${tableOfStarter(runs, options.show)}\n`);
}

await runMain(main);
