/**
 * @file onnxruntime-web's WebGPU build in Node, on Dawn: for tests of both GPU executors together and for counting what
 * issuing costs. Not for timing kernels. Three things stand in the way, and are put right here: the runtime looks for
 * the GPU in `navigator`, fetches its binary (Node fetches no files), and writes to buffers from shared memory, which
 * Dawn's binding refuses.
 */
import { setFlagsFromString } from 'node:v8';
import type { CompileOptions } from '../wgsl/compile';
import { smallTile } from '../wgsl/tiles';
import type { DawnBackend } from './dawn';
import { openDawnDevice } from './dawn';
import type { Executor } from './executor';
import { openWebGpuExecutor } from './ort';
import { readInstalled } from './read-binary';
import type { Trust } from './self-test';
import { bytesOfView } from './watched-gpu';

/** Copies what lies in shared memory before it is written: GPUQueue.writeBuffer's arguments are as WebGPU has them. */
function acceptSharedMemory(queue: GPUQueue): void {
  const write = queue.writeBuffer.bind(queue);
  queue.writeBuffer = (buffer, bufferOffset, data, dataOffset, size) => {
    const part = bytesOfView(data, dataOffset, size);
    write(buffer, bufferOffset, part.buffer instanceof ArrayBuffer ? part : (part as Uint8Array).slice());
  };
}

/** Starts onnxruntime on a device of Dawn's. */
export function openRuntimeOn(gpu: GPUDevice, trust: Partial<Trust>): Promise<Executor> {
  acceptSharedMemory(gpu.queue);
  // Otherwise V8 spends half a minute on optimising the runtime before its first run.
  setFlagsFromString('--liftoff-only');
  const wasmBinary = readInstalled('ort-wasm-simd-threaded.asyncify.wasm');
  return openWebGpuExecutor({ gpu, assets: null, wasmBinary, ...trust });
}

/**
 * Opens Dawn and onnxruntime on it.
 * @param kernels how the gradient's kernels are compiled: for tests, by default, so that compiling is quick
 * @returns the executor and its device; or, in a sentence, why there is none
 */
export async function openRuntimeOnDawn(
  backend: DawnBackend,
  kernels: CompileOptions | null = { tile: smallTile },
): Promise<{ readonly executor: Executor; readonly gpu: GPUDevice } | string> {
  const gpu = await openDawnDevice(backend);
  return typeof gpu === 'string' ? gpu : { executor: await openRuntimeOn(gpu, { kernels }), gpu };
}
