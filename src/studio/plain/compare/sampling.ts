/** @file How answers are drawn, as a form: temperature, top-k, top-p, length and seed. */
import { z } from '../../../core/zod';
import { mapping } from '../../../storage/versioned';
import type { SamplingOptions } from '../../../worker/protocol';
import { parseNumber, type NumberProblem, type NumberRule } from '../numbers';

export type SamplingKey = keyof SamplingOptions;
export type SamplingForm = Readonly<Record<SamplingKey, string>>;

export const samplingFields: Readonly<Record<SamplingKey, NumberRule & { readonly initial: string }>> = {
  maxNewTokens: { initial: '128', min: 1, max: 100_000, integer: true },
  temperature: { initial: '0', min: 0, max: 10 },
  topK: { initial: '0', min: 0, max: 1_000_000, integer: true },
  topP: { initial: '1', min: 0, above: true, max: 1 },
  seed: { initial: '0', min: 0, max: 4_294_967_295, integer: true },
};

const samplingKeys = Object.keys(samplingFields) as SamplingKey[];

export const samplingSchema = mapping(
  Object.fromEntries(samplingKeys.map((key) => [key, z.string().default(samplingFields[key].initial)])),
) as unknown as z.ZodType<SamplingForm>;

export const initialSampling: SamplingForm = samplingSchema.parse({});

export function readSampling(form: SamplingForm): {
  readonly options: SamplingOptions | null;
  readonly problems: Partial<Record<SamplingKey, NumberProblem>>;
} {
  const problems: Partial<Record<SamplingKey, NumberProblem>> = {};
  const values: Record<string, number> = {};
  for (const key of samplingKeys) {
    const { value, problem } = parseNumber(form[key], samplingFields[key]);
    if (problem !== null) problems[key] = problem;
    else values[key] = value;
  }
  const whole = Object.keys(problems).length === 0;
  return { options: whole ? (values as unknown as SamplingOptions) : null, problems };
}
