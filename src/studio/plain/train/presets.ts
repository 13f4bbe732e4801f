/** @file Presets of the training form: what to begin with for a kind of data. Names and reasons are in the text. */
import type { PairReport } from '../../../run/reports';
import { initialForm, withLoss, type TrainForm } from './options';

export type PresetId = 'standard' | 'small' | 'long' | 'noisy';

/** The settings that no preset changes. */
const own: readonly (keyof TrainForm)[] = [
  'method',
  'reward',
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
    warmup_steps: '0.1',
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

/** Whether presets are of this method: what they set is for pairs and their usual rates, and wrong elsewhere. */
export const isOfPresets = (method: TrainForm['method']): boolean => ['dpo', 'both', 'sft'].includes(method);

export const presetIds = Object.keys(presets) as PresetId[];

/** The preset that the form stands at; null where something of it was changed. */
export function presetOf(form: TrainForm): PresetId | null {
  const isAt = (id: PresetId) =>
    Object.entries(presets[id]).every(([key, value]) => form[key as keyof TrainForm] === value);
  return presetIds.find(isAt) ?? null;
}

/** Fewer pairs than this are few, and a mean answer of more tokens is long. */
const [fewPairs, longAnswer] = [500, 300];

/** The preset that the data asks for. @param reports what encoding made of the pairs; null before it has */
export function recommendedPreset(pairs: number, reports: readonly PairReport[] | null): PresetId {
  const tokens = (reports ?? []).map(({ chosenTokens, rejectedTokens }) => (chosenTokens + rejectedTokens) / 2);
  const mean = tokens.reduce((sum, count) => sum + count, 0) / Math.max(1, tokens.length);
  if (mean > longAnswer) return 'long';
  return pairs < fewPairs ? 'small' : 'standard';
}
