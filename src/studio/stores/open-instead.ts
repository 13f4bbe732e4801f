/** @file A kept model in the place of the open one, for as long as it judges. */
import { throwIfAborted, UserError } from '../../core/errors';
import type { StoredModel } from '../../storage/models/stored-model';
import type { EngineSignal } from '../browser/engine-client';
import type { ModelShelfStore } from './model-shelf';
import type { OpenModelStore } from './open-model';

export interface OpenModels {
  readonly model: OpenModelStore;
  readonly modelShelf: ModelShelfStore;
}

/**
 * Loads a kept model in the place of the open one, which is still the one that the next visit opens.
 * @returns loads that one again; where the engine has died meanwhile, it is opened in the next one
 * @throws UserError where it was not loaded: the Models screen says why; AbortError
 */
export async function openInstead(
  stored: Pick<StoredModel, 'id' | 'name'>,
  { model, modelShelf }: OpenModels,
  signal: EngineSignal,
): Promise<() => Promise<void>> {
  throwIfAborted(signal);
  const { source, summary } = model.getState();
  const before = modelShelf.getState().opened;
  const giveUp = () => model.getState().cancelLoading();
  model.setState({ standsInFor: summary });
  signal.addEventListener('abort', giveUp);
  await modelShelf.getState().open(stored.id, undefined, before?.id ?? null);
  signal.removeEventListener('abort', giveUp);
  if (modelShelf.getState().opened?.id !== stored.id) {
    model.setState({ standsInFor: null });
    throwIfAborted(signal);
    throw new UserError('judgeNotLoaded', { name: stored.name });
  }
  return async () => {
    const isUp = () => model.getState().down === null;
    if (isUp() && before !== null) await modelShelf.getState().open(before.id, summary?.precision);
    else if (isUp() && source !== null) await model.getState().openDirectory(source.name, source.files, source.options);
    // The next engine opens what this one was to open.
    model.setState({ standsInFor: null, ...(!isUp() && { source, summary }) });
  };
}
