/**
 * @file The page's client of the engine's worker: one call, one promise, progress on the way, and a way to stop.
 * Stores see the Engine interface only. The worker is started when first called, and again after restart().
 */
import { message } from '../../messages/message';
import { AbortError, UserError } from '../../core/errors';
import type { ErrorReport, FromWorker, Progress, RequestKind, Requests, ToWorker } from '../../worker/protocol';
import type { DownCause } from '../plain/engine/recovery';
import { everyInterval, WorkerWatch, type Every } from './worker-watch';

export interface CallOptions {
  /**
   * Asks the worker to stop. The call still settles by the worker's answer: training resolves with what it has
   * reached, generation with what it has written, other calls reject with an AbortError.
   */
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: Progress) => void;
}

/** Calls that take no time of the engine worth owning: they may be asked whatever it does. */
type QuickCall =
  | 'inspectModel'
  | 'renameModel'
  | 'checkAdapter'
  | 'adapterShape'
  | 'checkConfig'
  | 'planHandOver'
  | 'signingKey'
  | 'inspectPair'
  | 'modelTokens'
  | 'countTokens'
  | 'logprobs'
  | 'memory';

declare const isOwned: unique symbol;

/**
 * A signal that the owner of the engine's time gave out (stores/engine-time.ts). A long call wants one, so that none
 * is made past the owner, who would not know that background work has to give way and to be taken up again.
 */
export type EngineSignal = AbortSignal & { readonly [isOwned]: true };

export interface Engine {
  call<K extends QuickCall>(kind: K, input: Requests[K]['in'], options?: CallOptions): Promise<Requests[K]['out']>;
  call<K extends Exclude<RequestKind, QuickCall>>(
    kind: K,
    input: Requests[K]['in'],
    options: CallOptions & { readonly signal: EngineSignal },
  ): Promise<Requests[K]['out']>;
  /** Called when the worker or its device is gone: every call fails until restart(). */
  onDown(listener: (error: Error, cause: DownCause) => void): () => void;
  /**
   * Called while the worker does not answer, with the seconds since; with null when it does again. It may be busy with
   * one long piece of work.
   */
  onSilence(listener: (seconds: number | null) => void): () => void;
  /** Ends the worker, failing the calls under way. The device must be opened again. */
  restart(): void;
}

/** A defect that crossed from the worker, with the name and the stack that it had there. */
export class EngineError extends Error {
  constructor(report: ErrorReport) {
    super(report.message);
    this.name = report.name;
    this.stack = report.stack;
  }
}

function errorOf(report: ErrorReport): Error {
  if (report.said === undefined) return new EngineError(report);
  if (report.name === 'AbortError') return new AbortError(report.said);
  return Object.assign(new UserError(report.said), { details: report.details ?? null });
}

const faultOf = (report: ErrorReport): UserError => new UserError('engineStopped', { reason: report.message });

/** What the client uses of a Worker; tests give a scripted one. */
export interface WorkerPort {
  postMessage(message: ToWorker): void;
  terminate(): void;
  addEventListener(type: 'message', listener: (event: { data: FromWorker }) => void): void;
  addEventListener(type: 'error' | 'messageerror', listener: (event: { message?: string }) => void): void;
}

/** What the client needs of the browser beside a worker; tests give their own. */
export interface EngineSurroundings {
  /** Absent where the page is in no secure context; then a death without a word is not noticed. */
  readonly locks?: Pick<LockManager, 'request'> | undefined;
  readonly every?: Every;
}

interface PendingCall {
  readonly resolve: (out: Requests[RequestKind]['out']) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: ((event: Progress) => void) | undefined;
}

export class WorkerEngine implements Engine {
  private readonly listeners = new Set<(error: Error, cause: DownCause) => void>();
  private readonly silenceListeners = new Set<(seconds: number | null) => void>();
  private readonly pending = new Map<number, PendingCall>();
  private readonly watch: WorkerWatch;
  private port: WorkerPort | null = null;
  private down: Error | null = null;
  private nextId = 1;
  private stopAwaitingDeath: () => void = () => {};

