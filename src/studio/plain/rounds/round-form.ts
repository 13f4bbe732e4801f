/** @file The form that begins a round, as typed; and what it asks for, or what is in the way. Pure. */
import { z } from '../../../core/zod';
import { mapping, type Kept } from '../../../storage/versioned';
import { rewardIdSchema, type RewardId } from '../compare/best-of';
import {
  readPairsForm,
  type PairsForm,
  type PairsObstacle,
  type PairsPlan,
  type PairsSources,
} from '../compare/pairs-of-answers';
import { samplingFields } from '../compare/sampling';
import { parseNumber, type NumberProblem } from '../numbers';

/** A person compares each answer to a prompt with each other: of four answers that is six times. */
export const answerCounts = { analyst: [2, 3, 4], reward: [2, 4, 8, 16] } as const;

export const roundFormSchema = mapping({
  source: z.enum(['dataset', 'typed']).default('dataset'),
  /** Prompts as typed, one a line. */
  prompts: z.string().default(''),
  count: z.string().default('20'),
  judge: z.enum(['analyst', 'reward']).default('analyst'),
  reward: rewardIdSchema.default('rules'),
  answers: mapping({ analyst: z.literal(answerCounts.analyst), reward: z.literal(answerCounts.reward) }).default({
    analyst: 2,
    reward: 4,
  }),
  temperature: z.string().default('0.8'),
  maxNewTokens: z.string().default('128'),
});
export type RoundForm = Kept<typeof roundFormSchema> & { readonly reward: RewardId };

export const initialRoundForm: RoundForm = roundFormSchema.parse({});

export type RoundNumber = 'count' | 'temperature' | 'maxNewTokens';

export interface ReadRoundForm {
  readonly plan: (PairsPlan & { readonly answers: number }) | null;
  readonly obstacle: PairsObstacle | null;
  readonly problems: Readonly<Partial<Record<RoundNumber, NumberProblem>>>;
}

/** The form of pairs from answers that asks for the same, of the run. */
export const pairsFormOf = (form: RoundForm, runId: string): PairsForm => ({
  ...{ source: form.source, prompts: form.prompts, count: form.count, runId },
  answers: form.answers.reward,
  reward: form.reward,
});

/** @param number of the round, which draws its answers by seeds of its own */
export function readRoundForm(form: RoundForm, sources: Omit<PairsSources, 'sampling'>, number: number): ReadRoundForm {
  const temperature = parseNumber(form.temperature, samplingFields.temperature);
  const maxNewTokens = parseNumber(form.maxNewTokens, samplingFields.maxNewTokens);
  const sampling =
    temperature.value === null || maxNewTokens.value === null
      ? null
      : {
          temperature: temperature.value,
          maxNewTokens: maxNewTokens.value,
          ...{ topK: 0, topP: 1, seed: 1_000_000 * number },
        };
  const isAnalyst = form.judge === 'analyst';
  const asked = pairsFormOf(isAnalyst ? { ...form, reward: 'rules' } : form, '');
  const read = readPairsForm(asked, { ...sources, sampling, ...(isAnalyst && { hasRules: true }) });
  const answers = form.answers[form.judge];
  return {
    plan: read.plan && { ...read.plan, answers },
    obstacle: read.obstacle,
    problems: {
      ...(read.countProblem && { count: read.countProblem }),
      ...(temperature.problem && { temperature: temperature.problem }),
      ...(maxNewTokens.problem && { maxNewTokens: maxNewTokens.problem }),
    },
  };
}
