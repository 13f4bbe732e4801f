/** @file How many optimiser steps a run has, as transformers' Trainer counts them (5.18, trainer.py). */
import { questionsAbout } from '../data/judge-question';
import type { RunConfig } from './config';

type BatchSettings = Pick<
  RunConfig,
  'method' | 'per_device_train_batch_size' | 'gradient_accumulation_steps' | 'num_generations' | 'num_iterations'
>;

/** Whether a batch is so many answers, as RLOOTrainer's and PPOTrainer's; those of others are of pairs or prompts. */
export const batchesCountAnswers = (method: RunConfig['method']): boolean => method === 'rloo' || method === 'ppo';

/** How many answers to a prompt are drawn: of PPO, which does not hold them against each other, one. */
export const answersAPrompt = ({
  method,
  num_generations,
}: Pick<BatchSettings, 'method' | 'num_generations'>): number => (method === 'ppo' ? 1 : num_generations);

/** How many answers a step draws: to the prompts of all its micro-batches. */
export const answersAStep = (config: Omit<BatchSettings, 'num_iterations'>): number =>
  config.per_device_train_batch_size *
  config.gradient_accumulation_steps *
  (batchesCountAnswers(config.method) ? 1 : answersAPrompt(config));

/** How many prompts are answered at once by a method whose batches are of answers. */
export const promptsAtOnce = (config: BatchSettings): number =>
  (config.per_device_train_batch_size * config.gradient_accumulation_steps) / answersAPrompt(config);

/**
 * At most how many questions a judge is asked about a step's new answers, two a comparison; a lone answer to a prompt
 * is compared with its reference. Null where no judge compares them.
 */
export function questionsAStep(config: BatchSettings & Pick<RunConfig, 'reward'>): number | null {
  if (config.reward === null || !('judge' in config.reward)) return null;
  const { per_device_train_batch_size, gradient_accumulation_steps, method } = config;
  const prompts = batchesCountAnswers(method)
    ? promptsAtOnce(config)
    : per_device_train_batch_size * gradient_accumulation_steps;
  const answers = answersAPrompt(config);
  return prompts * questionsAbout(Math.max(2, answers)).questions;
}

/**
 * Groups of micro-batches never cross an epoch, so an epoch's last step may be smaller. A method whose batches are of
 * answers leaves out prompts that would not fill a step, and takes `num_iterations` steps on the answers to each group,
 * as TRL's RepeatSampler does.
 */
export function stepsPerEpoch(config: BatchSettings, pairs: number): number {
  if (batchesCountAnswers(config.method)) return Math.floor(pairs / promptsAtOnce(config)) * config.num_iterations;
  return Math.ceil(Math.ceil(pairs / config.per_device_train_batch_size) / config.gradient_accumulation_steps);
}

export function countSteps(
  config: BatchSettings & Pick<RunConfig, 'max_steps' | 'num_train_epochs'>,
  pairs: number,
): number {
  return config.max_steps > 0 ? config.max_steps : Math.ceil(config.num_train_epochs * stepsPerEpoch(config, pairs));
}
