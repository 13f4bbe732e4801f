/** @file Presets of the training form: what to begin with for a kind of data. Names and reasons are in the text. */
import { initialForm, withLoss, type TrainForm } from './options';

export type PresetId = 'standard' | 'small' | 'long' | 'noisy';

/** The settings that no preset changes. */
const own: readonly (keyof TrainForm)[] = [
  'method',
  'budget',
  'sample',
  'sample_prompts',
  'targets',
  'target_modules',
  'max_length',
];

const standard: Partial<TrainForm> = Object.fromEntries(
  Object.entries(initialForm).filter(([key]) => !own.includes(key as keyof TrainForm)),
);

export const presets: Readonly<Record<PresetId, Partial<TrainForm>>> = {
  standard: { ...standard, ...withLoss('sigmoid') },
  small: {
    ...standard,
    ...withLoss('sigmoid'),
    beta: '0.2',
    sft_weight: '0.2',
    dpo_learning_rate: '5e-5',
    sft_learning_rate: '1e-4',
    warmup_steps: '0.1',
    gradient_accumulation_steps: '4',
  },
  long: {
    ...standard,
    ...withLoss('sigmoid'),
    ld_alpha: '0.5',
    max_length: '1024',
    per_device_train_batch_size: '1',
    gradient_accumulation_steps: '8',
    dpo_learning_rate: '5e-5',
    warmup_steps: '0.1',
  },
  noisy: {
    ...standard,
    ...withLoss('robust'),
    num_train_epochs: '1',
    gradient_accumulation_steps: '4',
    dpo_learning_rate: '5e-5',
    warmup_steps: '0.1',
  },
};

export const presetIds = Object.keys(presets) as PresetId[];
