/**
 * @file Several data sets with names: one is open, the others lie in storage untouched. What is not stored yet keeps
 * its data set open.
 */
import type { DatasetLabel } from '../../storage/dataset-record';
import type { DatasetEntry } from '../../storage/dataset-storage';
import { describeDatasetName } from '../text/describe-dataset';
import { currentText } from '../text/text';
import type { DatasetDependencies, DatasetState, DatasetStore } from './dataset-state';

/** How long a deleted data set can be brought back. */
export const keptDaysAfterDeletion = 30;

/** Those that were not deleted. */
export function liveSets(sets: readonly DatasetEntry[]): readonly DatasetEntry[] {
  return sets.filter(({ label }) => label.deletedAt === undefined);
}

/** The name, with a number behind it where another data set has it. */
function freeName(name: string, sets: readonly DatasetEntry[]): string {
  const taken = new Set(liveSets(sets).map(({ label }) => describeDatasetName(label, currentText())));
  let free = name.trim();
  for (let number = 2; taken.has(free); number++) free = `${name.trim()} ${number}`;
  return free;
}

/** The label, what a newer Airlock put there too, without some of it. */
function labelWithout(label: DatasetLabel, ...keys: readonly ('task' | 'shipped' | 'deletedAt')[]): DatasetLabel {
  const kept = Object.entries(label).filter(([key]) => !keys.some((each) => each === key));
  return Object.fromEntries(kept) as unknown as DatasetLabel;
}

/** Puts another data set in the place of the open one, which must be stored first; false where it cannot be. */
export type SwitchTo = (id: string) => Promise<boolean>;

type Keeping =
  | 'listSets'
  | 'openSet'
  | 'newSet'
  | 'makeSet'
  | 'renameSet'
  | 'duplicateSet'
  | 'deleteSet'
  | 'bringBackSet'
  | 'openStarterSet';

class DatasetList {
  constructor(
    private readonly store: DatasetStore,
    private readonly dependencies: DatasetDependencies,
    private readonly switchTo: SwitchTo,
  ) {}

  /** False where it failed, which is said. */
  private async attempt(work: () => Promise<boolean | void>): Promise<boolean> {
    try {
      return (await work()) !== false;
    } catch (error) {
      this.dependencies.notices.getState().tellFailure(error);
      return false;
    }
  }

  find(id: string): DatasetEntry | undefined {
    return this.store.getState().sets.find((entry) => entry.id === id);
  }

  async refresh(): Promise<void> {
    this.store.setState({ sets: await this.dependencies.storage.listDatasets() });
  }

  async list(): Promise<void> {
    await this.attempt(async () => {
      const { storage } = this.dependencies;
      await storage.purgeDatasets(new Date(Date.now() - keptDaysAfterDeletion * 86_400_000).toISOString());
      await this.refresh();
    });
  }

  write(id: string, label: DatasetLabel): Promise<boolean> {
    return this.attempt(async () => {
      await this.dependencies.storage.writeDatasetLabel(id, label);
      await this.refresh();
      this.dependencies.onStored();
    });
  }

  /** Makes one and opens it. */
  async make(label: Partial<DatasetLabel>, fill?: (id: string) => Promise<unknown>): Promise<boolean> {
    const id = crypto.randomUUID();
    return this.attempt(async () => {
      await fill?.(id);
      return (await this.write(id, { name: null, madeAt: new Date().toISOString(), ...label })) && this.switchTo(id);
    });
  }

  async remove(id: string): Promise<void> {
    const entry = this.find(id);
    if (entry === undefined) return;
    const { openId } = this.store.getState();
    const other = liveSets(this.store.getState().sets).findLast((each) => each.id !== id);
    if (openId === id && !(await (other === undefined ? this.make({}) : this.switchTo(other.id)))) return;
    if (!(await this.write(id, { ...entry.label, deletedAt: new Date().toISOString() }))) return;
    const name = describeDatasetName(entry.label, currentText());
    this.dependencies.notices.getState().tellDone(currentText().data.sets.deleted(name), () => void this.bringBack(id));
  }

  async bringBack(id: string): Promise<void> {
    const entry = this.find(id);
    if (entry === undefined) return;
    if (await this.write(id, labelWithout(entry.label, 'deletedAt'))) await this.switchTo(id);
  }

  /** Makes room for a task's new data set: what a person changed is theirs from now on, what ships no more goes. */
  private retire({ id, label }: DatasetEntry, isUntouched: boolean): Promise<boolean> {
    if (isUntouched) return this.write(id, { ...label, deletedAt: new Date().toISOString() });
    const text = currentText();
    const name = freeName(
      label.name ?? text.data.sets.changed(describeDatasetName(label, text)),
      this.store.getState().sets,
    );
    return this.write(id, { ...labelWithout(label, 'task', 'shipped'), name });
  }

  /** Opens a task's own data set; one that a person has changed stays as theirs, and a new one is made. */
  async openStarter(task: string, shipped: string): Promise<'ready' | 'empty' | 'failed'> {
    const existing = liveSets(this.store.getState().sets).find(({ label }) => label.task === task);
    if (existing !== undefined) {
      if (!(await this.switchTo(existing.id))) return 'failed';
      const { rows, history } = this.store.getState();
      if (rows.length === 0 && existing.label.shipped === shipped) return 'empty';
      const [only, ...more] = history.filter(({ isUndone }) => !isUndone);
      const isUntouched = more.length === 0 && only?.what.kind === 'imported' && only.what.number === rows.length;
      if (isUntouched && existing.label.shipped === shipped) return 'ready';
      if (!(await this.retire(existing, isUntouched))) return 'failed';
    }
    return (await this.make({ task, shipped })) ? 'empty' : 'failed';
  }
}

/** What is done with data sets as a whole. */
export function keepingSets(
  store: DatasetStore,
  dependencies: DatasetDependencies,
  switchTo: SwitchTo,
): Pick<DatasetState, Keeping> {
  const { getState: get } = store;
  const list = new DatasetList(store, dependencies, switchTo);
  return {
    listSets: () => list.list(),
    openSet: (id) => (id === get().openId ? Promise.resolve(true) : switchTo(id)),
    newSet: (name) => list.make({ name: freeName(name, get().sets) }),

    async makeSet(name, rows, label = {}) {
      const { openId: before } = get();
      const { storage, notices } = dependencies;
      const free = freeName(name, get().sets);
      const isMade = await list.make({ ...label, name: free }, async (id) => {
        await storage.writeDataset({ rows, split: null }, undefined, id);
        await storage.copyRules(before, id);
      });
      const { openId: made } = get();
      if (isMade && rows.length > 0)
        notices.getState().tellDone(currentText().data.sets.made(free, rows.length), async () => {
          if (get().openId !== made || (await switchTo(before))) await list.remove(made);
        });
      return isMade;
    },

    async renameSet(id, name) {
      const entry = list.find(id);
      if (entry === undefined || name.trim() === '') return;
      const others = get().sets.filter((each) => each.id !== id);
      await list.write(id, { ...entry.label, name: freeName(name, others) });
    },

    async duplicateSet(name) {
      const { rows, split, openId } = get();
      const { storage } = dependencies;
      const fill = async (id: string): Promise<void> => {
        await storage.writeDataset({ rows, split }, undefined, id);
        await storage.copyRules(openId, id);
        await storage.copyLabelReview(openId, id);
      };
      return list.make({ name: freeName(name, get().sets) }, fill);
    },

    deleteSet: (id) => list.remove(id),
    bringBackSet: (id) => list.bringBack(id),
    openStarterSet: (task, shipped) => list.openStarter(task, shipped),
  };
}
