/** @file The keys of a show; sliders, lists and dialogs keep their own. Escape leaves from everywhere but a dialog. */
import { readShowKey, type ShowAction } from '../../plain/demonstration/show-keys';
import { belongsToFocus } from '../../plain/shell/shortcuts';
import { useCommandKeys } from '../shell/use-command-keys';

function isTaken({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element) || !belongsToFocus(target)) return false;
  return key !== 'Escape' || target.closest('[role="dialog"], [role="alertdialog"]') !== null;
}

const keys = { read: readShowKey, isTaken };

export const useShowKeys = (act: (action: ShowAction) => void): void => useCommandKeys(keys, act);
