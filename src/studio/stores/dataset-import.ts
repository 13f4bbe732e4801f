/** @file Files of pairs: read, looked at where anything is to be asked, and put into the data set. */
import type { Encoding } from '../../data/import/encoding';
import type { ParsedPairs } from '../../data/import/make-pairs';
import { withColumnNames } from '../../data/import/plan';
import type { Table } from '../../data/import/read-table';
import { maxFileBytes } from '../../data/import/table-limits';
import { fileProblem } from '../../data/parse-pairs';
import type { Sayable } from '../../messages/message';
import type { DatasetRow } from '../../storage/records';
import { rememberPlan } from '../plain/data/remembered-plans';
import { describeFailure, isAbort } from '../text/failure';
import { formatBytes } from '../text/format';
import { currentText } from '../text/text';
import type {
  ChangeRows,
  DatasetDependencies,
  DatasetState,
  DatasetStore,
  ImportMode,
  ImportPreview,
} from './dataset-state';
import { inForm, lookAt, madeOf, withoutForm, type Looking } from './dataset-preview';

type Importing = Previewing | 'importFile' | 'cancelReading' | 'cancelImport' | 'setImportMode' | 'forgetImport';

/** Pairs of a person's own do not go among the starter's. */
function placeFor(mode: ImportMode | null, { sets, openId, rows, importMode }: DatasetState): ImportMode {
  if (mode !== null) return mode;
  const isStarters = sets.find(({ id }) => id === openId)?.label.task !== undefined;
  return isStarters || (importMode === 'ownSet' && rows.length > 0) ? 'ownSet' : 'append';
}

type Previewing = 'planImport' | 'chooseImportForm' | 'formImports' | 'decodeImport' | 'confirmImport';

/** A file in another encoding, with the columns and the form that a person chose for it before. */
function withChosen(before: ImportPreview, preview: ImportPreview): ImportPreview {
  const { isPlanChosen, isFormChosen } = before;
  const plan = isPlanChosen ? withColumnNames(before.plan, before.columns, preview.columns) : preview.plan;
  return {
    ...preview,
    plan: isFormChosen ? { ...plan, as: before.plan.as ?? 'text' } : plan,
    isPlanChosen,
    isFormChosen: isFormChosen || preview.isFormChosen,
    doubt: isPlanChosen ? null : preview.doubt,
  };
}

type Read = (file: Blob, name: string, encoding?: Encoding) => Promise<Table>;

/** What is done with the file that is looked at. */
function previewing(
  { getState: get, setState: set }: DatasetStore,
  importPairs: (file: string, parsed: ParsedPairs, mode: ImportMode) => Promise<void>,
  looking: () => Looking,
  read: Read,
): Pick<DatasetState, Previewing> {
  const changeShown = (change: Partial<ImportPreview>): void => {
    const [shown, ...waiting] = get().previews;
    if (shown !== undefined) set({ previews: [{ ...shown, ...change }, ...waiting] });
  };
  /** Its plan in the form that was chosen, or else that the open model asks for, and what comes of it. */
  const formed = ({ table, plan, file, isFormChosen }: ImportPreview): Pick<ImportPreview, 'plan' | 'parsed'> =>
    isFormChosen
      ? { plan, parsed: madeOf(table, plan, file) }
      : inForm(table, withoutForm(plan), file, looking().hasTemplate);

  return {
    planImport(plan) {
      const [shown] = get().previews;
      if (shown !== undefined) changeShown({ ...formed({ ...shown, plan }), doubt: null, isPlanChosen: true });
    },

    chooseImportForm(form) {
      const [shown] = get().previews;
      if (shown === undefined) return;
      changeShown({
        ...formed({ ...shown, plan: { ...shown.plan, as: form }, isFormChosen: true }),
        isFormChosen: true,
      });
    },

    formImports: () => set({ previews: get().previews.map((preview) => ({ ...preview, ...formed(preview) })) }),

    async decodeImport(encoding: Encoding) {
      const [shown] = get().previews;
      if (shown === undefined) return;
      try {
        const table = await read(shown.blob, shown.file, encoding);
        if (get().previews[0]?.blob !== shown.blob) return;
        const chosen = withChosen(shown, lookAt(table, shown, looking()).preview);
        changeShown({ ...chosen, ...formed(chosen), undecoded: null });
      } catch (error) {
        if (!isAbort(error)) changeShown({ undecoded: describeFailure(error).sentence });
      }
    },

    async confirmImport() {
      const [shown, ...waiting] = get().previews;
      if (shown === undefined || shown.parsed === null) return;
      // What the model of today asks for is not what another one will.
      const plan = shown.isFormChosen ? shown.plan : withoutForm(shown.plan);
      const rememberedPlans = rememberPlan(get().rememberedPlans, shown.columns, plan);
      set({ previews: waiting, rememberedPlans, importing: shown.file, lastImport: null });
      try {
        await importPairs(shown.file, shown.parsed, placeFor(shown.mode, get()));
      } finally {
        set({ importing: null });
      }
    },
  };
}

