/**
 * @file The worker's entry: policy, surroundings, bridge.
 */
import './trusted-types';
import { watchWorkerNetwork } from '../core/watch-network';
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import type { DeviceSurroundings } from '../runtime/device';
import { wasmAssets, webgpuAssets } from '../runtime/ort-assets';
import { createBridge, reportError } from './bridge';
import { createHandlers } from './handlers';
import type { FromWorker, ToWorker } from './protocol';

/** More threads than this gain nothing on the matrices of small models. */
const threadLimit = 8;

watchWorkerNetwork();
const scope = self as unknown as DedicatedWorkerGlobalScope;
const isolated = scope.crossOriginIsolated;

/** Chromium's, in no standard's types. */
const { deviceMemory } = navigator as WorkerNavigator & { deviceMemory?: number };

const surroundings: DeviceSurroundings = {
  assets: { wasm: wasmAssets, webgpu: webgpuAssets },
  threads: isolated ? Math.min(threadLimit, navigator.hardwareConcurrency) : 1,
  ...(!isolated && {
    threadsNote: message('oneThreadOnly'),
  }),
  gpu: navigator.gpu,
  memoryBytes: deviceMemory === undefined ? undefined : deviceMemory * 2 ** 30,
};

const post = (message: FromWorker): void => scope.postMessage(message);

const handlers = createHandlers(surroundings, (why) => {
  post({ id: -1, kind: 'deviceLost', error: reportError(new UserError(why)) });
});

const receive = createBridge(handlers, post);
scope.addEventListener('message', (event: MessageEvent<ToWorker>) => void receive(event.data));

/** A promise that nobody waits for was rejected: some call may wait for ever. */
scope.addEventListener('unhandledrejection', ({ reason }) => {
  if ((reason as Error | null)?.name === 'AbortError') return;
  post({ id: -1, kind: 'fault', error: reportError(reason) });
});

/** A browser lets go of a worker's locks when it ends, however it ends: the page waits for this one. */
const lifeLock = `airlock-engine/${crypto.randomUUID()}`;
void navigator.locks.request(lifeLock, () => {
  post({ id: -1, kind: 'alive', lock: lifeLock });
  return new Promise<never>(() => {});
});
