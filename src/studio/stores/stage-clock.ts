/** @file The clock over the starter's stages: how far the whole is, and how long the rest will take. */
import { lookAhead, type StageKey } from '../plain/starter/stages';

const refreshEveryMs = 500;

export interface StageReading {
  readonly stage: StageKey;
  /** What is being done within the stage; null where it is what it was before. */
  readonly detail: string | null;
  /** Of the whole, in [0, 1]. */
  readonly share: number;
  readonly secondsLeft: number;
}

/** Begins in the first stage and shows its reading at every change, and twice a second meanwhile. */
export class StageClock {
  private readonly finished: Partial<Record<StageKey, number>> = {};
  private stage: StageKey = 'download';
  private readonly begunMs: number;
  private enteredMs: number;
  private secondsLeftInStage: number | null = null;
  private readonly timer: ReturnType<typeof setInterval>;

  constructor(
    private readonly show: (reading: StageReading) => void,
    private readonly now: () => number,
  ) {
    this.begunMs = this.enteredMs = now();
    this.timer = setInterval(() => this.letTimePass(), refreshEveryMs);
    this.showReading('');
  }

  enter(stage: StageKey): void {
    if (stage === this.stage) return;
    this.finished[this.stage] = this.secondsInStage();
    [this.stage, this.enteredMs, this.secondsLeftInStage] = [stage, this.now(), null];
    this.showReading();
  }

  /** Tells what is being done in the stage and, where that is known, how long the stage will still take. */
  showDetail(detail: string, secondsLeft: number | null = this.secondsLeftInStage): void {
    this.secondsLeftInStage = secondsLeft;
    this.showReading(detail);
  }

  secondsInStage(): number {
    return (this.now() - this.enteredMs) / 1000;
  }

  seconds(): number {
    return (this.now() - this.begunMs) / 1000;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  /** Between two reports of the engine, time passes all the same. */
  private letTimePass(): void {
    if (this.secondsLeftInStage !== null)
      this.secondsLeftInStage = Math.max(0, this.secondsLeftInStage - refreshEveryMs / 1000);
    this.showReading();
  }

  private showReading(detail: string | null = null): void {
    const { stage, secondsLeftInStage, finished } = this;
    const outlook = lookAhead({ stage, secondsInStage: this.secondsInStage(), secondsLeftInStage, finished });
    this.show({ stage, detail, share: outlook.share, secondsLeft: outlook.secondsLeft });
  }
}
