/** @file The training form as it is kept. A field that a stored form lacks is as the form begins. */
import { z } from '../../../core/zod';
import { mapping } from '../../../storage/versioned';
import { methods, schedulerTypes } from '../../../run/config';
import { bestMetrics } from '../../../run/evaluation';
import { fDivergenceTypes, klEstimators, onlineLossNames } from '../../../run/objectives';
import { rewardIdSchema } from '../compare/best-of';
import { layerChoices } from './layers';
import { checkpointingChoices, initialForm, lossNames, numberFields, type NumberKey, type TrainForm } from './options';

const numberKeys = Object.keys(numberFields) as NumberKey[];

const schema = mapping({
  ...(Object.fromEntries(numberKeys.map((key) => [key, z.string().default(initialForm[key])])) as Record<
    NumberKey,
    z.ZodDefault<z.ZodString>
  >),
  method: z.enum([...methods, 'both']).default(initialForm.method),
  loss_type: z.enum(lossNames).default(initialForm.loss_type),
  f_divergence_type: z.enum(fDivergenceTypes).default(initialForm.f_divergence_type),
  soft_labels: z.boolean().default(initialForm.soft_labels),
  use_weighting: z.boolean().default(initialForm.use_weighting),
  score_margins: z.boolean().default(initialForm.score_margins),
  reward: rewardIdSchema.default(initialForm.reward),
  normalize_advantages: z.boolean().default(initialForm.normalize_advantages),
  mask_truncated_completions: z.boolean().default(initialForm.mask_truncated_completions),
  whiten_rewards: z.boolean().default(initialForm.whiten_rewards),
  online_loss: z.enum(onlineLossNames).default(initialForm.online_loss),
  kl_estimator: z.enum(klEstimators).default(initialForm.kl_estimator),
  duration: z.enum(['epochs', 'steps']).default(initialForm.duration),
  budget: z.enum(['tokens', 'steps']).default(initialForm.budget),
  targets: z.enum(['all-linear', 'chosen']).default(initialForm.targets),
  target_modules: z.array(z.string()).default([...initialForm.target_modules]),
  layers: z.enum(layerChoices).default(initialForm.layers),
  layer_list: z.string().default(initialForm.layer_list),
  lr_scheduler_type: z.enum(schedulerTypes).default(initialForm.lr_scheduler_type),
  gradient_checkpointing: z.enum(checkpointingChoices).default(initialForm.gradient_checkpointing),
  shuffle: z.boolean().default(initialForm.shuffle),
  evaluate: z.boolean().default(initialForm.evaluate),
  metric_for_best_model: z.enum(bestMetrics).default(initialForm.metric_for_best_model),
  load_best_model_at_end: z.boolean().default(initialForm.load_best_model_at_end),
  sample: z.boolean().default(initialForm.sample),
  sample_prompts: z.string().default(initialForm.sample_prompts),
});

/** Every field of the form is kept: one that the schema lacks does not compile here. */
export const trainFormSchema: z.ZodType<TrainForm> = schema;
