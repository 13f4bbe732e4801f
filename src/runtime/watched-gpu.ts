/**
 * @file A WebGPU device as executors use it: whether it is still there and has reported no error, and how bytes come
 * from and go to its buffers. On a lost device nothing fails, and nothing is computed: its loss rejects the work under
 * way.
 */
import { bytesPerElement } from '../core/dtype';
import { UserError } from '../core/errors';
import { message } from '../messages/message';
import { sayGpuError } from './runtime-errors';
import type { DeviceTensor, HostArray } from './executor';

/** A tensor in a GPU buffer, whoever made it. */
export interface GpuTensor extends DeviceTensor {
  readonly buffer: GPUBuffer;
}

/** Storage buffers are whole 16-byte blocks: reading back copies blocks, and kernels may read vectors of four. */
export const paddedBytes = (bytes: number): number => Math.max(16, Math.ceil(bytes / 16) * 16);

/** Creates a buffer that shaders read and write, and that bytes are copied from and to. */
export function createStorage(gpu: GPUDevice, size: number): GPUBuffer {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  return gpu.createBuffer({ size, usage });
}

/** Creates a shader module. What the driver has against it, whoever makes a pipeline of it hears, and no one else. */
export function createModule(gpu: GPUDevice, descriptor: GPUShaderModuleDescriptor): GPUShaderModule {
  gpu.pushErrorScope('validation');
  const module = gpu.createShaderModule(descriptor);
  gpu.popErrorScope().catch(() => undefined);
  return module;
}

/** A write is of whole words: the last bytes of an odd one are filled up. */
export function wholeWords({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array<ArrayBuffer> {
  if (byteLength % 4 === 0) return new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);
  const padded = new Uint8Array(Math.ceil(byteLength / 4) * 4);
  padded.set(new Uint8Array(buffer, byteOffset, byteLength));
  return padded;
}

/** The bytes that a write takes of its data, which may lie in shared memory; arguments as of GPUQueue.writeBuffer. */
export function bytesOfView(
  data: ArrayBufferView | ArrayBuffer | SharedArrayBuffer,
  dataOffset = 0,
  size?: number,
): Uint8Array<ArrayBuffer> {
  const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data as ArrayBuffer);
  const unit = (view as Uint8Array).BYTES_PER_ELEMENT ?? 1;
  const bytes = size === undefined ? view.byteLength - dataOffset * unit : size * unit;
  return new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset + dataOffset * unit, bytes);
}

export class WatchedGpu {
  /** Rejections of the work under way. (Racing each call against `lost` would keep every result alive for ever.) */
  readonly #underWay = new Set<(error: Error) => void>();
  #lost: UserError | null = null;
  #error: string | null = null;

  constructor(readonly device: GPUDevice) {
    device.addEventListener('uncapturederror', (event) => (this.#error ??= event.error.message));
    void device.lost.then(({ reason, message: detail }) => {
      const error = new UserError('deviceLostInWork', { reason, detail: detail || message('noReasonGiven') });
      this.#lost = error;
      for (const reject of this.#underWay) reject(error);
    });
  }

  /** The largest buffer that a shader may bind, in bytes. */
  get bindingBytes(): number {
    return this.device.limits.maxStorageBufferBindingSize;
  }

  /** Rejects with the device. */
  guard<T>(work: Promise<T>): Promise<T> {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise<T>((resolve, reject) => {
      this.#underWay.add(reject);
      work.then(resolve, reject).finally(() => this.#underWay.delete(reject));
    });
  }

  /** @throws Error where the device is lost or has reported an error */
  checkHealth(): void {
    if (this.#lost) throw this.#lost;
    if (this.#error !== null) throw sayGpuError(this.#error);
  }

  async read(tensor: DeviceTensor): Promise<HostArray> {
    const { sizeBytes, dtype, buffer } = tensor as GpuTensor;
    const size = paddedBytes(sizeBytes);
    const staging = this.device.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
    try {
      this.#copy(buffer, staging, 0, size);
      await this.guard(staging.mapAsync(GPUMapMode.READ));
      this.checkHealth();
      const bytes = staging.getMappedRange().slice(0, sizeBytes);
      return dtype === 'int32' ? new Int32Array(bytes) : new Float32Array(bytes);
    } finally {
      staging.destroy();
    }
  }

  /** Copies all of `source` over `target` from element `offset` on. */
  copyInto(target: DeviceTensor, offset: number, source: DeviceTensor): void {
    const [from, to] = [(source as GpuTensor).buffer, (target as GpuTensor).buffer];
    this.#copy(from, to, offset * bytesPerElement[target.dtype], source.sizeBytes);
  }

  #copy(from: GPUBuffer, to: GPUBuffer, offset: number, bytes: number): void {
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(from, 0, to, offset, bytes);
    this.device.queue.submit([encoder.finish()]);
  }

  /** Resolves when the device has done all it was given. */
  async settle(): Promise<void> {
    await this.guard(this.device.queue.onSubmittedWorkDone());
    this.checkHealth();
  }
}
