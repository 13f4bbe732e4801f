/** @file Writes down in the audit log what the other stores do; they know nothing of it. */
import { sha256Hex } from '../../core/sha256';
import { hashFile } from '../../storage/backup/container-reader';
import { describeDatasetName } from '../text/describe-dataset';
import { whatIsSetAside } from '../text/set-aside';
import type { PreferencePair } from '../../data/preference-pair';
import { writePairs } from '../plain/data/pair-text';
import type { Storage } from '../plain/records';
import { currentText, textIn } from '../text/text';
import type { ActiveRun } from './active-run';
import type { Studio } from './studio-stores';

/** SHA-256 of pairs as JSON Lines: that of the file in which the Data screen exports them. */
function pairsHash(pairs: readonly PreferencePair[]): Promise<string> {
  return sha256Hex(new TextEncoder().encode(writePairs(pairs.map((pair) => ({ pair })))));
}

type Recorded = Pick<Studio, 'audit' | 'dataset' | 'library' | 'modelShelf' | 'setAside' | 'training' | 'backup'>;

/** Files of pairs, each with its hash; models that were added; adapters from elsewhere. */
function writeDownImports({ audit, dataset, library, modelShelf, training }: Recorded): void {
  /** Those that were offered last, by name: one is read for its hash when it was imported. */
  const offered = new Map<string, Blob>();
  const { importFile } = dataset.getState();
  dataset.setState({
    importFile: (name, file, mode) => {
      offered.set(name, file);
      return importFile(name, file, mode);
    },
  });
  dataset.subscribe(({ lastImport }, before) => {
    if (lastImport === null || lastImport === before.lastImport || lastImport.imported === 0) return;
    if (before.lastImport?.file === lastImport.file) return;
    const what = `${lastImport.file}: ${lastImport.imported}`;
    const file = offered.get(lastImport.file);
    offered.delete(lastImport.file);
    void (file === undefined ? Promise.resolve(null) : hashFile(file).catch(() => null)).then((sha256) =>
      audit.getState().note({ action: 'import', what, sha256 }),
    );
  });
  modelShelf.subscribe(({ stored, copying }, before) => {
    // Another tab's model comes without a copy here.
    if (before.copying === null && copying === null) return;
    const had = new Set(before.stored.map(({ id }) => id));
    for (const { id, name, sha256 } of stored)
      if (!had.has(id)) void audit.getState().note({ action: 'import', what: name, sha256 });
  });
  const { importAdapter } = training.getState();
  training.setState({
    async importAdapter(name, files) {
      const had = library.getState().runs;
      const failure = await importAdapter(name, files);
      const run = library.getState().runs.find((each) => !had.some(({ id }) => id === each.id));
      if (failure === null && run !== undefined)
        await audit.getState().note({ action: 'import', what: run.name, sha256: await adapterHash(library, run.id) });
      return failure;
    },
  });
}

/** SHA-256 of an adapter's weights; null where there are none. */
async function adapterHash(library: Recorded['library'], id: string): Promise<string | null> {
  const { adapterOf } = library.getState();
  const adapter = await adapterOf(id).catch(() => null);
  const weights = adapter?.['adapter_model.safetensors'];
  return weights === undefined ? null : sha256Hex(weights.slice());
}

/** The beginning of each run that this tab trains, and its end with the adapter's hash. */
function writeDownTraining({ audit, library, training }: Recorded): void {
  const runOf = (id: string) => library.getState().runs.find((run) => run.id === id);

  async function ended(id: string): Promise<void> {
    const run = runOf(id);
    if (run === undefined) return;
    const sha256 = run.adapterBytes > 0 ? await adapterHash(library, id) : null;
    await audit.getState().note({ action: 'trained', what: `${run.name}: ${run.status}`, sha256 });
  }

  /** With the hash of what it trains on, then of what it is evaluated by. */
  async function begun({ id, name, pairs }: ActiveRun): Promise<void> {
    const sha256 = await pairsHash([...pairs.train, ...pairs.evaluation]);
    await audit.getState().note({ action: 'training', what: runOf(id)?.name ?? name, sha256 });
  }

  training.subscribe(({ active }, before) => {
    if (active?.id === before.active?.id) return;
    if (before.active !== null) void ended(before.active.id);
    if (active !== null) void begun(active);
  });
}

