/**
 * @file `train`: a run from a YAML configuration to a PEFT adapter directory with metrics.jsonl beside it.
 * Ctrl+C stops at the next step and keeps what was trained; a second one ends at once.
 */
import { basename, resolve } from 'node:path';
import { parse } from 'yaml';
import type { Precision } from '../../core/dtype';
import { UserError } from '../../core/errors';
import type { OpenedModel } from '../../engine/open-model';
import type { LoraAdapter } from '../../formats/peft';
import { sentenceOf } from '../../messages/message';
import { readRunConfig, refuseComparing, type RunConfig } from '../../run/config';
import { isOnPolicyMethod } from '../../run/objectives';
import type { RewardChoice } from '../../run/reward-choice';
import { runFactsOf } from '../../run/run-facts';
import { questionsAStep } from '../../run/steps';
import { refuseOtherShape, shapeOfAdapter } from '../../training/continued-shape';
import type { RunEvent } from '../../training/run-training';
import { runTraining } from '../../training/run-training';
import { ancestorsOf } from '../../training/starting-point';
import { readValueHead, valueHeadFile } from '../../training/value-head';
import { openDirectory, readTextFile, writeFiles } from '../node-files';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { RunAnswers, judgingOf } from '../on-policy';
import { rewardChoice, type RewardOptions } from '../open-reward';
import { readExamples, type DataOptions } from '../pair-files';
import { runFile, writeRunFile } from '../run-file';
import { endProgress, say, showProgress } from '../terminal';

export interface TrainOptions extends DataOptions, RewardOptions {
  readonly model: string;
  readonly data: string;
  readonly config: string;
  readonly out: string;
  readonly initAdapter?: string;
  readonly refAdapter?: string;
  readonly chatTemplate?: string;
  readonly precision?: Precision;
}

interface GivenConfig {
  readonly config: RunConfig;
  /** The keys that the file sets. */
  readonly given: readonly string[];
}

/** Reads a run configuration; what has no effect is said. */
export function readSettings(path: string): GivenConfig {
  let settings: unknown;
  try {
    settings = parse(readTextFile(path));
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('notYaml', { path, reason: (error as Error).message.split('\n')[0] ?? '' });
  }
  const { config, warnings, given } = readRunConfig(settings ?? {}, path);
  for (const warning of warnings) say(sentenceOf(warning));
  return { config, given };
}

export const readConfig = (path: string): RunConfig => readSettings(path).config;

/** Refuses a file that contradicts the adapter that is gone on from, and says what that keeps. */
export function keepShape(
  { config, given }: GivenConfig,
  where: string,
  { model }: OpenedModel,
  adapter: LoraAdapter | null,
): void {
  if (adapter === null) return;
  refuseOtherShape(config, given, where, model, adapter);
  const { lora_r, lora_alpha, lora_target_modules, layers_to_transform } = shapeOfAdapter(model, adapter);
  const layers = layers_to_transform === null ? 'all layers' : `layers ${layers_to_transform.join(', ')}`;
  say(
    `the adapter keeps its own shape: rank ${lora_r}, alpha ${lora_alpha}, ${lora_target_modules.join(', ')}, ${layers}`,
  );
}

function showEvent(event: RunEvent): void {
  if (event.kind === 'encoding') showProgress(`encoding ${event.done} of ${event.total}`);
  if (event.kind === 'compiling') showProgress('compiling');
  if (event.kind === 'reference') showProgress(`reference log-probs ${event.done} of ${event.total}`);
  if (event.kind === 'start') {
    const { loss, expectedLoss, rewards } = event;
    endProgress();
    const shown = rewards === null ? '' : `, rewards ${rewards.chosen.toFixed(6)} and ${rewards.rejected.toFixed(6)}`;
    say(
      `step 0: loss ${loss.toFixed(6)}${expectedLoss === null ? '' : ` (ln 2 = ${expectedLoss.toFixed(6)})`}${shown}; the policy is its own reference`,
    );
  }
  if (event.kind === 'step') {
    const { metrics, totalSteps, secondsLeft } = event;
    const { reward, kl } = metrics;
    const margin = metrics['rewards/margins'];
    const parts = [`step ${metrics.step} of ${totalSteps}`, `loss ${metrics.loss.toFixed(4)}`];
    if (margin !== undefined) parts.push(`margin ${margin.toFixed(4)}`);
    if (reward !== undefined) parts.push(`reward ${reward.toFixed(4)}`);
    if (reward !== undefined && kl !== undefined) parts.push(`KL ${kl.toFixed(4)} a token`);
    showProgress([...parts, `${Math.round(secondsLeft)} s left`].join(', '));
  }
}

const nameOf = (directory: string | undefined): string | undefined => directory && basename(resolve(directory));

/** The configuration with the reward of the command line in the place of its own. */
function withReward(config: RunConfig, reward: RewardChoice | null, where: string): RunConfig {
  if (reward === null) return config;
  if (!isOnPolicyMethod(config.method)) throw new UserError('rewardUnread', { where, method: config.method });
  const rewarded = { ...config, reward };
  refuseComparing(rewarded);
  return rewarded;
}

export async function train(options: TrainOptions): Promise<void> {
  const { config: read, given } = readSettings(options.config);
  const config = withReward(read, rewardChoice(options), options.config);
  const judging = await judgingOf(config);
  const questions = questionsAStep(config);
  if (questions !== null) say(`the judge is asked at most ${questions} questions a step, two a comparison`);
  const pairs = await readExamples(config.method, options.data, options);
  const initAdapter = await openAdapterDirectory(options.initAdapter);
  const refAdapter = await openAdapterDirectory(options.refAdapter);
  const started = config.method === 'ppo' ? options.initAdapter : undefined;
  const valueHead = started === undefined ? null : await readValueHead(openDirectory(started).directory);
  const opened = await openModelDirectory(options.model, options);
  keepShape({ config, given }, options.config, opened, initAdapter);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const [initName, refName] = [nameOf(options.initAdapter), nameOf(options.refAdapter)];
  const chain = [opened.model.name, ...ancestorsOf(initAdapter, initName ?? ''), basename(resolve(options.out))].join(
    ' -> ',
  );
  say(`chain: ${chain}${refName === undefined ? '' : `; reference: ${refName}`}`);
  const answers = judging && new RunAnswers(opened, config, judging(opened));
  const result = await runTraining(opened, {
    config,
    pairs,
    ...(answers && { answering: answers.answering, onDrawn: answers.note }),
    initAdapter,
    initName,
    valueHead,
    refAdapter,
    refName,
    signal: controller.signal,
    onEvent: showEvent,
  });
  endProgress();
  const metrics = result.metrics.map((line) => `${JSON.stringify(line)}\n`).join('');
  const facts = await runFactsOf(result.config, pairs, result.pairs);
  writeFiles(options.out, {
    ...result.files,
    'metrics.jsonl': metrics,
    ...(answers && { 'answers.jsonl': answers.text }),
    ...(result.valueHead && { [valueHeadFile]: result.valueHead }),
    [runFile]: writeRunFile(options, result.config, facts),
  });
  for (const warning of result.warnings) say(sentenceOf(warning));
  const stopped = result.stopped ? ', stopped by the user' : '';
  say(
    `${result.metrics.length} of ${result.totalSteps} steps in ${result.seconds.toFixed(1)} s${stopped}; adapter in ${options.out}`,
  );
}
