/**
 * @file Kept records that this Airlock could not read: said when they are found, listed, given out as they were found,
 * and deleted by the user alone. Those of the database were moved aside; the record of a stored model stays in its
 * folder, where no model is opened by it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ModelStore as StoredModels, UnfitModel } from '../../storage/models/model-store';
import type { SetAside } from '../../storage/set-aside';
import { download } from '../browser/download';
import { packFound, type PackedFile } from '../browser/pack-found';
import type { Storage } from '../plain/records';
import { whatIsSetAside, whyIsSetAside } from '../text/set-aside';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';

export interface SetAsideState {
  /** Newest first. */
  readonly records: readonly SetAside[];

  refresh(): Promise<void>;
  /** The record as the file in which it is given out. */
  fileOf(record: SetAside): Promise<PackedFile>;
  /** Gives the record out as a file. */
  download(record: SetAside): Promise<void>;
  /** Deletes it for good; of a run what is kept beside its record too, of a model its files. */
  remove(record: SetAside): Promise<void>;
}

export type SetAsideStore = StoreApi<SetAsideState>;

export interface SetAsideDependencies {
  readonly storage: Pick<Storage, 'onSetAside' | 'onUnchecked' | 'listSetAside' | 'readSetAside' | 'deleteSetAside'>;
  readonly stored: Pick<StoredModels, 'list' | 'readFound' | 'remove'>;
  readonly notices: NoticeStore;
  /** What a run is called. */
  readonly nameOf: (runId: string) => string;
  readonly onStored: () => void;
}

const modelPrefix = 'model/';

/** A model's record, in the manner of those of the database; when it broke is not known. */
export function unfitModel({ id, misfit }: UnfitModel): SetAside {
  const from = modelPrefix + id;
  return { id: from, from, part: null, count: 1, name: null, at: '', misfit };
}

/** The sentence that says once that a record could not be read. */
export function noticeOf(record: SetAside, nameOf: (runId: string) => string): string {
  const words = currentText().setAside;
  const notice = record.misfit?.reason === 'unreadable' ? words.noticeUnreadable : words.notice;
  return notice(whatIsSetAside(words, record, nameOf), whyIsSetAside(words, record.misfit));
}

export function createSetAsideStore(dependencies: SetAsideDependencies): SetAsideStore {
  const { storage, stored, notices, nameOf, onStored } = dependencies;
  const modelOf = ({ from }: SetAside) => (from.startsWith(modelPrefix) ? from.slice(modelPrefix.length) : null);
  const attempt = (work: () => Promise<void>): Promise<void> =>
    work().catch((error: unknown) => notices.getState().tellFailure(error));

  const store = createStore<SetAsideState>()((set, get) => ({
    records: [],

    refresh: () =>
      attempt(async () => {
        // Where the models' folder cannot be read, the list of models says so.
        const unfit = stored.list().then(
          (listed) => listed.unfit,
          (): readonly UnfitModel[] => [],
        );
        set({ records: [...(await storage.listSetAside()), ...(await unfit).map(unfitModel)] });
      }),

    async fileOf(record) {
      const model = modelOf(record);
      const content =
        model === null ? await storage.readSetAside(record) : { found: await stored.readFound(model), beside: {} };
      return packFound(record.id, content);
    },

    download: (record) =>
      attempt(async () => {
        const { bytes, type, name } = await get().fileOf(record);
        download(name, bytes, type);
      }),

    remove: (record) =>
      attempt(async () => {
        const model = modelOf(record);
        await (model === null ? storage.deleteSetAside(record) : stored.remove(model));
        const words = currentText().setAside;
        notices.getState().tellDone(words.deleted(whatIsSetAside(words, record, nameOf)));
        onStored();
        await get().refresh();
      }),
  }));
  storage.onUnchecked((from) => {
    const words = currentText().setAside;
    const what = whatIsSetAside(
      words,
      { id: from, from, part: null, count: 1, name: null, at: '', misfit: null },
      nameOf,
    );
    notices.getState().warn(words.unchecked(what));
  });
  storage.onSetAside((record) => {
    notices.getState().warn(noticeOf(record, nameOf));
    void store.getState().refresh();
  });
  return store;
}
