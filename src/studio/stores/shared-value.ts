/**
 * @file One stored value that several tabs show and change. Reading and writing take turns. The storage refuses to
 * write over what another tab has written since; then both sides' changes are merged, shown and written.
 */
import { shallow } from 'zustand/vanilla/shallow';
import type { Stamp, Stamped } from '../../storage/studio-storage';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';

export interface SharedParts<T> {
  /** What is shown before anything is read. */
  readonly empty: T;
  /** @param known what was read or written last, for parts of it to be known again */
  read(known: T): Promise<Stamped<T>>;
  write(value: T, over: Stamp): Promise<Stamp | null>;
  /** What this tab shows; it has changed where one of its fields is another object. */
  mine(): T;
  show(value: T): void;
  /** Gives `theirs` with what was changed on the way from `base` to `mine`. */
  merge(base: T, mine: T, theirs: T): T;
  onWritten(): void;
  /** Is called when both sides had changed it and both changes were kept. */
  onMerged(): void;
  onFailed(error: unknown, isWrite: boolean): void;
}

export interface SharedValue<T> {
  /** Shows what is stored, with what was changed here and is not stored yet. */
  refresh(): Promise<void>;
  /** Stores what this tab shows. */
  keepMine(): Promise<void>;
  /**
   * Shows another stored value in the place of this one, once this one is stored; `begin` is called the moment before.
   * False, with nothing changed, where that one cannot be read or this one not be stored, which is told.
   */
  switchTo(read: () => Promise<Stamped<T> & { readonly begin: () => void }>): Promise<boolean>;
}

/** Tells what happened to the value in notices. @param notKept what it means that a write failed */
export function tellSharing(
  notices: NoticeStore,
  notKept: () => string,
): Pick<SharedParts<unknown>, 'onMerged' | 'onFailed'> {
  const { warn, tellFailure } = notices.getState();
  return {
    onMerged: () => warn(currentText().faults.mergedTabs),
    onFailed: (error, isWrite) => tellFailure(error, isWrite ? notKept() : ''),
  };
}

export function shareValue<T>(parts: SharedParts<T>): SharedValue<T> {
  let known: Stamped<T> = { value: parts.empty, stamp: undefined };
  let turn: Promise<void> = Promise.resolve();

  function inTurn(work: () => Promise<void>, isWrite: () => boolean): Promise<void> {
    turn = turn.then(work).catch((error: unknown) => parts.onFailed(error, isWrite()));
    return turn;
  }

  async function adopt(): Promise<void> {
    const read = await parts.read(known.value);
    const merged = parts.merge(known.value, parts.mine(), read.value);
    known = read;
    if (!shallow(merged, parts.mine())) parts.show(merged);
  }

  async function write(): Promise<void> {
    for (;;) {
      const value = parts.mine();
      if (shallow(value, known.value)) return;
      const stamp = await parts.write(value, known.stamp);
      if (stamp !== null) {
        known = { value, stamp };
        return parts.onWritten();
      }
      await adopt();
      parts.onMerged();
    }
  }

  async function switchTo(read: () => Promise<Stamped<T> & { readonly begin: () => void }>): Promise<boolean> {
    let isSwitched = false;
    let isWriting = false;
    await inTurn(
      async () => {
        const { begin, ...next } = await read();
        isWriting = true;
        await write();
        begin();
        known = next;
        parts.show(next.value);
        isSwitched = true;
      },
      () => isWriting,
    );
    return isSwitched;
  }

  return { refresh: () => inTurn(adopt, () => false), keepMine: () => inTurn(write, () => true), switchTo };
}
