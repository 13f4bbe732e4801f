/**
 * @file What a judge of another base needs of memory beside the policy whose answers it compares, and how its weights
 * are to be held so that both fit.
 */
import { precisions, type Precision } from '../core/dtype';
import { besideHeapBytes, countWeightBytes } from '../engine/weight-list';
import { answersAtOnce } from '../models/decode-caches';
import type { ModelShape } from '../models/stages';
import { withDefaults } from '../run/config';
import type { Grants, PlanSettings } from '../run/memory-plan';
import { estimateMemory, findShortages } from './memory-plan';

/** Tokens of a question beside the prompt and the two answers, with room for a tokenizer that cuts finer. */
const questionTokens = 256;

export type JudgeNeeds = Required<Pick<PlanSettings, 'judge_bytes' | 'judge_heap_bytes'>>;

/**
 * Adds up what the judge holds: its weights, the keys and values of a question in both orders, and on WASM its heap.
 * @param judge with the precision at which it is to be held
 */
export function judgeNeeds(
  judge: ModelShape,
  policy: ModelShape,
  device: Grants['device'],
  settings: PlanSettings,
): JudgeNeeds {
  const { max_length, max_completion_length } = { ...withDefaults({ method: settings.method }), ...settings };
  const tokens = Math.min(judge.config.contextLength, max_length + max_completion_length + questionTokens);
  return {
    judge_bytes: countWeightBytes(judge) + answersAtOnce(judge.config, device, 2, tokens).bytes,
    judge_heap_bytes: device === 'wasm' ? besideHeapBytes(judge, policy).bytes : 0,
  };
}

/**
 * Chooses the most exact precision at which the judge fits beside a run of the policy; where none does, the smallest.
 * @param settings with the bytes of the judge's adapter in `judge_bytes`
 * @returns the settings with what the judge needs at that precision
 */
export function planJudge(
  judge: ModelShape,
  policy: ModelShape,
  settings: PlanSettings,
  grants: Grants,
): { readonly precision: Precision; readonly settings: PlanSettings } {
  const taken = precisions.filter((precision) => precision !== 'float16' || grants.takesFloat16);
  const plans = taken.map((precision) => ({
    precision,
    settings: withJudge(settings, judgeNeeds({ ...judge, precision }, policy, grants.device, settings)),
  }));
  const fits = (plan: (typeof plans)[number]): boolean =>
    findShortages(estimateMemory(policy, grants.device, plan.settings), grants).length === 0;
  return plans.find(fits) ?? (plans.at(-1) as (typeof plans)[number]);
}

/** The settings with what a judge needs beside its adapter, which they have already. */
export const withJudge = (settings: PlanSettings, { judge_bytes, judge_heap_bytes }: JudgeNeeds): PlanSettings => ({
  ...settings,
  judge_bytes: (settings.judge_bytes ?? 0) + judge_bytes,
  judge_heap_bytes,
});
