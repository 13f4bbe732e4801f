/**
 * @file The audit log in the studio: who, what the office demands, what is written down, and the question that an
 * export waits for where a reason or an approver is demanded.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { sha256Hex } from '../../core/sha256';
import type { AuditLog, AuditReading, NewAuditEntry } from '../../storage/audit/audit-log';
import { labelFile, type LeavingFile } from '../plain/audit/label-file';
import type { Office, Why } from '../plain/audit/office';
import type { Storage } from '../plain/records';
import type { NoticeStore } from './notices';

/** What happened, as the one who noticed it tells it. */
export type Happening = Pick<NewAuditEntry, 'action' | 'what'> & Partial<Pick<NewAuditEntry, 'sha256'>> & Partial<Why>;

export interface AuditState {
  readonly office: Office;
  /** The name that is written down. */
  readonly who: string;
  /** Null until it was read. */
  readonly reading: AuditReading | null;
  /** What waits for a reason; null while nothing does. */
  readonly asking: { readonly name: string; readonly answer: (why: Why | null) => void } | null;

  setWho(who: string): void;
  refresh(): Promise<void>;
  /** Writes down what happened; a failure is told. */
  note(happening: Happening): Promise<void>;
  /** Why something may leave; null where the person thought better of it. */
  askWhy(name: string): Promise<Why | null>;
  /** Asks where that is demanded, labels the file and writes down that it leaves; null where it may not. */
  letOut(file: LeavingFile): Promise<LeavingFile | null>;
}

export type AuditStore = StoreApi<AuditState>;

export interface AuditDependencies {
  readonly log: AuditLog;
  readonly office: Office;
  readonly notices: NoticeStore;
  readonly storage: Pick<Storage, 'writeSettings'>;
  readonly who: string;
}

const noWhy: Why = { reason: '', approver: '' };

function bytesOf(content: LeavingFile['content']): Uint8Array<ArrayBuffer> {
  return typeof content === 'string' ? new TextEncoder().encode(content) : content;
}

export function createAuditStore({ log, office, notices, storage, who }: AuditDependencies): AuditStore {
  const tell = (error: unknown) => notices.getState().tellFailure(error);
  return createStore<AuditState>()((set, get) => ({
    office,
    who,
    reading: null,
    asking: null,

    setWho(name) {
      set({ who: name });
      storage.writeSettings({ person: name }).catch(tell);
    },

    async refresh() {
      try {
        set({ reading: await log.read() });
      } catch (error) {
        tell(error);
      }
    },

    async note({ action, what, sha256 = null, reason = '', approver = '' }) {
      const given = { action, what, sha256, reason: reason.trim() || null, approver: approver.trim() || null };
      try {
        await log.append({ at: new Date().toISOString(), who: get().who.trim(), ...given });
        if (get().reading !== null) await get().refresh();
      } catch (error) {
        tell(error);
      }
    },

    askWhy(name) {
      const { reason, approver } = office.exports;
      if (!reason && !approver) return Promise.resolve(noWhy);
      get().asking?.answer(null);
      return new Promise((resolve) =>
        set({ asking: { name, answer: (why) => (set({ asking: null }), resolve(why)) } }),
      );
    },

    async letOut(file) {
      const why = await get().askWhy(file.name);
      if (why === null) return null;
      const labelled = labelFile(file, office.label);
      const sha256 = await sha256Hex(bytesOf(labelled.content));
      await get().note({ action: 'export', what: labelled.name, sha256, ...why });
      return labelled;
    },
  }));
}
