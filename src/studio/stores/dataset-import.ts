/** @file Files of pairs: read, looked at where their shape is not plain, and put into the data set. */
import { makePairs, type ParsedPairs } from '../../data/import/make-pairs';
import { isComplete, type ImportPlan } from '../../data/import/plan';
import { readTable, type Table } from '../../data/import/read-table';
import { maxFileBytes } from '../../data/import/unpack';
import { recognise } from '../../data/import/recognise';
import { fileProblem } from '../../data/parse-pairs';
import type { Sayable } from '../../messages/message';
import type { DatasetRow } from '../../storage/records';
import { describeFailure } from '../text/failure';
import { formatBytes } from '../text/format';
import { currentText } from '../text/text';
import type { DatasetState, ChangeRows, DatasetStore, ImportMode } from './dataset-state';

type Importing = 'importFile' | 'planImport' | 'confirmImport' | 'cancelImport' | 'setImportMode' | 'forgetImport';

/** Pairs of a person's own do not go among the starter's. */
function placeFor(mode: ImportMode | null, { sets, openId, rows, importMode }: DatasetState): ImportMode {
  if (mode !== null) return mode;
  const isStarters = sets.find(({ id }) => id === openId)?.label.task !== undefined;
  return isStarters || (importMode === 'ownSet' && rows.length > 0) ? 'ownSet' : 'append';
}

/** What a plan makes of a file; null while a column is still to be chosen. */
const madeOf = (table: Table, plan: ImportPlan | null, file: string): ParsedPairs | null =>
  plan === null || !isComplete(plan) ? null : makePairs(table, plan, file);

/** The ways in for files. */
export function importing(
  { getState: get, setState: set }: DatasetStore,
  changeRows: ChangeRows,
): Pick<DatasetState, Importing> {
  const refuseFile = (file: string, failure: Sayable) =>
    set({ lastImport: { file, imported: 0, refused: [], failure } });

  async function importPairs(file: string, parsed: ParsedPairs, mode: ImportMode): Promise<void> {
    const added = parsed.pairs.map((pair, i): DatasetRow => ({ pair, file, row: parsed.rows[i] ?? i + 1 }));
    const failure = added.length > 0 ? null : currentText().faults.noUsableRow(file);
    const outcome = { file, imported: added.length, refused: parsed.errors, failure };
    if (added.length === 0) return set({ lastImport: outcome });
    if (mode === 'ownSet' && !(await get().newSet(file.replace(/\.[^.]+$/, '')))) return;
    set({ lastImport: outcome });
    await changeRows([...get().rows, ...added], { kind: 'imported', number: added.length, file });
  }

  async function readFile(name: string, file: Blob, mode: ImportMode | undefined): Promise<void> {
    const table = await readTable(new Uint8Array(await file.arrayBuffer()), name);
    const problem = fileProblem(table, name);
    if (problem !== null) return refuseFile(name, problem);
    const { plan, isSure, columns } = recognise(table);
    const parsed = madeOf(table, plan, name);
    if (parsed !== null && isSure && plan?.shape === 'pairs')
      await importPairs(name, parsed, placeFor(mode ?? null, get()));
    else set({ previews: [...get().previews, { file: name, mode: mode ?? null, table, columns, plan, parsed }] });
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
        refuseFile(name, describeFailure(error).sentence);
      } finally {
        set({ importing: null });
      }
    },

    planImport(plan) {
      const [shown, ...waiting] = get().previews;
      if (shown === undefined) return;
      set({ previews: [{ ...shown, plan, parsed: madeOf(shown.table, plan, shown.file) }, ...waiting] });
    },

    async confirmImport() {
      const [shown, ...waiting] = get().previews;
      if (shown === undefined || shown.parsed === null) return;
      set({ previews: waiting });
      await importPairs(shown.file, shown.parsed, placeFor(shown.mode, get()));
    },

    cancelImport: () => set({ previews: get().previews.slice(1) }),
    setImportMode: (importMode) => set({ importMode }),
    forgetImport: () => set({ lastImport: null }),
  };
}
