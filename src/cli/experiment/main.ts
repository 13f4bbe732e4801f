/**
 * @file `npm run experiment -- TASK`: the paper's three experiments in small, headless, on the starter model.
 * Writes TASK.json, TASK.md (tables) and charts as SVG. Everything is seeded.
 */
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { UserError } from '../../core/errors';
import type { PreferencePair, ScoredPair } from '../../data/preference-pair';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { uploadAdapter, uploadRewardModel } from '../../engine/device-adapter';
import type { OpenedModel } from '../../engine/open-model';
import type { Reward } from '../../evaluation/reward';
import type { LoraAdapter } from '../../formats/peft';
import { DecodeEngine } from '../../generation/decode-engine';
import { drawAnswers, judgeEach, normalised, type Judging } from '../../generation/drawn-answers';
import type { RunSettings } from '../../run/config';
import { isOnPolicyMethod } from '../../run/objectives';
import type { EncodedPair } from '../../text/encode-pair';
import { encodeDataset } from '../../training/encode-dataset';
import { encodePrompts, type EncodedPrompts } from '../../training/encode-prompts';
import { scoreFitting, scoringBy, type GivenAnswer } from '../../training/reward-scores';
import { RowRunner } from '../../training/row-runner';
import { train } from '../../training/trainer';
import { openDirectory, readTextFile, writeFiles } from '../node-files';
import { openModelDirectory } from '../session';
import { readPairs } from '../pair-files';
import type { Bench, Prompt, Task, WinPoint } from './evaluate';
import { judges, lastText, measureReward, measureWins, rewardOf, sampleAnswers } from './evaluate';
import { keepAdapter, readKept, trialOf } from './kept-adapters';
import type { SweepOptions } from './methods';
import { families, listTrials, needScores, referenceConfig, rewardConfig, type Trial } from './methods';
import { openMerged } from './merged-model';
import { bestOfPool, drawJudged, keptPool, pairsOfPool, readPrompts, type JudgedAnswer } from './pool';
import type { Results, Row } from './report';
import { filesOf, joinRows, tableOf } from './report';
import { print, say } from '../terminal';
import { numbers, runMain } from './run-main';

