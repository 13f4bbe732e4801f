/** @file What a data set is called, and what was done to its pairs, in the language of the page. */
import type { ChangeWhat, DatasetLabel } from '../../storage/dataset-record';
import { isTaskId } from '../plain/starter/manifest';
import type { Text } from './text';

/** The name that a person gave it, or else what it is. */
export function describeDatasetName({ name, task }: DatasetLabel, { data, starter }: Text): string {
  if (name !== null) return name;
  return isTaskId(task) ? data.sets.ofStarter(starter.tasks[task].title) : data.sets.unnamed;
}

/** A sentence: "60 pairs of plant.csv imported." */
export function describeChange({ kind, number, file = '' }: ChangeWhat, { data: { history } }: Text): string {
  return history.changes[kind](number, file);
}
