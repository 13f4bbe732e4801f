/**
 * @file Reads the golden fixtures (fixtures/golden, made by tools/make_golden.py) and holds a run of training against
 * TRL's, for the tests of every device.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { LoadedModel } from '../engine/loaded-model';
import { loadModel } from '../engine/loaded-model';
import { bytesSource } from '../formats/byte-source';
import type { Directory } from '../formats/checkpoint';
import { openCheckpoint } from '../formats/checkpoint';
import type { LoraAdapter } from '../formats/peft';
import { readPeftAdapter } from '../formats/peft';
import { readSafetensorsHeader, readTensorAsFloat32 } from '../formats/safetensors';
import { parseRunConfig } from '../run/config';
import type { StepMetrics } from '../run/metrics';
import type { Executor } from '../runtime/executor';
import type { EncodedPair } from '../text/encode-pair';
import { examplesOf } from './examples';
import { train } from './trainer';

export interface TokenRow {
  index: number;
  prompt_ids: number[];
  chosen_ids: number[];
  rejected_ids: number[];
}
export interface LogpsRow {
  chosen_logps: number;
  chosen_token_logps?: number[];
  rejected_logps: number;
}

export const directory = (path: string): Directory =>
  new Map(
    readdirSync(path, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, bytesSource(name, readFileSync(join(path, name)))]),
  );
export const json = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));
export const jsonLines = <T>(path: string): T[] =>
  readFileSync(path, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
export const encode = (rows: TokenRow[]): EncodedPair[] =>
  rows.map(({ prompt_ids, chosen_ids, rejected_ids }) => ({
    promptIds: prompt_ids,
    chosenIds: chosen_ids,
    rejectedIds: rejected_ids,
    warnings: [],
    faults: [],
  }));
export const completions = ({ promptIds, chosenIds, rejectedIds }: EncodedPair) => ({
  promptIds,
  completions: [chosenIds, rejectedIds],
});
export const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((total, value) => total + value, 0);

export async function readTensors(path: string): Promise<Map<string, Float32Array>> {
  const source = bytesSource(path, readFileSync(path));
  const { tensors } = await readSafetensorsHeader(source);
  const result = new Map<string, Float32Array>();
  for (const info of tensors.values()) result.set(info.name, await readTensorAsFloat32(source, info));
  return result;
}

export function relativeL2(actual: ArrayLike<number>, expected: Float32Array): number {
  const difference = expected.reduce((total, value, i) => total + ((actual[i] as number) - value) ** 2, 0);
  return Math.sqrt(difference / expected.reduce((total, value) => total + value ** 2, 0));
}

/** PEFT's saved tensor names over an adapter's matrices and its score head. */
export function namedTensors(adapter: LoraAdapter): Map<string, Float32Array> {
  const matrices = [...adapter.modules].flatMap(([name, { A, B }]): [string, Float32Array][] => [
    [`base_model.model.${name}.lora_A.weight`, A.data],
    [`base_model.model.${name}.lora_B.weight`, B.data],
  ]);
  return new Map(adapter.score ? [...matrices, ['base_model.model.score.weight', adapter.score]] : matrices);
}

/** Opens a model with its golden fixtures: where they lie, its initial adapter and the pairs. */
export async function openGolden(name: string, path: string, executor: Executor) {
  const golden = join('fixtures/golden', name);
  return {
    golden,
    model: await loadModel(await openCheckpoint(name, directory(path)), executor),
    adapter: await readPeftAdapter(directory(join(golden, 'init-adapter'))),
    pairs: encode((json(join(golden, 'tokens.json')) as { pairs: TokenRow[] }).pairs),
  };
}

/**
 * How far what training moved lies from what it moved for TRL.
 * @param directory of the run, with the adapter that TRL trained
 * @returns the relative L2 of each of its tensors
 */
export async function moveErrors(
  before: LoraAdapter,
  after: LoraAdapter,
  directory: string,
): Promise<Map<string, number>> {
  const [start, moved] = [namedTensors(before), namedTensors(after)];
  const expected = await readTensors(join(directory, 'adapter_model.safetensors'));
  return new Map(
    [...expected].map(([tensor, values]) => {
      const move = (to: Float32Array): Float32Array => to.map((value, i) => value - (start.get(tensor)?.[i] as number));
      return [tensor, relativeL2(move(moved.get(tensor) as Float32Array), move(values))];
    }),
  );
}