/** Reads files one at a time, so that a person can stop it, and tells how far it is. */
function readingOf(
  { setState: set }: DatasetStore,
  readTable: DatasetDependencies['readTable'],
): { readonly read: Read; readonly stop: () => void } {
  let reading: AbortController | null = null;
  const onProgress = (share: number): void => set({ readShare: share });
  return {
    async read(file, name, encoding) {
      const { signal } = (reading = new AbortController());
      set({ readShare: 0 });
      try {
        return await readTable(file, name, { encoding, signal, onProgress });
      } finally {
        reading = null;
        set({ readShare: null });
      }
    },
    stop: () => reading?.abort(),
  };
}

function rowsOf(file: string, parsed: ParsedPairs): DatasetRow[] {
  return parsed.pairs.map((pair, i) => {
    const scores = parsed.scores[i] ?? null;
    return { pair, file, row: parsed.rows[i] ?? i + 1, ...(scores && { scores }) };
  });
}

/** Pairs that the studio itself brings are as they are meant to be. */
const asTheyAre: Looking = { rememberedPlans: [], hasTemplate: false };

/** The ways in for files. */
export function importing(
  store: DatasetStore,
  { readTable, hasTemplate = () => false }: Pick<DatasetDependencies, 'readTable' | 'hasTemplate'>,
  changeRows: ChangeRows,
): Pick<DatasetState, Importing> {
  const { getState: get, setState: set } = store;
  const refuseFile = (file: string, failure: Sayable) =>
    set({ lastImport: { file, imported: 0, refused: [], failure, isKept: true } });

  async function importPairs(file: string, parsed: ParsedPairs, mode: ImportMode): Promise<void> {
    const added = rowsOf(file, parsed);
    const failure = added.length > 0 ? null : currentText().faults.noUsableRow(file);
    const outcome = { file, imported: added.length, refused: parsed.errors, failure, isKept: true };
    if (added.length === 0) return set({ lastImport: outcome });
    if (mode === 'ownSet' && !(await get().newSet(file.replace(/\.[^.]+$/, '')))) return;
    const changed = await changeRows(({ rows }) => ({
      rows: [...rows, ...added],
      what: { kind: 'imported', number: added.length, file },
    }));
    // That so many rows were imported is said when they are on the disk, and not before.
    set({ lastImport: { ...outcome, isKept: changed?.isWritten === true } });
  }

  const looking = (): Looking => ({ rememberedPlans: get().rememberedPlans, hasTemplate: hasTemplate() });
  const { read, stop } = readingOf(store, readTable);

  async function readFile(name: string, file: Blob, mode: ImportMode | undefined): Promise<void> {
    const table = await read(file, name);
    const problem = fileProblem(table, name);
    if (problem !== null) return refuseFile(name, problem);
    const { preview, isPlain } = lookAt(
      table,
      { file: name, mode: mode ?? null, blob: file },
      mode === undefined ? looking() : asTheyAre,
    );
    if (isPlain && preview.parsed !== null) await importPairs(name, preview.parsed, placeFor(mode ?? null, get()));
    else set({ previews: [...get().previews, preview] });
  }

  return {
    async importFile(name, file, mode) {
      if (file.size > maxFileBytes) {
        const { fileTooLarge } = currentText().faults;
        return refuseFile(name, fileTooLarge(name, formatBytes(file.size), formatBytes(maxFileBytes)));
      }
      set({ importing: name, lastImport: null });
      try {
        await readFile(name, file, mode);
      } catch (error) {
        if (!isAbort(error)) refuseFile(name, describeFailure(error).sentence);
      } finally {
        set({ importing: null });
      }
    },

    ...previewing(store, importPairs, looking, read),
    cancelReading: stop,
    cancelImport() {
      // Unless the next file is read, it is this one in another encoding.
      if (get().importing === null) stop();
      set({ previews: get().previews.slice(1) });
    },
    setImportMode: (importMode) => set({ importMode }),
    forgetImport: () => set({ lastImport: null }),
  };
}