  constructor(
    private readonly startWorker: () => WorkerPort,
    private readonly surroundings: EngineSurroundings = {},
  ) {
    const ask = () => this.port?.postMessage({ id: -1, kind: 'ping' });
    const onSilence = (seconds: number | null) => this.silenceListeners.forEach((listener) => listener(seconds));
    this.watch = new WorkerWatch({ ask, onSilence }, surroundings.every ?? everyInterval);
  }

  call<K extends RequestKind>(
    kind: K,
    input: Requests[K]['in'],
    { signal, onProgress }: CallOptions = {},
  ): Promise<Requests[K]['out']> {
    return new Promise((resolve, reject) => {
      if (this.down !== null) return reject(this.down);
      signal?.throwIfAborted();
      const worker = (this.port ??= this.connect());
      const id = this.nextId++;
      const cancel = () => worker.postMessage({ id, kind: 'cancel' });
      const settled = () => signal?.removeEventListener('abort', cancel);
      this.watch.start();
      this.pending.set(id, {
        // The worker answers a kind with that kind's `out`: the protocol's promise, which types cannot follow here.
        resolve: (out) => (settled(), resolve(out as Requests[K]['out'])),
        reject: (error) => (settled(), reject(error)),
        onProgress,
      });
      try {
        worker.postMessage({ id, kind, in: input } as ToWorker);
      } catch (error) {
        // Data that cannot be cloned, say a file that was deleted since.
        this.forget(id);
        return reject(error as Error);
      }
      signal?.addEventListener('abort', cancel);
    });
  }

  onDown(listener: (error: Error, cause: DownCause) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  onSilence(listener: (seconds: number | null) => void): () => void {
    this.silenceListeners.add(listener);
    return () => this.silenceListeners.delete(listener);
  }

  restart(): void {
    this.stopAwaitingDeath();
    this.port?.terminate();
    this.port = null;
    this.down = null;
    this.failCalls(new AbortError(message('engineRestarted')));
  }

  private connect(): WorkerPort {
    const started = this.startWorker();
    // Messages of a worker that was since replaced are not ours any more.
    started.addEventListener('message', (event) => started === this.port && this.receive(event.data));
    const crash = (event: { message?: string }) => {
      if (started !== this.port) return;
      this.goDown(new UserError('engineStopped', { reason: event.message || message('workerCrashed') }), 'failed');
    };
    started.addEventListener('error', crash);
    started.addEventListener('messageerror', crash);
    return started;
  }

  private receive(message: FromWorker): void {
    this.watch.heard();
    if (message.kind === 'pong') return;
    if (message.kind === 'alive') return void this.awaitDeath(message.lock);
    if (message.kind === 'deviceLost') return this.goDown(errorOf(message.error), 'deviceLost');
    if (message.kind === 'fault') return this.goDown(faultOf(message.error), 'failed');
    const call = this.pending.get(message.id);
    if (call === undefined) return;
    if (message.kind === 'progress') return call.onProgress?.(message.event);
    this.forget(message.id);
    if (message.kind === 'result') call.resolve(message.out);
    else call.reject(errorOf(message.error));
  }

  /** A worker that is closed, or that runs out of memory, says nothing; but it lets go of its lock. */
  private async awaitDeath(lock: string): Promise<void> {
    const awaiting = new AbortController();
    this.stopAwaitingDeath();
    this.stopAwaitingDeath = () => awaiting.abort();
    const { signal } = awaiting;
    await this.surroundings.locks
      ?.request(lock, { signal }, () => this.goDown(new UserError('engineDied'), 'died'))
      // The worker was ended from here.
      .catch(() => {});
  }

  private forget(id: number): void {
    this.pending.delete(id);
    if (this.pending.size === 0) this.watch.stop();
  }

  private goDown(error: Error, cause: DownCause): void {
    if (this.down !== null) return;
    this.down = error;
    this.failCalls(error);
    for (const listener of this.listeners) listener(error, cause);
  }

  private failCalls(error: Error): void {
    const calls = [...this.pending.values()];
    this.pending.clear();
    this.watch.stop();
    for (const call of calls) call.reject(error);
  }
}

export function startEngineWorker(): WorkerPort {
  return new Worker(new URL('../../worker/worker.ts', import.meta.url), { type: 'module' }) as WorkerPort;
}
