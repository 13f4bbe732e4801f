/** @file Short messages over the page: what was done (with an undo), and failures that need a look. */
import { message, sentenceOf, type Sayable } from '../../messages/message';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { describeFailure, isDatabaseFault } from '../text/failure';

export interface Notice {
  readonly id: number;
  readonly tone: 'info' | 'error';
  readonly message: Sayable;
  readonly undo: (() => void) | null;
  /** What is done once it can no longer be undone. */
  readonly settle?: () => void;
}

export interface NoticeState {
  readonly notices: readonly Notice[];
  /** Says what was done; goes away by itself. @param settle is called once it can no longer be undone */
  tellDone(message: Sayable, undo?: () => void, settle?: () => void): void;
  /** Stays until dismissed. The same sentence is not shown twice. */
  warn(message: Sayable): void;
  /**
   * Warns of why something failed, but not of a database that cannot be used, which stands over all screens.
   * @param loss what that means, another sentence
   */
  tellFailure(error: unknown, loss?: Sayable): void;
  dismiss(id: number): void;
  undo(id: number): void;
}

export type NoticeStore = StoreApi<NoticeState>;

export function createNoticeStore(): NoticeStore {
  let nextId = 1;
  return createStore<NoticeState>()((set, get) => {
    /** Takes a notice off the page. */
    function take(id: number): Notice | undefined {
      const notice = get().notices.find((candidate) => candidate.id === id);
      set({ notices: get().notices.filter((other) => other !== notice) });
      return notice;
    }
    return {
      notices: [],
      tellDone(message, undo, settle) {
        const notice: Notice = { id: nextId++, tone: 'info', message, undo: undo ?? null, ...(settle && { settle }) };
        set({ notices: [...get().notices, notice] });
      },
      warn(message) {
        const sentence = sentenceOf(message);
        if (get().notices.some((shown) => shown.tone === 'error' && sentenceOf(shown.message) === sentence)) return;
        set({ notices: [...get().notices, { id: nextId++, tone: 'error', message, undo: null }] });
      },
      tellFailure(error, loss = '') {
        if (isDatabaseFault(error)) return loss === '' ? undefined : get().warn(loss);
        const { sentence } = describeFailure(error);
        get().warn(loss === '' ? sentence : message('sentences', { first: sentence, second: loss }));
      },
      dismiss: (id) => take(id)?.settle?.(),
      undo: (id) => take(id)?.undo?.(),
    };
  });
}
