/** @file The prompts that are answered first, without being asked for. */
import type { Split } from '../../../data/split';
import type { JudgedPrompt } from '../../../storage/judging-record';
import type { DatasetRow } from '../../../storage/records';
import { datasetPrompts } from '../judge/judge-form';
import { promptSetRows } from './choose-prompts';

/** So few that a small model has answered them within a minute. */
const mostFirstPrompts = 4;

export interface FirstPrompts {
  readonly prompts: readonly JudgedPrompt[];
  /** Whether they are kept out of training. */
  readonly isHeldOut: boolean;
}

/** The first different prompts that are not trained on; of data without a split, the first of all. */
export function firstPrompts(
  { rows, split }: { readonly rows: readonly DatasetRow[]; readonly split: Split | null },
  hasChatTemplate: boolean,
): FirstPrompts {
  const prompts = datasetPrompts(promptSetRows(rows, split), hasChatTemplate);
  return { prompts: prompts.slice(0, mostFirstPrompts), isHeldOut: split !== null };
}
