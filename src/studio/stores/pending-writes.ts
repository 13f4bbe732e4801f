/**
 * @file What could not be written yet and lives in the page alone. It is tried again every few seconds, so that space
 * that is freed is used without a reload, and said once all of it is written.
 */
import { createStore } from 'zustand/vanilla';
import type { Clock } from './clock';

export const retryEveryMs = 5000;

/** One thing that is written as a whole. */
export interface PendingWrite {
  /** It is to be tried again until it is written. */
  isUnwritten(): void;
  isWritten(): void;
}

export interface PendingState {
  /** How many things live in the page alone, since they could not be written. */
  readonly unwritten: number;
}

export class PendingWrites {
  readonly state = createStore<PendingState>()(() => ({ unwritten: 0 }));
  /** What tries each of them again. */
  private readonly retries = new Set<() => Promise<void>>();
  private isWaiting = false;

  /** @param onAllWritten is called when nothing waits any more that once could not be written */
  constructor(
    private readonly clock: Pick<Clock, 'after'>,
    private readonly onAllWritten: () => void,
  ) {}

  /** @param retry writes it as it is by then; rejects where that fails */
  of(retry: () => Promise<void>): PendingWrite {
    return {
      isUnwritten: () => {
        this.retries.add(retry);
        this.show();
        this.wait();
      },
      isWritten: () => {
        if (!this.retries.delete(retry)) return;
        this.show();
        if (this.retries.size === 0) this.onAllWritten();
      },
    };
  }

  private show(): void {
    this.state.setState({ unwritten: this.retries.size });
  }

  private wait(): void {
    if (this.isWaiting) return;
    this.isWaiting = true;
    this.clock.after(retryEveryMs, () => void this.retryAll());
  }

  private async retryAll(): Promise<void> {
    // A full disk refuses each of them; what one frees, another may take.
    for (const retry of [...this.retries]) await retry().catch(() => {});
    this.isWaiting = false;
    if (this.retries.size > 0) this.wait();
  }
}
