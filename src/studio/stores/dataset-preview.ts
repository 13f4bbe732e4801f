/** @file What a file seems to be, before it is imported: as an earlier one of the same columns, or as recognised. */
import { makePairs, type ParsedPairs } from '../../data/import/make-pairs';
import { isComplete, planFrom, type ImportPlan } from '../../data/import/plan';
import { planOfShape } from '../../data/import/plan-of-shape';
import type { Table } from '../../data/import/read-table';
import { leftOverOf, recognise } from '../../data/import/recognise';
import { isChatPair } from '../../data/preference-pair';
import { recallPlan, type RememberedPlans } from '../plain/data/remembered-plans';
import type { ImportPreview } from './dataset-state';

export interface Looking {
  readonly rememberedPlans: RememberedPlans;
  /** Whether the open model has a chat template. */
  readonly hasTemplate: boolean;
}

/** What a plan makes of a file; null while a column is still to be chosen. */
export const madeOf = (table: Table, plan: ImportPlan, file: string): ParsedPairs | null =>
  isComplete(plan) ? makePairs(table, plan, file) : null;

const isText = (parsed: ParsedPairs | null): boolean => parsed?.pairs.some((pair) => !isChatPair(pair)) ?? false;

/** The plan with its form left open. */
export function withoutForm(plan: ImportPlan): ImportPlan {
  return Object.fromEntries(Object.entries(plan).filter(([key]) => key !== 'as')) as unknown as ImportPlan;
}

/** Texts become chat messages where the open model has a template, which answers will be asked for with. */
export function inForm(
  table: Table,
  plan: ImportPlan,
  file: string,
  hasTemplate: boolean,
): Pick<ImportPreview, 'plan' | 'parsed'> {
  const parsed = madeOf(table, plan, file);
  // Before its columns are chosen a file has no pairs that could be messages already.
  if (!hasTemplate || (parsed !== null && !isText(parsed))) return { plan, parsed };
  const asChat: ImportPlan = { ...plan, as: 'chat' };
  return { plan: asChat, parsed: madeOf(table, asChat, file) };
}

/** Looks at a file. `isPlain` where nothing is to be asked: Airlock's own columns and no others, in a sure encoding. */
export function lookAt(
  table: Table,
  source: Pick<ImportPreview, 'file' | 'mode' | 'blob'>,
  { rememberedPlans, hasTemplate }: Looking,
): { readonly preview: ImportPreview; readonly isPlain: boolean } {
  const { plan: guessed, isSure, doubt, columns, filled } = recognise(table);
  const remembered = recallPlan(rememberedPlans, columns);
  // What the content speaks against is asked, with nothing chosen.
  const open = () => (doubt === null ? planOfShape('pairs', table, null) : planFrom('pairs', {}));
  const isFormChosen = remembered?.as !== undefined;
  const formed = isFormChosen
    ? { plan: remembered, parsed: madeOf(table, remembered, source.file) }
    : inForm(table, remembered ?? guessed ?? open(), source.file, hasTemplate);
  const { file, mode, blob } = source;
  const preview: ImportPreview = {
    ...{ file, mode, blob, table, columns, filled, isFormChosen, isPlanChosen: false },
    doubt: remembered === null ? doubt : null,
    origin: remembered !== null ? 'remembered' : guessed !== null ? 'recognised' : 'unknown',
    ...formed,
  };
  const { plan } = formed;
  const isOwn = isSure && plan.shape === 'pairs' && plan.as !== 'chat' && leftOverOf(plan, filled).length === 0;
  return { preview, isPlain: isOwn && formed.parsed !== null && table.decoded?.isSure !== false };
}
