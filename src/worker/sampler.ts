/**
 * @file Answers to fixed prompts by an adapter that is being trained, and how far it has moved: a greedy answer to
 * read, and one drawn from the policy (temperature 1, nothing cut off), whose log-probs give the KL estimate of
 * evaluation/kl.ts.
 */
import { sumOf } from '../core/statistics';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { estimateSequenceKl } from '../evaluation/kl';
import type { AnswerOptions } from '../generation/answer';
import { answerPrompts } from '../generation/answer';
import type { DecodeEngine } from '../generation/decode-engine';
import { RowRunner } from '../training/row-runner';
import { computeLogps } from '../training/trainer';
import type { SampledAnswer, SampleSettings } from './protocol';

const greedy = { temperature: 0, topK: 0, topP: 1 } as const;
const drawn = { temperature: 1, topK: 0, topP: 1 } as const;

export interface Samples {
  readonly answers: readonly SampledAnswer[];
  /** The KL estimate in nats an answer; null where no prompt was answered. */
  readonly kl: number | null;
}

export interface SamplingRequest extends SampleSettings {
  readonly policy: DeviceAdapter;
  /** The reference's adapter; null is the base. */
  readonly reference: DeviceAdapter | null;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Answers the prompts and estimates the KL. The draws have fixed seeds, so that two evaluations differ by the adapter
 * alone.
 */
export async function sampleAnswers(
  opened: OpenedModel,
  engine: DecodeEngine,
  { prompts, maxNewTokens, policy, reference, signal }: SamplingRequest,
): Promise<Samples> {
  const ask = (options: Pick<AnswerOptions, 'temperature' | 'topK' | 'topP'>, seedOf: (index: number) => number) =>
    prompts.map((prompt, index) => ({
      prompt,
      adapter: policy,
      options: { ...options, seed: seedOf(index), maxNewTokens },
    }));
  const requests = [...ask(greedy, () => 0), ...ask(drawn, (index) => index)];
  const written = await answerPrompts(opened, engine, requests, { signal });
  const draws = written.slice(prompts.length).filter(({ finish, ids }) => finish !== 'stopped' && ids.length > 0);
  // Those that were stopped before a word was written are no answers.
  const answers = written
    .slice(0, prompts.length)
    .filter(({ finish, ids }) => finish !== 'stopped' || ids.length > 0)
    .map(({ text, ids, finish }) => ({ text, tokens: ids.length, finish }));
  const runner = new RowRunner(opened.model);
  try {
    const items = draws.map(({ promptIds, ids }) => ({ promptIds, completions: [ids] }));
    const scored = await computeLogps(runner, items, reference);
    const ratios = draws.map(({ logps }, i) => ({
      policy: sumOf(logps),
      reference: sumOf(scored[i]?.chosen ?? []),
    }));
    const { mean } =
      ratios.length > 0
        ? estimateSequenceKl(
            ratios.map(({ policy: logp }) => logp),
            ratios.map(({ reference: logp }) => logp),
          )
        : { mean: null };
    return { answers, kl: mean };
  } finally {
    await runner.dispose();
  }
}
