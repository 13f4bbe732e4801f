/**
 * @file Records a run while it trains. The engine tells of its steps faster than the page can draw and the disk can
 * write, so they are collected: shown a few times a second, written every few seconds, and once more at the end.
 */
import type { RunPairs, SampleRound } from '../../storage/records';
import type { Progress, TrainResult } from '../../worker/protocol';
import type { StepMetrics } from '../../run/metrics';
import { meanOf } from '../../core/statistics';
import { isOnPolicyMethod } from '../../run/objectives';
import type { TrainingCheckpoint } from '../../run/training-checkpoint';
import { curveOf } from '../plain/runs/curve';
import { sumBytes, type Run } from '../plain/runs/run';
import { describeFailure, isAbort, isEngineEnd } from '../text/failure';
import { phaseOf, type ActiveRun } from './active-run';
import type { Clock } from './clock';
import type { LibraryState } from './library';

export const showEveryMs = 100;
export const writeEveryMs = 5000;

/** Rounds of drawn answers that are kept: a run has one a step, and all are written anew every few seconds. */
const mostDrawn = 40;

/** The rounds with one more; of drawn answers the first is kept, to compare with, and the newest. */
export function withRound(rounds: readonly SampleRound[], round: SampleRound): readonly SampleRound[] {
  const all = [...rounds, round];
  if (round.prompt === undefined || all.length <= mostDrawn) return all;
  return [...all.slice(0, 1), ...all.slice(1 - mostDrawn)];
}

/** A run as it begins to be recorded; one that goes on has steps already. */
export interface RecordedRun {
  readonly run: Run;
  readonly pairs: RunPairs;
  readonly metrics: readonly StepMetrics[];
  readonly samples: readonly SampleRound[];
}

export interface RecordTarget {
  readonly library: Pick<LibraryState, 'save' | 'saveCheckpoint'>;
  /** Shows what has changed of the run. */
  readonly show: (change: Partial<ActiveRun>) => void;
}

/** The last reward is the mean over so many steps: of one alone it jumps. */
const rewardSteps = 10;

export class RunRecorder {
  private run: Run;
  private readonly pairs: RunPairs;
  /** The checkpoint that is to be written next: of those that come while one is written, the newest alone. */
  private checkpoint: TrainingCheckpoint | null = null;
  private readonly metrics: StepMetrics[];
  private samples: readonly SampleRound[];
  /** When it would have begun, had it trained without a pause. */
  private readonly startedMs: number;
  private unshown: Partial<ActiveRun> = {};
  private cancelShowing: (() => void) | null = null;
  /** Writes follow one another: two at once could end in the wrong order. */
  private writing: Promise<void> = Promise.resolve();
  private writtenMs: number;

  constructor(
    { run, pairs, metrics, samples }: RecordedRun,
    private readonly target: RecordTarget,
    private readonly clock: Clock,
  ) {
    [this.run, this.pairs, this.metrics, this.samples] = [run, pairs, [...metrics], samples];
    this.startedMs = clock.now() - run.seconds * 1000;
    this.writtenMs = clock.now();
  }

  /** Takes in what the engine tells of the run. */
  record(event: Progress): void {
    const phase = phaseOf(event);
    if (phase !== null) this.unshown = { ...this.unshown, phase };
    if (event.kind === 'encoded') {
      const lengths = { chosen: event.chosenTokens, rejected: event.rejectedTokens };
      this.run = { ...this.run, lengths };
      this.unshown = { ...this.unshown, lengths };
    } else if (event.kind === 'start') {
      const { loss, expectedLoss, rewards } = event;
      this.run = { ...this.run, start: { loss, expectedLoss, rewards } };
    } else if (event.kind === 'samples') {
      const { step, prompt, answers } = event;
      this.samples = withRound(this.samples, { step, answers, ...(prompt !== undefined && { prompt }) });
      this.unshown = { ...this.unshown, samples: this.samples };
    } else if (event.kind === 'step') {
      this.recordStep(event);
    } else if (event.kind === 'checkpoint') {
      this.keepCheckpoint(event.checkpoint);
    }
    this.cancelShowing ??= this.clock.after(showEveryMs, () => this.show());
  }

