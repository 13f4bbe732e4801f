/** @file What is kept of the review of a data set's labels: what judged them, and which of them a person looked at. */
import { z } from '../core/zod';
import { quickList } from './quick-list';
import { count, mapping, maybe, type Kept, type Shape } from './versioned';

const share = z.number().min(0).max(1);

const judgedSchema = mapping({
  by: z.enum(['words', 'runs']),
  /** The model that was trained, and the run whose settings it had, where that was so. */
  model: maybe(z.string()),
  run: maybe(z.string()),
  /** ISO 8601. */
  at: z.string(),
  /** Of the labels as they were then (evaluation/label-doctor.ts). */
  noise: mapping({ share, low: share, high: share, scale: z.number().positive() }),
  pairs: count,
  /**
   * By the pair's two answers in either order: how much the judge prefers the first of them in the order of their
   * texts.
   */
  margins: quickList(mapping({ key: z.string(), margin: z.number() })),
  /** The labels as they were then. */
  labels: quickList(z.string()),
});
/** How a judge that has not learned the labels sees them. */
export type JudgedLabels = Kept<typeof judgedSchema>;

const labelReviewSchema = mapping({
  judged: judgedSchema.nullable(),
  /** The labels that a person looked at and let stand. */
  confirmed: quickList(z.string()),
});
export type LabelReview = Kept<typeof labelReviewSchema>;

export const labelReviewShape: Shape<LabelReview> = {
  name: "The review of a data set's labels",
  version: 1,
  migrations: {},
  schema: labelReviewSchema,
};
