/** @file The method of a run in words: "SFT", "DPO", or that nobody told it. */
import { isMethodKnown, type Run } from '../plain/runs/run';
import type { Text } from './text';

export function methodName(run: Pick<Run, 'method' | 'imported'>, { methodUnknown }: Text['common']): string {
  return isMethodKnown(run) ? run.method.toUpperCase() : methodUnknown;
}