/** The largest differences of a run from TRL's. */
export interface RunErrors {
  readonly steps: number;
  readonly loss: number;
  /** Relative. */
  readonly gradNorm: number;
  readonly learningRate: number;
  readonly rewards: number;
  readonly logps: number;
  /** Whether every step counts as many tokens. */
  readonly sameTokens: boolean;
  /** Relative L2 of what training moved, of the worst tensor: of an adapter, a weight decay of 0.01 is a thousandth. */
  readonly move: number;
}

/** Where a run's rows lie among those that each model has encoded; one that is not there is at its own place. */
function placesOf(path: string): number[] {
  const rows = jsonLines('fixtures/pairs.jsonl').map((row) => JSON.stringify(row));
  return jsonLines(path).map((row, i) => {
    const place = rows.indexOf(JSON.stringify(row));
    return place < 0 ? i : place;
  });
}

/** The scores and margins that a run's rows came with. */
const factsOf = (path: string): Pick<EncodedPair, 'scores' | 'margin'>[] =>
  jsonLines<{ chosen_score?: number; rejected_score?: number; margin?: number }>(path).map(
    ({ chosen_score: chosen, rejected_score: rejected, margin }) => ({
      scores: chosen === undefined || rejected === undefined ? null : { chosen, rejected },
      margin,
    }),
  );

/** What RewardTrainer logs of its scores. */
const scoreNames = ['accuracy', 'margin', 'min_reward', 'mean_reward', 'max_reward'] as const;

/**
 * Repeats a golden run from its initial adapter.
 * @param shared the initial adapter of the runs that have none of their own beside them
 */
export async function repeatRun(
  model: LoadedModel,
  { golden, run }: { readonly golden: string; readonly run: string },
  shared: LoraAdapter,
  pairs: readonly EncodedPair[],
  padding: number | null = null,
): Promise<RunErrors> {
  const own = join(golden, run, 'init-adapter');
  const adapter = existsSync(own) ? await readPeftAdapter(directory(own)) : shared;
  const expected = jsonLines<StepMetrics>(join(golden, run, 'metrics.jsonl'));
  const config = parseRunConfig(parse(readFileSync(join(golden, run, 'config.yaml'), 'utf8')), 'config.yaml');
  const ownPairs = join(golden, run, 'pairs.jsonl');
  const ownTokens = join(golden, run, 'tokens.jsonl');
  const facts = existsSync(ownPairs) ? factsOf(ownPairs) : [];
  const chosen = existsSync(ownPairs)
    ? placesOf(ownPairs).map((place, i) => ({ ...(pairs[place] as EncodedPair), ...facts[i] }))
    : pairs;
  const examples = existsSync(ownTokens) ? encode(jsonLines(ownTokens)) : examplesOf(config, chosen);
  const { metrics, adapter: trained } = await train(model, {
    config,
    pairs: examples,
    initAdapter: adapter,
    padding,
  });
  const largest = (names: readonly (keyof StepMetrics)[]): number =>
    Math.max(
      ...expected.flatMap((wanted, i) =>
        names
          .filter((name) => wanted[name] !== undefined)
          .map((name) => Math.abs((metrics[i]?.[name] as number) - (wanted[name] as number))),
      ),
    );
  const moves = await moveErrors(adapter, trained, join(golden, run));
  return {
    steps: metrics.length - expected.length,
    loss: largest(['loss']),
    gradNorm: Math.max(...expected.map(({ grad_norm }, i) => Math.abs((metrics[i]?.grad_norm ?? NaN) / grad_norm - 1))),
    learningRate: largest(['learning_rate']),
    rewards: largest([
      'rewards/chosen',
      'rewards/rejected',
      'rewards/margins',
      'rewards/accuracies',
      'kl',
      ...scoreNames,
    ]),
    logps: largest(['logps/chosen', 'logps/rejected']),
    sameTokens: expected.every(
      ({ num_tokens }, i) => num_tokens === undefined || num_tokens === metrics[i]?.num_tokens,
    ),
    move: Math.max(...moves.values()),
  };
}