type NoteDeletion = (what: string, sha256?: string | null) => Promise<void>;

/** Pairs, and data sets as a whole. */
function writeDownDeletedPairs(
  dataset: Recorded['dataset'],
  storage: Pick<Storage, 'readDataset'>,
  note: NoteDeletion,
): void {
  const { deleteSet, remove: removeRow, removeAll, removeRows } = dataset.getState();
  async function notingRows(work: () => Promise<void>): Promise<void> {
    const before = dataset.getState().rows;
    await work();
    const { rows } = dataset.getState();
    const count = before.length - rows.length;
    if (count <= 0) return;
    const kept = new Set(rows);
    const gone = before.filter((row) => !kept.has(row)).map(({ pair }) => pair);
    // Another tab may have changed others meanwhile.
    const sha256 = gone.length === count ? await pairsHash(gone) : null;
    await note(currentText().records.audit.pairs(count), sha256);
  }

  /** Of one that is not open; null where they cannot be read. */
  const rowsOf = (id: string) =>
    storage.readDataset(id).then(
      ({ value }) => value?.rows ?? null,
      () => null,
    );

  dataset.setState({
    async deleteSet(id) {
      const { sets, openId, rows } = dataset.getState();
      const entry = sets.find((set) => set.id === id);
      const deleted = id === openId ? rows : await rowsOf(id);
      const sha256 = deleted && (await pairsHash(deleted.map(({ pair }) => pair)));
      await deleteSet(id);
      const after = dataset.getState().sets.find((set) => set.id === id);
      if (entry !== undefined && after?.label.deletedAt !== undefined)
        await note(`${describeDatasetName(entry.label, currentText())}: ${entry.pairs}`, sha256);
    },
    remove: (index) => notingRows(() => removeRow(index)),
    removeAll: () => notingRows(removeAll),
    removeRows: (rows) => notingRows(() => removeRows(rows)),
  });
}

function writeDownDeletions(
  { audit, dataset, library, modelShelf, setAside }: Recorded,
  storage: Pick<Storage, 'readDataset'>,
): void {
  const note: NoteDeletion = (what, sha256 = null) => audit.getState().note({ action: 'deletion', what, sha256 });
  writeDownDeletedPairs(dataset, storage, note);
  const runs = () => library.getState().runs;
  const { remove } = library.getState();
  library.setState({
    async remove(...ids) {
      const before = runs().filter(({ id }) => ids.includes(id));
      const hashes = await Promise.all(before.map(({ id }) => adapterHash(library, id)));
      await remove(...ids);
      for (const [at, run] of before.entries()) if (!runs().includes(run)) await note(run.name, hashes[at]);
    },
  });
  const shelf = modelShelf.getState();
  modelShelf.setState({
    async remove(id) {
      const model = modelShelf.getState().stored.find((each) => each.id === id);
      await shelf.remove(id);
      if (model !== undefined && !modelShelf.getState().stored.some((each) => each.id === id))
        await note(model.name, model.sha256);
    },
  });
  const aside = setAside.getState();
  setAside.setState({
    async remove(record) {
      const file = await aside.fileOf(record).catch(() => null);
      await aside.remove(record);
      if (setAside.getState().records.some(({ id }) => id === record.id)) return;
      const what = whatIsSetAside(textIn('en').setAside, record, (id) => id);
      await note(what, file && (await sha256Hex(file.bytes)));
    },
  });
}

function writeDownBackups({ audit, backup }: Recorded): void {
  const { accept } = backup.getState();
  backup.subscribe(({ written }, before) => {
    if (written !== null && written !== before.written)
      void audit.getState().note({ action: 'backup', what: written.fileName, sha256: written.sha256, ...written.why });
  });
  backup.setState({
    async accept(takesTheirs) {
      const { chosen } = backup.getState();
      await accept(takesTheirs);
      const { restored } = backup.getState();
      if (restored === null || chosen === null) return;
      const sha256 = await hashFile(chosen.file).catch(() => null);
      await audit.getState().note({ action: 'restore', what: `${chosen.name}: ${restored}`, sha256 });
    },
  });
}

export function writeDown(studio: Recorded, storage: Pick<Storage, 'readDataset'>): void {
  writeDownImports(studio);
  writeDownTraining(studio);
  writeDownDeletions(studio, storage);
  writeDownBackups(studio);
}
