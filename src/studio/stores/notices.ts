/** @file Short messages over the page: what was done (with an undo), and failures that need a look. */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { describeFailure } from '../text/failure';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly message: string;
  readonly undo: (() => void) | null;
}

export interface NoticeState {
  readonly notices: readonly Notice[];
  /** Says what was done; goes away by itself. */
  tell(message: string, undo?: () => void): void;
  /** Stays until dismissed. The same sentence is not shown twice. */
  warn(message: string): void;
  /** Warns of why something failed. @param loss what that means, another sentence */
  tellFailure(error: unknown, loss?: string): void;
  dismiss(id: number): void;
  undo(id: number): void;
}

export type NoticeStore = StoreApi<NoticeState>;

export function createNoticeStore(): NoticeStore {
  let nextId = 1;
  return createStore<NoticeState>()((set, get) => ({
    notices: [],
    tell(message, undo) {
      set({ notices: [...get().notices, { id: nextId++, tone: 'info', message, undo: undo ?? null }] });
    },
    warn(message) {
      if (get().notices.some((notice) => notice.tone === 'error' && notice.message === message)) return;
      set({ notices: [...get().notices, { id: nextId++, tone: 'error', message, undo: null }] });
    },
    tellFailure(error, loss = '') {
      get().warn([describeFailure(error).sentence, loss].filter((part) => part !== '').join(' '));
    },
    dismiss(id) {
      set({ notices: get().notices.filter((notice) => notice.id !== id) });
    },
    undo(id) {
      const notice = get().notices.find((candidate) => candidate.id === id);
      get().dismiss(id);
      notice?.undo?.();
    },
  }));
}