  /** Writes the run as it ended, with its adapter. */
  async finish(result: TrainResult, stoppedAs: 'paused' | 'stopped'): Promise<Run> {
    this.show();
    this.target.show({ phase: { kind: 'saving', detail: '', done: 0, total: 0 }, secondsLeft: null });
    await this.writing;
    const ended: Run = {
      ...this.soFar(result.bestStep),
      status: result.stopped ? stoppedAs : 'finished',
      steps: result.steps,
      totalSteps: result.totalSteps,
      seconds: this.run.seconds + result.seconds,
      ...(result.bestStep !== null && { bestStep: result.bestStep }),
      adapterBytes: sumBytes(result.adapter),
      warnings: result.warnings,
    };
    const { metrics, samples } = this;
    await this.target.library.save(ended, { metrics, samples, adapter: result.adapter });
    return ended;
  }

  /** Writes the run as far as it came, and why it came no further. */
  async fail(error: unknown): Promise<void> {
    this.show();
    await this.writing;
    const failure =
      isAbort(error) && !isEngineEnd(error)
        ? ({ status: 'stopped', error: null } as const)
        : ({
            status: isEngineEnd(error) ? 'interrupted' : 'failed',
            error: describeFailure(error).sentence,
          } as const);
    const { metrics, samples } = this;
    await this.target.library.save({ ...this.soFar(), ...failure }, { metrics, samples });
  }

  private recordStep(event: Extract<Progress, { kind: 'step' }>): void {
    const { totalSteps, secondsPerStep, secondsLeft, tokensPerSecond } = event;
    const speed = tokensPerSecond === undefined ? {} : { tokens_per_second: tokensPerSecond };
    this.metrics.push({ ...event.metrics, ...speed });
    this.unshown = { ...this.unshown, totalSteps, secondsPerStep, secondsLeft };
    this.run = { ...this.run, totalSteps };
    if (this.clock.now() - this.writtenMs < writeEveryMs) return;
    this.writtenMs = this.clock.now();
    // What is known when its turn has come: metrics and samples grow meanwhile.
    this.inTurn(() => this.target.library.save(this.soFar(), { metrics: [...this.metrics], samples: this.samples }));
  }

  private keepCheckpoint(checkpoint: TrainingCheckpoint): void {
    const isWaited = this.checkpoint !== null;
    this.checkpoint = checkpoint;
    if (isWaited) return;
    this.inTurn(async () => {
      const { checkpoint: newest, pairs, samples } = this;
      if (newest === null) return;
      this.checkpoint = null;
      const made = { metrics: [...this.metrics], samples };
      const { saveCheckpoint } = this.target.library;
      // The record names what is there, and nothing that could not be written.
      this.run = { ...this.run, checkpoints: await saveCheckpoint(this.soFar(), newest, pairs, made) };
    });
  }

  private inTurn(write: () => Promise<void>): void {
    this.writing = this.writing.then(write);
  }

  private show(): void {
    this.cancelShowing?.();
    this.cancelShowing = null;
    this.target.show({ ...this.unshown, metrics: [...this.metrics] });
    this.unshown = {};
  }

  private soFar(bestStep: number | null = null): Run {
    const latest = this.metrics.at(-1);
    const evaluated = this.metrics.filter(({ eval_loss }) => eval_loss !== undefined);
    const kept = evaluated.find(({ step }) => step === bestStep) ?? evaluated.at(-1);
    const accuracy = kept?.['eval_rewards/accuracies'];
    // Of answers drawn to be learned from it is near 0 whatever is learned, and would be shown as if it said something.
    const rewards = this.metrics.slice(-rewardSteps).flatMap(({ reward }) => reward ?? []);
    const saysLoss = !isOnPolicyMethod(this.run.method);
    return {
      ...this.run,
      steps: latest?.step ?? 0,
      seconds: (this.clock.now() - this.startedMs) / 1000,
      finalLoss: saysLoss ? (latest?.loss ?? null) : null,
      finalMargin: latest?.['rewards/margins'] ?? null,
      ...(rewards.length > 0 && { finalReward: meanOf(rewards) }),
      ...(kept?.eval_loss !== undefined && { finalEvalLoss: kept.eval_loss }),
      ...(accuracy !== undefined && { finalEvalAccuracy: accuracy }),
      ...(saysLoss && { curve: curveOf(this.metrics) }),
    };
  }
}