interface Options {
  readonly model: string;
  readonly data: string;
  readonly out: string;
  readonly seeds: readonly number[];
  readonly methods: readonly string[];
  readonly betas: readonly number[];
  readonly prices: readonly number[];
  readonly alphas: readonly number[];
  readonly prompts: number;
  readonly steps: number;
  readonly evalSteps: number;
  readonly batch: number;
  readonly drawn?: number;
  readonly learningRate: number;
  readonly temperatures: readonly number[];
  readonly maxNewTokens: number;
  readonly pool?: string;
  readonly shipped: boolean;
  readonly on: 'dev' | 'test';
  readonly poolPrompts: number;
  readonly poolSkip: number;
  readonly answersOf?: string;
  readonly answers: number;
  readonly byPrompt: boolean;
  readonly layers: readonly number[] | null;
  readonly rewardModel: RunSettings;
  readonly referenceAnswers: number;
  readonly adapters?: string;
  readonly from?: string;
  readonly measure: readonly string[];
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

/** On-policy methods learn from so many times as many answers a step as the others from pairs: they see each once. */
const answersPerPair = 8;

/** Tokens of a row: all answers to a prompt of the pool, so that all their pairs share them. */
const rowCapacity = 1024;

const encode = async (opened: OpenedModel, pairs: readonly PreferencePair[]): Promise<readonly EncodedPair[]> =>
  (await encodeDataset(opened, pairs, 256)).pairs;

/** What a seed's runs learn from. */
interface Lessons {
  readonly pairs: readonly EncodedPair[];
  /** Of each prompt the best answer; empty where no method asks for it. */
  readonly best: readonly EncodedPair[];
  /** What on-policy methods answer. */
  readonly prompts: EncodedPrompts;
  /** A reward model of the pairs, as a reward; null where no method asks for it. */
  readonly learned: Judging | null;
}

const withoutAnswers = (prompt: Prompt): ScoredPair => ({ prompt, chosen: '', rejected: '' }) as ScoredPair;

/** The shipped pairs, or those that the reference's own answers to the pool's prompts make; only what is asked for. */
async function readLessons(task: Task, trials: readonly Trial[], given: Drawn): Promise<Lessons> {
  const { options, bench, sweep } = given;
  const { opened } = bench;
  const pool = options.shipped ? undefined : options.pool;
  const learnsFrom = (lessons: Trial['lessons']): boolean =>
    trials.some(({ config, ...trial }) => !isOnPolicyMethod(config.method) && trial.lessons === lessons);
  const isLearned = trials.some(({ reward }) => reward === 'learned');
  const prompts = pool === undefined ? null : readPrompts(join(pool, 'train.jsonl'));
  const shipped = pool === undefined ? await readPairs(join(options.data, task, 'train.jsonl')) : [];
  const some = prompts?.slice(options.poolSkip, options.poolSkip + options.poolPrompts) ?? [];
  const needsPairs = learnsFrom('pairs') || isLearned;
  const answers = prompts && (needsPairs || learnsFrom('best')) ? await drawPool(some, given) : [];
  const pairs = needsPairs ? await encode(opened, prompts ? pairsOfPool(some, answers) : shipped) : [];
  const best = await encode(opened, bestOfPool(some, answers));
  if (needsPairs) say(`seed ${sweep.seed}: ${pairs.length} pairs`);
  const drawn = answers.flatMap((own, at) => own.map(({ text }) => ({ prompt: some[at] as Prompt, text })));
  const learned = isLearned ? await learnReward(pairs, drawn, given) : null;
  const asked = prompts?.map(withoutAnswers) ?? shipped;
  return { pairs, best, prompts: encodePrompts(opened, asked, rewardConfig(sweep).max_length), learned };
}

/** The reference's answers of which a learned reward takes its mean and its standard deviation. */
const normalisedOn = 1024;

/**
 * A reward model of the pairs, with mean 0 and standard deviation 1 on answers of the reference, where some were drawn,
 * as the DPO paper's PPO has its rewards; says how many of the held-out pairs, of the reference's answers, it orders
 * right.
 */
async function learnReward(
  pairs: readonly EncodedPair[],
  drawn: readonly GivenAnswer[],
  { bench, sweep, samples }: Drawn,
): Promise<Judging> {
  const { opened, prompts } = bench;
  const { adapter } = await train(opened.model, { config: rewardConfig(sweep), pairs });
  if (samples) {
    const device = uploadRewardModel(opened.model, adapter);
    const scored = await scoreFitting(opened, pairsOfPool(prompts, samples), device, 256);
    device.dispose();
    const right = scored.filter(({ chosen, rejected }) => chosen > rejected).length;
    say(`seed ${sweep.seed}: the reward model orders ${right} of ${scored.length} held-out pairs right`);
  }
  const judging = scoringBy(opened, adapter);
  return drawn.length === 0 ? judging : normalised(judging, await judging(drawn.slice(0, normalisedOn)));
}

/** What a seed draws with. */
interface Drawn {
  readonly options: Options;
  readonly sweep: SweepOptions;
  readonly bench: Bench;
  readonly reward: Reward;
  /** The reference's answers to the held-out prompts, several to each, where they were drawn. */
  readonly samples: readonly (readonly JudgedAnswer[])[] | null;
}

/**
 * Answers to prompts of the reference, or of a policy of an earlier trial, or those that were kept; some prompts at a
 * time, so that progress is said.
 */
async function drawPool(prompts: readonly Prompt[], { options, sweep, bench, reward }: Drawn) {
  const { answers, answersOf, model, pool: directory = '', poolSkip, maxNewTokens } = options;
  const { seed } = sweep;
  const atOnce = 64;
  const policy = answersOf === undefined ? null : trialOf(answersOf);
  const author = policy === null ? [] : [`${policy.family}, ${policy.setting}, step ${policy.step}`];
  const name = [`answers-${seed}-${poolSkip}+${prompts.length}x${answers}`, ...author].join(' of ');
  const facts = {
    ...{ model, seed, skipped: poolSkip, prompts: prompts.length, answers, maxNewTokens, policy },
    ...{ reward: reward.name, reference: referenceConfig(seed) },
  };
  const kept = await readKept(answersOf, bench.opened.model);
  const adapter = kept && uploadAdapter(bench.opened.model, kept);
  const drawn = await keptPool(join(directory, `${name}.jsonl`), facts, async () => {
    const pool: (readonly JudgedAnswer[])[] = [];
    for (let start = 0; start < prompts.length; start += atOnce) {
      const some = prompts.slice(start, start + atOnce);
      // Seeds far from those of any evaluation.
      const drawing = { answers, seed: 1e6 * (seed + 1) + (poolSkip + start) * answers };
      pool.push(...(await drawJudged({ ...bench, prompts: some }, adapter, reward, drawing)));
      say(`seed ${seed}: ${pool.length} of ${prompts.length} prompts answered ${answers} times`);
    }
    return pool;
  });
  adapter?.dispose();
  return drawn;
}

/** What `train` is given beside its configuration. */
function materialOf({ config, reward, lessons }: Trial, { pairs, best, prompts, learned }: Lessons, given: Drawn) {
  if (!isOnPolicyMethod(config.method)) return { pairs: lessons === 'best' ? best : pairs };
  const { opened, decoding } = given.bench;
  const sources = prompts.sources.map((source) => ({ ...source, reference: null }));
  const judging = reward === 'learned' && learned ? learned : judgeEach(given.reward.score);
  return { pairs: prompts.prompts, answering: drawAnswers(opened, decoding, sources, config, judging) };
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

const benchOf = (opened: OpenedModel, prompts: readonly Prompt[], { maxNewTokens }: Options): Bench => ({
  ...{ opened, prompts, maxNewTokens },
  decoding: new DecodeEngine(opened.model),
  runner: new RowRunner(opened.model),
});

async function close({ decoding, runner }: Bench): Promise<void> {
  await runner.dispose();
  await decoding.dispose();
}

/** What a trial is called on the chart. */
function titleOf({ setting }: Trial, { from }: Options): string {
  if (from === undefined) return setting;
  const before = trialOf(from);
  return `${setting}, from ${before.family}, ${before.setting}`;
}

/** @param keep is given what the seed has measured so far, after each method, so that a run cut short leaves it */
async function runSeed(
  task: Task,
  options: Options,
  opened: OpenedModel,
  seed: number,
  keep: (rows: readonly Row[]) => void,
): Promise<Row[]> {
  const heldOut = await readHeldOut(task, options);
  const base = benchOf(opened, heldOut.prompts, options);
  const { model } = opened;
  const targets = await encode(opened, readTargets(join(options.data, task, 'sft.jsonl')));
  const reward = rewardOf(task);
  const sweep: SweepOptions = { ...options, seed, drawn: options.drawn ?? options.batch * answersPerPair };
  say(`seed ${seed}: SFT on ${targets.length} targets`);
  const sft = (await train(model, { config: referenceConfig(seed), pairs: targets })).adapter;
  const reference = uploadAdapter(model, sft);
  const merged = await openMerged(openDirectory(options.model).directory, model, sft);
  const bench = benchOf(merged, heldOut.prompts, options);
  const opponents = new Map<number, Awaited<ReturnType<typeof sampleAnswers>>>();
  // The reference's own answers draw with other seeds than the policies', so that equal policies are not equal answers.
  if (task !== 'sentiment')
    for (const temperature of options.temperatures)
      opponents.set(temperature, await sampleAnswers(bench, null, temperature, 7000 + 1000 * seed));

  /** The reference is the SFT adapter on the base, and nothing on the merged model. */
  const evaluate = async (on: Bench, adapter: DeviceAdapter | null): Promise<Pick<Row, 'reward' | 'wins'>> => {
    if (task === 'sentiment')
      return { reward: await measureReward(on, adapter, on === base ? reference : null, 1000 * seed) };
    const wins: WinPoint[] = [];
    for (const [temperature, answers] of opponents) {
      wins.push(
        await measureWins(on, adapter, {
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
      ? await drawJudged(bench, null, reward, { answers: options.referenceAnswers, seed: 5e8 + 1e6 * seed })
      : null;
  const rows: Row[] = [
    { family: 'Base', setting: '', seed, step: 0, ...(await evaluate(base, null)) },
    {
      ...{ family: 'SFT', setting: 'reference', seed, step: 0, ...(await evaluate(bench, null)) },
      ...(samples && { samples: samples.map((answers) => answers.map(({ reward: worth }) => worth ?? NaN)) }),
    },
  ];
  reference.dispose();
  await close(base);
  const given: Drawn = { options, sweep, bench, reward, samples };
  const trials = options.measure.length > 0 ? [] : listTrials(task, sweep);
  const lessons = await readLessons(task, trials, given);
  for (const directory of options.measure) {
    const adapter = uploadAdapter(merged.model, (await readKept(directory, merged.model)) as LoraAdapter);
    rows.push({ ...trialOf(directory), ...(await evaluate(bench, adapter)) });
    adapter.dispose();
    keep(rows);
  }
  const initAdapter = await readKept(options.from, merged.model);
  for (const trial of trials) {
    const { family, config } = trial;
    const setting = titleOf(trial, options);
    say(`seed ${seed}: ${family}, ${setting}`);
    await train(merged.model, {
      ...{ config, ...materialOf(trial, lessons, given), rowCapacity, initAdapter, refAdapter: 'base' },
      onStep: async (step, adapter) => {
        const isLast = step === config.max_steps;
        if (!isLast && (task !== 'sentiment' || step % options.evalSteps !== 0)) return;
        const row = { family, setting, seed, step, ...(await evaluate(bench, adapter)) };
        rows.push(row);
        keep(rows);
        if (row.reward)
          say(`step ${step}: reward ${row.reward.reward.toFixed(3)} at ${row.reward.kl.mean.toFixed(2)} nats`);
        if (options.adapters !== undefined) await keepAdapter(options.adapters, row, merged.model, adapter);
      },
    });
  }
  await close(bench);
  merged.model.dispose();
  return rows;
}

/** What changes the numbers, and not where they lie. */
const settingsOf = (options: Options): Partial<Options> =>
  Object.fromEntries(
    Object.entries(options).filter(
      ([name]) => !['out', 'merge', 'model', 'data', 'pool', 'adapters', 'from', 'measure', 'answersOf'].includes(name),
    ),
  );

/** Joins what several runs measured, say one a seed, into one report. */
function merge(task: Task, { merge: directories = [], out }: Options): void {
  const parts = directories.map((directory) => JSON.parse(readTextFile(join(directory, `${task}.json`))) as Results);
  const results = {
    task,
    options: parts.map(({ options }) => settingsOf(options as Options)),
    rows: joinRows(parts.map(({ rows }) => rows)),
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
    .option('--betas <list>', 'of DPO, online DPO and REBEL', numbers, [0.1, 0.5, 1, 3])
    .option('--prices <list>', 'of a nat of divergence, in RLOO (beta) and PPO (kl_coef)', numbers, [0.05])
    .option('--alphas <list>', 'of unlikelihood', numbers, [0.1, 0.5, 1])
    .option('--temperatures <list>', 'of sampling (summarization, dialogue)', numbers, [0, 0.25, 0.5, 0.75, 1])
    .option('--prompts <n>', 'held-out prompts', Number, 128)
    .option('--steps <n>', 'optimiser steps a run', Number, 200)
    .option('--eval-steps <n>', 'steps between checkpoints (sentiment)', Number, 100)
    .option('--batch <n>', 'pairs a step', Number, 8)
    .option('--drawn <n>', 'answers that an on-policy method draws a step; eight times the batch without it', Number)
    .option('--learning-rate <x>', 'of the methods; the SFT reference has its own', Number, 1e-3)
    .option('--pool <dir>', 'train.jsonl, dev.jsonl and test.jsonl of tools/starter/prompts.py: pairs are drawn anew')
    .option('--shipped', "learn from the shipped pairs all the same: only the held-out prompts are the pool's", false)
    .addOption(
      new Option('--on <split>', "which of the pool's held-out prompts").choices(['dev', 'test']).default('dev'),
    )
    .option('--pool-prompts <n>', 'training prompts that the reference answers', Number, 4000)
    .option('--pool-skip <n>', 'training prompts that are passed over before them', Number, 0)
    .option('--answers-of <dir>', "the pool's answers are this kept adapter's, of the same seed, not the reference's")
    .option('--answers <n>', 'to a prompt, of the pool and of RLOO', Number, 4)
    .option(
      '--by-prompt',
      "steps take the pool's pairs prompt by prompt: an answer is computed once for all its pairs of a step",
      false,
    )
    .option('--layers <list>', 'that LoRA trains, counted from 0; all without it', numbers, null)
    .option(
      '--reward-model <json>',
      "settings of the reward model in place of the methods'",
      (text: string) => JSON.parse(text) as RunSettings,
      {},
    )
    .option('--reference-answers <n>', 'of the reference to a prompt, for the curves of what could be had', Number, 0)
    .option('--adapters <dir>', "keep the trials' adapters there, as of their last evaluation")
    .option('--from <dir>', 'go on from such an adapter of the same seed; the reference stays the SFT model')
    .option(
      '--measure <dirs>',
      'train nothing: measure adapters that were kept of trials of this seed, with | between them',
      (text: string) => text.split('|'),
      [],
    )
    .option('--merge <dirs>', 'measure nothing: join the JSON of these directories into one report', (text: string) =>
      text.split(','),
    )
    .option('--max-new-tokens <n>', 'of an answer', Number, 64)
    .parse();
  const task = program.args[0] as Task;
  if (!['sentiment', 'summarization', 'dialogue'].includes(task))
    throw new UserError('experimentUnknown', { name: JSON.stringify(task) });
  const options = program.opts<Options>();
  const unknown = options.methods.find((name) => !families.some((family) => family === name));
  if (unknown !== undefined) program.error(`--methods ${unknown} is none of ${families.join('; ')}.`);
  const scored = options.methods.find((name) => needScores.includes(name));
  if ((options.pool === undefined || options.shipped) && scored !== undefined)
    program.error(`${scored} needs answers with scores; give --pool, without --shipped.`);
  if (options.merge) return merge(task, options);
  const opened = await openModelDirectory(options.model);
  const rows: Row[] = [];
  const resultsOf = (more: readonly Row[] = []): Results => ({
    ...{ task, options: settingsOf(options), rows: [...rows, ...more] },
  });
  const keep = (more: readonly Row[]): void => writeFiles(options.out, filesOf(resultsOf(more)));
  for (const seed of options.seeds) rows.push(...(await runSeed(task, options, opened, seed, keep)));
  keep([]);
  print(`${tableOf(resultsOf())}\n`);
}

await runMain(main);
