/**
 * @file Whether the engine's worker answers. While calls are under way it is asked for a sign of life every few
 * seconds; any message is one. A worker in one long call of the runtime cannot answer and is not dead: so nothing is
 * done about silence but to tell of it, until it ends. That a worker is dead is known otherwise (engine-client.ts).
 */

export const lookEveryMs = 4000;

/** How often it is looked for an answer in vain before the silence is told of: 12 to 16 seconds. */
const patience = 3;

/** Does the work again and again. @returns ends that */
export type Every = (milliseconds: number, work: () => void) => () => void;

export const everyInterval: Every = (milliseconds, work) => {
  const timer = setInterval(work, milliseconds);
  return () => clearInterval(timer);
};

export interface WatchedWorker {
  ask(): void;
  /** Hears how many seconds nothing was heard, again while it lasts; null when it has ended. */
  onSilence(seconds: number | null): void;
}

export class WorkerWatch {
  private stopLooking: (() => void) | null = null;
  /** Looks since the question that has no answer; null where there is none. Not time: a PC may have slept. */
  private looks: number | null = null;
  private isSilent = false;

  constructor(
    private readonly worker: WatchedWorker,
    private readonly every: Every = everyInterval,
  ) {}

  /** A call begins. */
  start(): void {
    this.stopLooking ??= this.every(lookEveryMs, () => this.look());
  }

  /** No call is under way any more. */
  stop(): void {
    this.stopLooking?.();
    this.stopLooking = null;
    this.heard();
  }

  heard(): void {
    this.looks = null;
    if (!this.isSilent) return;
    this.isSilent = false;
    this.worker.onSilence(null);
  }

  private look(): void {
    if (this.looks === null) {
      this.looks = 0;
      return this.worker.ask();
    }
    this.looks += 1;
    if (this.looks < patience) return;
    this.isSilent = true;
    this.worker.onSilence((this.looks * lookEveryMs) / 1000);
  }
}
