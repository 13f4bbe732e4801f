/**
 * @file The worker's entry: policy, surroundings, bridge.
 */
import './trusted-types';
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import type { DeviceSurroundings } from '../runtime/device';
import { wasmAssets, webgpuAssets } from '../runtime/ort-assets';
import { createBridge, reportError } from './bridge';
import { createHandlers } from './handlers';
import type { FromWorker, ToWorker } from './protocol';

/** More threads than this gain nothing on the matrices of small models. */
const threadLimit = 8;

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
  post({ id: -1, kind: 'deviceLost', error: reportError(new UserError('restartToGoOn', { sentence: why })) });
});

const receive = createBridge(handlers, post);
scope.addEventListener('message', (event: MessageEvent<ToWorker>) => void receive(event.data));
