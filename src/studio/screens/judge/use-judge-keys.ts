/** @file The keys of judging; where a radio or a checkbox has the focus, the arrows are its own. */
import { readJudgeKey, type JudgeAction } from '../../plain/judge/judge-keys';
import { belongsToFocus } from '../../plain/shell/shortcuts';
import { useCommandKeys } from '../shell/use-command-keys';

function isTaken({ target, key }: KeyboardEvent): boolean {
  const isChoice = target instanceof HTMLInputElement && ['radio', 'checkbox'].includes(target.type);
  return isChoice ? key.startsWith('Arrow') || belongsToFocus(target.parentElement) : belongsToFocus(target);
}

const keys = { read: readJudgeKey, isTaken };

export const useJudgeKeys = (act: (action: JudgeAction) => void): void => useCommandKeys(keys, act);
