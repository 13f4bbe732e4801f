/** @file Short messages over the page: what was done (with an undo), and failures that need a look. */
import { message, sentenceOf, type Sayable } from '../../messages/message';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { describeFailure } from '../text/failure';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly message: Sayable;
  readonly undo: (() => void) | null;
}

export interface NoticeState {
  readonly notices: readonly Notice[];
  /** Says what was done; goes away by itself. */
  tellDone(message: Sayable, undo?: () => void): void;
  /** Stays until dismissed. The same sentence is not shown twice. */
  warn(message: Sayable): void;
  /** Warns of why something failed. @param loss what that means, another sentence */
  tellFailure(error: unknown, loss?: Sayable): void;
  dismiss(id: number): void;
  undo(id: number): void;
}

export type NoticeStore = StoreApi<NoticeState>;

export function createNoticeStore(): NoticeStore {
  let nextId = 1;
  return createStore<NoticeState>()((set, get) => ({
    notices: [],
    tellDone(message, undo) {
      set({ notices: [...get().notices, { id: nextId++, tone: 'info', message, undo: undo ?? null }] });
    },
    warn(message) {
      const sentence = sentenceOf(message);
      if (get().notices.some((shown) => shown.tone === 'error' && sentenceOf(shown.message) === sentence)) return;
      set({ notices: [...get().notices, { id: nextId++, tone: 'error', message, undo: null }] });
    },
    tellFailure(error, loss = '') {
      const { sentence } = describeFailure(error);
      get().warn(loss === '' ? sentence : message('sentences', { first: sentence, second: loss }));
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
