/**
 * @file Answers to fixed prompts by an adapter that is being trained, and how far it has moved: a greedy answer to
 * read, and one drawn from the policy (temperature 1, nothing cut off), whose log-probs give the KL estimate of
 * evaluation/kl.ts.
 */
import { sumOf } from '../core/statistics';
import type { DeviceAdapter } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { estimateSequenceKl } from '../evaluation/kl';
import { answerPrompt } from '../generation/answer';
import type { DecodeEngine } from '../generation/decoder';
import { RowRunner } from '../training/row-runner';
import { computeLogps } from '../training/trainer';
import type { SampledAnswer, SampleSettings } from './protocol';

const greedy = { temperature: 0, topK: 0, topP: 1, seed: 0 } as const;
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
  const runner = new RowRunner(opened.model);
  const answers: SampledAnswer[] = [];
  const ratios: { readonly policy: number; readonly reference: number }[] = [];
  try {
    for (const [index, prompt] of prompts.entries()) {
      if (signal?.aborted) break;
      const { text, ids, finish } = await answerPrompt(opened, engine, policy, prompt, {
        ...greedy,
        maxNewTokens,
        signal,
      });
      answers.push({ text, tokens: ids.length, finish });
      const draw = await answerPrompt(opened, engine, policy, prompt, { ...drawn, seed: index, maxNewTokens, signal });
      if (draw.finish === 'stopped' || draw.ids.length === 0) break;
      const [scored] = await computeLogps(runner, [{ promptIds: draw.promptIds, completions: [draw.ids] }], reference);
      ratios.push({ policy: sumOf(draw.logps), reference: sumOf(scored?.chosen ?? []) });
    }
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
