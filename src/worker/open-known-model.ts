/** @file Opens a model that may have been open before, and refuses one that is not as it was then. */
import { UserError } from '../core/errors';
import { openModel } from '../engine/open-model';
import type { Directory } from '../formats/checkpoint';
import { message } from '../messages/message';
import type { Executor } from '../runtime/executor';
import type { CallContext } from './bridge';

type OpenOptions = NonNullable<Parameters<typeof openModel>[3]>;

/**
 * Opens a checkpoint and reports how far it has come.
 * @param known what the model had when it was open before; absent where that is not known
 * @throws UserError, AbortError as `openModel`, and UserError for another fingerprint
 */
export async function openKnownModel(
  name: string,
  directory: Directory,
  executor: Executor,
  {
    fingerprint: wanted,
    ...options
  }: Pick<OpenOptions, 'chatTemplate' | 'precision'> & {
    readonly fingerprint?: string | undefined;
  },
  { signal, report }: CallContext,
): ReturnType<typeof openModel> {
  const opened = await openModel(name, directory, executor, {
    ...options,
    signal,
    onProgress: (done, total) => report({ kind: 'loading', what: message('theWeights'), done, total }),
  });
  const { fingerprint } = opened.model;
  if (wanted === undefined || fingerprint === wanted) return opened;
  opened.model.dispose();
  throw new UserError('modelAltered', {
    name,
    fingerprint: fingerprint.slice(0, 12),
    wanted: wanted.slice(0, 12),
  });
}
