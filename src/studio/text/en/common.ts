/** @file Words that several features share. */
import { formatCount, plural } from '../format';

export const common = {
  airlock: 'Airlock',
  undo: 'Undo',
  dismiss: 'Dismiss',
  stop: 'Stop',
  stopping: 'Stopping…',
  saveName: 'Save name',
  cancel: 'Cancel',
  close: 'Close',
  none: 'none',
  /** Of an adapter that does not say how it was trained. */
  methodUnknown: 'method unknown',
  unknown: '–',
  pairs: (count: number) => plural(count, 'pair'),
  runs: (count: number) => plural(count, 'run'),
  steps: (count: number) => plural(count, 'step'),
  tokens: (count: number) => plural(count, 'token'),
  stepOf: (step: number, total: number) => `step ${formatCount(step)} of ${formatCount(total)}`,
  ofTotal: (done: number, total: number) => `${formatCount(done)} of ${formatCount(total)}`,
  chooseModelFirst: 'Choose a model first, under Models.',
  warningsOf: (name: string) => `Warnings of ${name}`,
  prompt: 'Prompt',
  chosen: 'Chosen',
  rejected: 'Rejected',
  /** Who says a message of a conversation, by the name that chat templates have for them. */
  roles: { system: 'System', user: 'User', assistant: 'Assistant', tool: 'Tool' },
};
