/**
 * @file The form of a set of rules by which answers are judged, as a file and a run's record hold it. What a rule
 * demands of an answer stands in evaluation/rules.ts.
 */
import { z } from '../core/zod';

const weight = z.number().positive().max(1000).default(1);
const text = z.string().min(1).max(10_000);
const most = z.number().min(0);

/** One rule, by its kind; what each demands stands in `checks`. */
const ruleSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('contains'), text, ignore_case: z.boolean().default(true), weight }),
  z.strictObject({ kind: z.literal('not_contains'), text, ignore_case: z.boolean().default(true), weight }),
  z.strictObject({ kind: z.literal('pattern'), pattern: z.string().min(1).max(1000), weight }),
  z.strictObject({
    kind: z.literal('length'),
    unit: z.enum(['words', 'tokens', 'characters']).default('words'),
    min: most.default(0),
    max: most.nullable().default(null),
    weight,
  }),
  z.strictObject({ kind: z.literal('json'), weight }),
  z.strictObject({ kind: z.literal('one_of'), values: z.array(text).min(1).max(1000).readonly(), weight }),
  z.strictObject({
    kind: z.literal('language'),
    language: z.enum(['ko', 'en']),
    min_share: z.number().gt(0).max(1).default(0.8),
    weight,
  }),
  z.strictObject({ kind: z.literal('ends_properly'), weight }),
  z.strictObject({
    kind: z.literal('reference'),
    match: z.enum(['equal', 'contains', 'numbers']).default('equal'),
    weight,
  }),
]);
export type Rule = z.infer<typeof ruleSchema>;
export type RuleKind = Rule['kind'];

export const rulesSchema = z.strictObject({
  version: z.literal(1),
  rules: z.array(ruleSchema).min(1).max(100).readonly(),
});
export type Rules = z.infer<typeof rulesSchema>;
