/**
 * @file One stored value that several tabs show and change. Reading and writing take turns. What is changed is shown
 * once it is written, so that what the page shows is kept. The storage refuses to write over what another tab has
 * written since; then the change is made of what that tab wrote.
 * What cannot be written is shown all the same, which is said, and written as soon as it can be.
 */
import { shallow } from 'zustand/vanilla/shallow';
import type { Stamp, Stamped } from '../../storage/studio-storage';
import { currentText } from '../text/text';
import type { NoticeStore } from './notices';
import type { PendingWrite, PendingWrites } from './pending-writes';

/** Null where another tab has written since; false gives the change up. */
export type Write<T> = (value: T, over: Stamp) => Promise<Stamp | null | false>;

/** What is to become of the value; what it is given where nothing is. */
export type Next<T> = (now: T) => T | Promise<T>;

export interface SharedParts<T> {
  /** What is shown before anything is read. */
  readonly empty: T;
  /** @param known what was read or written last, for parts of it to be known again */
  readonly read: (known: T) => Promise<Stamped<T>>;
  readonly write: Write<T>;
  /** What this tab shows; it has changed where one of its fields is another object. */
  readonly mine: () => T;
  readonly show: (value: T) => void;
  /** Gives `theirs` with what was changed on the way from `base` to `mine`. */
  readonly merge: (base: T, mine: T, theirs: T) => T;
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
   * Writes what becomes of the value, then shows it.
   * @param next is asked again where another tab has written meanwhile
   * @param write how it is written, where something else is to be written with it
   * @returns whether it is written; false also where nothing was to be
   */
  change(next: Next<T>, write?: Write<T>): Promise<boolean>;
  /** Stores what this tab shows in a storage that was cleared. */
  writeAnew(): Promise<void>;
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

class Shared<T> implements SharedValue<T> {
  #known: Stamped<T>;
  #turn: Promise<void> = Promise.resolve();
  readonly #parts: SharedParts<T>;
  readonly #unwritten: PendingWrite | undefined;

  constructor(parts: SharedParts<T>, pending: PendingWrites | undefined) {
    this.#parts = parts;
    this.#known = { value: parts.empty, stamp: undefined };
    this.#unwritten = pending?.of(() => this.#retry());
  }

  refresh(): Promise<void> {
    return this.#inTurn(
      () => this.#adopt(),
      () => false,
    );
  }

  keepMine(): Promise<void> {
    return this.#inTurn(
      () => this.#write(),
      () => true,
    );
  }

  async change(next: Next<T>, how: Write<T> = this.#parts.write): Promise<boolean> {
    let isWritten = false;
    let isWriting = false;
    const writing: Write<T> = (value, over) => {
      isWriting = true;
      return how(value, over);
    };
    await this.#inTurn(
      async () => void (isWritten = await this.#change(next, writing)),
      () => isWriting,
    );
    return isWritten;
  }

  writeAnew(): Promise<void> {
    return this.#inTurn(
      () => {
        this.#known = { value: this.#parts.empty, stamp: undefined };
        return this.#write();
      },
      () => true,
    );
  }

  async switchTo(read: () => Promise<Stamped<T> & { readonly begin: () => void }>): Promise<boolean> {
    let isSwitched = false;
    let isWriting = false;
    await this.#inTurn(
      async () => {
        const { begin, ...next } = await read();
        isWriting = true;
        await this.#write();
        begin();
        this.#known = next;
        this.#parts.show(next.value);
        isSwitched = true;
      },
      () => isWriting,
    );
    return isSwitched;
  }

  #inTurn(work: () => Promise<void>, isWrite: () => boolean): Promise<void> {
    this.#turn = this.#turn.then(work).catch((error: unknown) => this.#parts.onFailed(error, isWrite()));
    return this.#turn;
  }

  async #adopt(): Promise<void> {
    const { read, merge, mine, show } = this.#parts;
    const found = await read(this.#known.value);
    const merged = merge(this.#known.value, mine(), found.value);
    this.#known = found;
    if (!shallow(merged, mine())) show(merged);
  }

  /** Shows what became of `now`, with what was changed here meanwhile. */
  #show(now: T, value: T): void {
    const { merge, mine, show } = this.#parts;
    show(shallow(now, mine()) ? value : merge(now, mine(), value));
  }

  async #change(next: Next<T>, write: Write<T>): Promise<boolean> {
    for (let isMerged = false; ; isMerged = true) {
      const now = this.#parts.mine();
      const value = await next(now);
      if (shallow(value, now) && shallow(now, this.#known.value)) {
        this.#unwritten?.isWritten();
        return false;
      }
      let stamp: Stamp | null | false;
      try {
        stamp = await write(value, this.#known.stamp);
      } catch (error) {
        this.#unwritten?.isUnwritten();
        this.#show(now, value);
        throw error;
      }
      if (stamp === false) return false;
      if (stamp !== null) {
        this.#known = { value, stamp };
        this.#unwritten?.isWritten();
        this.#show(now, value);
        this.#parts.onWritten();
        if (isMerged) this.#parts.onMerged();
        return true;
      }
      await this.#adopt();
    }
  }

  async #write(): Promise<void> {
    await this.#change((now) => now, this.#parts.write);
  }

  /** Without a word: that it could not be written was said. */
  #retry(): Promise<void> {
    const tried = this.#turn.then(() => this.#write());
    this.#turn = tried.catch(() => {});
    return tried;
  }
}

export const shareValue = <T>(parts: SharedParts<T>, pending?: PendingWrites): SharedValue<T> =>
  new Shared(parts, pending);
