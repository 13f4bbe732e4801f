/** @file What of one run could not be written: kept in the page until it is, or something newer is in its place. */
import type { RunParts } from '../../storage/studio-storage';
import type { PendingWrite, PendingWrites } from './pending-writes';

export type WriteKind = 'record' | 'checkpoint' | 'labels';

/** Writes of one run that failed: each is tried again until it is done, or a newer one of its kind is. */
export class UnwrittenRun {
  readonly #failed = new Map<WriteKind, () => Promise<void>>();
  readonly #pending: PendingWrite | undefined;
  /** What of the run is nowhere but here. */
  parts: RunParts = {};

  constructor(pending: PendingWrites | undefined) {
    this.#pending = pending?.of(async () => {
      for (const [kind, write] of this.#failed) await this.write(kind, write);
    });
  }

  get isEmpty(): boolean {
    return this.#failed.size === 0;
  }

  /** @throws what the writing throws */
  async write(kind: WriteKind, write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      this.#failed.set(kind, write);
      this.#pending?.isUnwritten();
      throw error;
    }
    this.#failed.delete(kind);
    if (this.isEmpty) this.#pending?.isWritten();
  }
}
