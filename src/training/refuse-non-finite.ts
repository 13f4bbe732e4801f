/** @file Ends a training whose numbers have become none. */
import { UserError } from '../core/errors';
import { disposeAll, type DeviceTensor } from '../runtime/executor';

/**
 * @param toFree what is on the device for this step, freed before the error
 * @throws UserError where the value is NaN or infinite
 */
export function refuseNonFinite(
  what: 'loss' | 'gradient norm',
  value: number,
  step: number,
  toFree: readonly DeviceTensor[],
): void {
  if (Number.isFinite(value)) return;
  disposeAll(toFree);
  throw new UserError('becameNonFinite', { what, value, step });
}
