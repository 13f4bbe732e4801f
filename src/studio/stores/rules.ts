/**
 * @file The rules by which the answers of the open data set are judged: written, then shown, but for what is typed into
 * a rule, which is written a moment later. They are a record of their own, which tabs share.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RuleKind } from '../../data/rules';
import { readRules } from '../../evaluation/rules';
import type { Stamped } from '../../storage/studio-storage';
import {
  formsOf,
  mergeRuleForms,
  newRule,
  ruleLimits,
  withMoved,
  type RuleForm,
  type RuleForms,
} from '../plain/data/rule-form';
import type { Storage } from '../plain/records';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';
import type { PendingWrites } from './pending-writes';
import { shareValue, tellSharing } from './shared-value';

export interface RulesState {
  /** The data set whose rules these are. */
  readonly datasetId: string;
  readonly rules: readonly RuleForm[];

  /** Reads what is stored, also what another tab wrote. */
  refresh(): Promise<void>;
  /** Shows the rules of another data set, once those of this one are written. */
  follow(datasetId: string): Promise<void>;
  /** Writes what was typed. */
  keep(): Promise<void>;
  /** Writes the rules into a storage that was cleared. */
  writeAnew(): Promise<void>;
  /** Adds a rule at the end; nothing where there are as many as a set may hold. */
  add(kind: RuleKind): Promise<void>;
  /** Changes what stands in a rule; it is written by `keep`. */
  change(id: string, change: Partial<Omit<RuleForm, 'id'>>): void;
  move(id: string, by: -1 | 1): Promise<void>;
  /** The notice that says so can bring it back. */
  remove(id: string): Promise<void>;
  /** Puts the rules of a file in the place of these; a file that is no set of rules is refused with a sentence. */
  importFile(name: string, file: Blob): Promise<void>;
}

export type RulesStore = StoreApi<RulesState>;

export interface RulesDependencies {
  readonly storage: Pick<Storage, 'readRules' | 'writeRules'>;
  readonly notices: NoticeStore;
  readonly pending?: PendingWrites;
  readonly datasetId: string;
  readonly onStored: () => void;
}

const none: RuleForms = { rules: [] };

function shareRules({ getState: get, setState: set }: RulesStore, dependencies: RulesDependencies) {
  const { storage, notices, onStored, pending } = dependencies;
  const read = async (id: string): Promise<Stamped<RuleForms>> => {
    const { value, stamp } = await storage.readRules(id);
    return { value: value ?? none, stamp };
  };
  const shared = shareValue<RuleForms>(
    {
      empty: none,
      read: () => read(get().datasetId),
      write: (value, over) => storage.writeRules(get().datasetId, value, over),
      mine: () => ({ rules: get().rules }),
      show: ({ rules }) => set({ rules }),
      merge: (base, mine, theirs) => ({ rules: mergeRuleForms(base.rules, mine.rules, theirs.rules) }),
      onWritten: onStored,
      ...tellSharing(notices, () => currentText().rules.notKept),
    },
    pending,
  );
  const follow = async (datasetId: string): Promise<void> => {
    if (datasetId === get().datasetId) return shared.refresh();
    await shared.switchTo(async () => {
      // Both at once: the rules of one data set are never seen as another's.
      const { value, stamp } = await read(datasetId);
      return { value, stamp, begin: () => set({ datasetId, rules: value.rules }) };
    });
  };
  return { shared, follow };
}

export function createRulesStore(dependencies: RulesDependencies): RulesStore {
  const { notices } = dependencies;
  return createStore<RulesState>()((set, get, store) => {
    const { shared, follow } = shareRules(store, dependencies);

    /** @returns whether they were changed, and what takes it back while the data set is open */
    async function change(next: (now: readonly RuleForm[]) => readonly RuleForm[]): Promise<(() => void) | null> {
      const { datasetId } = get();
      let [before, after]: (readonly RuleForm[])[] = [[], []];
      const isWritten = await shared.change(({ rules }) => {
        [before, after] = [rules, next(rules)];
        return { rules: after };
      });
      if (!isWritten) return null;
      const [was, is] = [before ?? [], after ?? []];
      return () => {
        if (get().datasetId !== datasetId) return notices.getState().warn(currentText().rules.otherSet);
        void shared.change(({ rules }) => ({ rules: mergeRuleForms(is, was, rules) }));
      };
    }

    return {
      datasetId: dependencies.datasetId,
      ...none,
      refresh: () => shared.refresh(),
      follow,
      keep: () => shared.keepMine(),
      writeAnew: () => shared.writeAnew(),

      async add(kind) {
        const rule = newRule(kind, crypto.randomUUID());
        await change((rules) => (rules.length >= ruleLimits.rules ? rules : [...rules, rule]));
      },

      change: (id, changed) =>
        set({ rules: get().rules.map((rule) => (rule.id === id ? { ...rule, ...changed } : rule)) }),

      async move(id, by) {
        await change((rules) => withMoved(rules, id, by));
      },

      async remove(id) {
        const takeBack = await change((rules) => rules.filter((rule) => rule.id !== id));
        if (takeBack !== null) notices.getState().tellDone(currentText().rules.removed, takeBack);
      },

      async importFile(name, file) {
        try {
          const rules = formsOf(readRules(await file.text(), name), () => crypto.randomUUID());
          const takeBack = await change(() => rules);
          if (takeBack !== null)
            notices.getState().tellDone(currentText().rules.imported(rules.length, name), takeBack);
        } catch (error) {
          notices.getState().tellFailure(error);
        }
      },
    };
  });
}
