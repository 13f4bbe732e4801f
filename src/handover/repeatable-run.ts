/**
 * @file What another trainer needs to repeat a run and to see that it does: the rows in the order of the steps, the
 * adapter that it started from, the reference, and the numbers that must come out. Computed here; bundle.ts writes it.
 */
import { UserError } from '../core/errors';
import { isChatPair, type PreferencePair } from '../data/preference-pair';
import { uploadAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import { toPeft } from '../models/lora';
import { precisionOf } from '../models/stages';
import { chooseObjective, startsAtLn2 } from '../run/choose-objective';
import type { RunConfig } from '../run/config';
import type { PairLogps } from '../run/reports';
import { requireTrl, trainingOrder, type RunToRepeat } from '../run/trl';
import { sumOf } from '../core/statistics';
import { encodeDataset } from '../training/encode-dataset';
import { encodingOf, examplesOf, textsOf } from '../training/examples';
import { completionsOf } from '../training/packing';
import { RowRunner } from '../training/row-runner';
import { computeLogps, freshLora } from '../training/trainer';

export interface RepeatableRun {
  readonly config: RunConfig;
  /** Tokens of prompt and answer, no more than the model's context. */
  readonly maxLength: number;
  /** The pairs, or answers judged alone, in the order in which the trainer takes them. */
  readonly rows: readonly PreferencePair[];
  readonly maxSteps: number | null;
  /** Where the first step starts. */
  readonly start: LoraAdapter;
  /** The frozen adapter of the reference; null: the base as it is. */
  readonly reference: LoraAdapter | null;
  /** Log-probabilities of the first rows under `start`, one entry a row. */
  readonly logps: readonly PairLogps[];
  /** Losses of the first steps; empty where the run's base was held in less than float32. */
  readonly losses: readonly number[];
  /** Whether the first step's loss is ln 2. */
  readonly startsAtLn2: boolean;
  /** The chat template that the base does not bring along; null where there is none. */
  readonly chatTemplate: string | null;
}

const compared = { pairs: 8, steps: 10 } as const;

/** What was trained on: pairs or judged answers, those that can be encoded, all of one form. */
async function trainedRows(
  opened: OpenedModel,
  { config, pairs }: RunToRepeat<LoraAdapter>,
  signal: AbortSignal | undefined,
) {
  const options = { signal, ...encodingOf(config) };
  const { indices, pairs: encoded } = await encodeDataset(opened, pairs, config.max_length, options);
  const kept = indices.map((index) => pairs[index] as PreferencePair);
  const chats = kept.filter(isChatPair).length;
  if (kept.length === 0) throw new UserError('noPairs');
  if (chats > 0 && chats < kept.length) throw new UserError('trlOneForm', { chats, texts: kept.length - chats });
  return { kept: textsOf(config, kept), encoded: examplesOf(config, encoded) };
}

/** Log-probabilities of the first rows under the adapter that training starts from. */
async function scoreFirst(
  opened: OpenedModel,
  encoded: Awaited<ReturnType<typeof trainedRows>>['encoded'],
  start: LoraAdapter,
  signal: AbortSignal | undefined,
): Promise<PairLogps[]> {
  const adapter = uploadAdapter(opened.model, start);
  const runner = new RowRunner(opened.model);
  try {
    const items = encoded.map((pair) => completionsOf(pair));
    const logps = await computeLogps(runner, items, adapter, { signal });
    return encoded.map(({ promptIds, chosenIds, rejectedIds }, i) => ({
      prompt_tokens: promptIds.length,
      chosen_tokens: chosenIds.length,
      rejected_tokens: rejectedIds.length,
      chosen_logps: sumOf(logps[i]?.chosen ?? []),
      rejected_logps: sumOf(logps[i]?.rejected ?? []),
    }));
  } finally {
    adapter.dispose();
    await runner.dispose();
  }
}

function firstLosses({ metrics }: RunToRepeat<LoraAdapter>, exactSteps: number): number[] {
  const first = metrics.filter(({ step }) => step <= Math.min(compared.steps, exactSteps));
  return first.every(({ step }, i) => step === i + 1) ? first.map(({ loss }) => loss) : [];
}

/**
 * Gathers what repeating a run takes; the first rows are scored on the open model.
 * @param heldAs how the base was held in the run
 * @throws UserError for what TRL cannot run, and for a run that did not begin at its first step
 */
export async function repeatRun(
  opened: OpenedModel,
  run: RunToRepeat<LoraAdapter>,
  heldAs: string,
  signal?: AbortSignal,
): Promise<RepeatableRun> {
  const { config, initAdapter, refAdapter, metrics } = run;
  requireTrl(config);
  if ((metrics[0]?.step ?? 1) !== 1) throw new UserError('trlFromItsStart', { step: metrics[0]?.step ?? 0 });
  const { model, template } = opened;
  const { kept, encoded } = await trainedRows(opened, run, signal);
  const { rows, exactSteps, maxSteps } = trainingOrder(config, kept.length);
  const { layout, blocks } = freshLora(model, config);
  // B = 0: the base, where an adapter has to stand for it.
  const fresh = toPeft(model.shape.architecture, layout, blocks, model.name);
  const start = initAdapter ?? fresh;
  const frozen = refAdapter === 'base' ? initAdapter && fresh : (refAdapter ?? initAdapter);
  const first = rows.slice(0, compared.pairs).map((row) => encoded[row] as (typeof encoded)[number]);
  const isExact = heldAs === 'float32' && precisionOf(model.shape) === 'float32';
  const { usesReference } = chooseObjective(config).objective;
  return {
    config,
    maxLength: Math.min(config.max_length, model.shape.config.contextLength),
    rows: rows.map((row) => kept[row] as PreferencePair),
    maxSteps,
    start,
    reference: usesReference ? frozen : null,
    logps: isExact ? await scoreFirst(opened, first, start, signal) : [],
    losses: isExact ? firstLosses(run, exactSteps) : [],
    startsAtLn2: startsAtLn2(config) && frozen === initAdapter,
    chatTemplate: !template.isOwn && kept.some(isChatPair) ? template.source : null,
  };
}
