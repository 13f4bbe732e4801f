/**
 * @file Who has the engine's time. What a person asked for is foreground work: it runs through `run`, is known by its
 * kind while it runs, and is stopped by its kind. Background work (the check of the pairs) gives way to it: it is
 * stopped when foreground work begins and begins again when none is left, until it has once come to its end. Whoever
 * uses the engine in the foreground need not know of it.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { EngineSignal } from '../browser/engine-client';
import { settleMs } from './after-settling';

/** Foreground work. One may run inside another, as training does inside the starter. */
export type WorkKind =
  | 'starting'
  | 'loading'
  | 'choosingTemplate'
  | 'starter'
  | 'training'
  | 'probing'
  | 'comparing'
  | 'scoring'
  | 'judging'
  | 'promptSet'
  | 'modelJudging'
  | 'makingPairs'
  | 'judgingLabels'
  | 'sweep'
  | 'demonstration'
  | 'showing'
  | 'handingOver'
  | 'calibrating';

export interface EngineTimeState {
  /** The kinds of foreground work under way, oldest first: of two that run one inside the other, the outer one. */
  readonly foreground: readonly WorkKind[];
}

/** Work that can be begun again at any time; it settles soon after its signal is aborted. */
export type BackgroundWork = (signal: EngineSignal) => Promise<void>;

interface ForegroundWork {
  readonly kind: WorkKind;
  readonly controller: AbortController;
}

/** One background work: whether it has to be done, and the attempt under way. */
class Background {
  private isDue = false;
  private attempt: AbortController | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly work: BackgroundWork,
    private readonly isFree: () => boolean,
    private readonly waitMs: number,
  ) {}

  /** Its input has changed: what was made of the former one is void. */
  ask(): void {
    this.isDue = true;
    this.giveWay();
    this.takeUp();
  }

  giveWay(): void {
    clearTimeout(this.timer);
    this.attempt?.abort();
  }

  /** Begins in a moment, where there is something to do and nobody else has the engine. */
  takeUp(): void {
    if (!this.isDue || !this.isFree()) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.begin(), this.waitMs);
  }

  private async begin(): Promise<void> {
    // An attempt that was stopped and has not settled yet calls takeUp when it has.
    if (this.attempt !== null) return;
    const { signal } = (this.attempt = new AbortController());
    try {
      await this.work(signal as EngineSignal);
    } finally {
      this.attempt = null;
      if (signal.aborted) this.takeUp();
      else this.isDue = false;
    }
  }
}

export class EngineTime {
  readonly state: StoreApi<EngineTimeState> = createStore<EngineTimeState>()(() => ({ foreground: [] }));
  private foreground: readonly ForegroundWork[] = [];
  private readonly backgrounds: Background[] = [];

  /**
   * @param waitMs how long the engine is free, and the input of background work stays as it is, before that begins
   */
  constructor(private readonly waitMs = settleMs) {}

  /** Runs foreground work, which begins at once, and answers with what it answers with. */
  async run<T>(kind: WorkKind, work: (signal: EngineSignal) => Promise<T>): Promise<T> {
    const own: ForegroundWork = { kind, controller: new AbortController() };
    this.setForeground([...this.foreground, own]);
    for (const background of this.backgrounds) background.giveWay();
    try {
      return await work(own.controller.signal as EngineSignal);
    } finally {
      this.setForeground(this.foreground.filter((other) => other !== own));
      for (const background of this.backgrounds) background.takeUp();
    }
  }

  /** Aborts the signal of all foreground work of a kind. */
  stop(kind: WorkKind): void {
    for (const { controller } of this.ofKind(kind)) controller.abort();
  }

  isRunning(kind: WorkKind): boolean {
    return this.ofKind(kind).length > 0;
  }

  /** Whether no other work of this kind began after the one that was given `signal`. */
  isNewest(kind: WorkKind, signal: AbortSignal): boolean {
    return this.ofKind(kind).at(-1)?.controller.signal === signal;
  }

  /** Resolves when no work of this kind runs any more. */
  whenEnded(kind: WorkKind): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.isRunning(kind)) return;
        unsubscribe();
        resolve();
      };
      const unsubscribe = this.state.subscribe(look);
      look();
    });
  }

  /** Registers background work. @returns asks for it, now and whenever what it works on has changed */
  addBackground(work: BackgroundWork): () => void {
    const background = new Background(work, () => this.foreground.length === 0, this.waitMs);
    this.backgrounds.push(background);
    return () => background.ask();
  }

  private ofKind(kind: WorkKind): readonly ForegroundWork[] {
    return this.foreground.filter((work) => work.kind === kind);
  }

  private setForeground(foreground: readonly ForegroundWork[]): void {
    this.foreground = foreground;
    this.state.setState({ foreground: foreground.map(({ kind }) => kind) });
  }
}
