/** @file The method of a run in words: "SFT", "Online DPO", or that nobody told it. */
import { isMethodKnown, type Run } from '../plain/runs/run';
import type { Text } from './text';

export function methodName(
  run: Pick<Run, 'method' | 'imported'>,
  { common, compare }: Pick<Text, 'common' | 'compare'>,
): string {
  return isMethodKnown(run) ? compare.columns[run.method] : common.methodUnknown;
}
