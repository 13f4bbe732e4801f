/**
 * @file How the starter trains and asks: settings that were chosen by trying them on the model that ships with Airlock,
 * on prompts other than those that are shown, so that all of it takes at most three minutes on two CPU cores without a
 * GPU. `npm run experiment:starter` measures them (docs/experiments.md).
 */
import type { StarterTaskId } from '../data/starter-task';
import type { RunSettings } from './config';

/**
 * The tasks that are offered as a demonstration: those where DPO was clearly above SFT and base with each of five seeds
 * (docs/experiments.md). The others stay in the experiments until a recipe holds.
 */
export const starterDemonstrations: readonly StarterTaskId[] = ['sentiment', 'sentiment-ko'];

/** Number of pairs taken from the head of each task's training file; fewer where pairs are long. */
export const starterPairs: Readonly<Record<StarterTaskId, number>> = {
  sentiment: 240,
  'sentiment-ko': 240,
  summarization: 240,
  dialogue: 240,
};

/**
 * Number of held-out prompts, from the head of the task's evaluation file, that base, SFT and DPO each answer. Settings
 * are chosen on the prompts behind them.
 */
export const starterPrompts = 96;

/** Number of these prompts whose answers tell how far DPO went from the SFT model. */
export const starterKlPrompts = 32;

/**
 * Answers are sampled, not greedy: the base is undecided, which its likeliest answer alone would hide. At 0.7 a model
 * of this size writes more broken words.
 */
export const starterSampling = { maxNewTokens: 64, temperature: 0.5, topK: 0, topP: 1 } as const;

/** At temperature 1 log-probabilities are those of the draw, as an estimate of KL needs. */
export const starterKlSampling = { ...starterSampling, temperature: 1 } as const;

/**
 * The seed of training and of sampling that the page shows: of the five that were measured the one whose difference
 * between DPO and SFT is the middle one.
 */
export const starterSeed = 4;

/** The seed of one prompt's answer: of its own, or chance would make the same choice for every prompt. */
export const answerSeed = (seed: number, prompt: number, forKl: boolean): number =>
  1000 * seed + (forKl ? 500 : 0) + prompt;

const shared: RunSettings = {
  lr_scheduler_type: 'linear',
  warmup_steps: 0.1,
  num_train_epochs: 1,
  max_steps: -1,
  per_device_train_batch_size: 8,
  gradient_accumulation_steps: 1,
  max_length: 256,
  seed: starterSeed,
  lora_r: 16,
  lora_alpha: 32,
  lora_target_modules: 'all-linear',
};

/**
 * Settings of DPO by task. The SFT term beside the loss keeps the chosen answers likely: without it DPO lowers both,
 * and the text falls apart long before it has learned to praise (docs/log.md).
 */
const dpo: Readonly<Record<StarterTaskId, RunSettings>> = {
  sentiment: { beta: 0.3, learning_rate: 2e-3, num_train_epochs: 1.34 },
  'sentiment-ko': { beta: 0.1, learning_rate: 3e-3, num_train_epochs: 3 },
  summarization: { beta: 0.5, learning_rate: 1e-3 },
  dialogue: { beta: 0.5, learning_rate: 1e-3 },
};

/**
 * The layers that learn, all where nothing is said. In the English model what the lowest ones change is amplified about
 * 18 times, most of it noise: without them DPO gets as far at half the divergence, and in less time
 * (docs/experiments.md).
 */
const layers: Partial<Record<StarterTaskId, RunSettings>> = { sentiment: { layers_to_transform: [3, 4, 5] } };

/** SFT, then DPO from the SFT model, which is its reference, as in the DPO paper. */
export const starterRuns = (task: StarterTaskId): { readonly sft: RunSettings; readonly dpo: RunSettings } => ({
  sft: { ...shared, ...layers[task], method: 'sft', learning_rate: 1e-3 },
  dpo: { ...shared, ...layers[task], method: 'dpo', loss_type: ['sigmoid', 'sft'], loss_weights: [1, 1], ...dpo[task] },
});
