/**
 * @file Chooses the device: WebGPU where there is a real adapter, WASM otherwise, and says which and why.
 */
import { UserError } from '../core/errors';
import { message, sentenceOf, type Message, type Sayable } from '../messages/message';
import { smallTile } from '../wgsl/tiles';
import type { Executor } from './executor';
import { featuresOf } from './gpu-features';
import { KernelExecutor } from './kernel-executor';
import type { OrtAssets } from './ort';
import { openWasmExecutor, openWebGpuExecutor } from './ort';
import type { ProductTuner } from './product-trial';
import { openTuner } from './product-trial';
import type { WrongKernel } from './self-test';
import { grouped, openTrusted } from './self-test';

export type DevicePreference = 'auto' | 'webgpu' | 'wasm';

export interface OpenedDevice {
  readonly executor: Executor;
  /** Why this device was chosen. */
  readonly reason: Message;
  /** The GPU's description, or the number of threads. */
  readonly description: Sayable;
  /** The largest buffer that a shader may bind; null on WASM, which binds none. */
  readonly bindingBytes: number | null;
  /** Chooses how kernels of our own multiply; null where the runtime computes the gradient, or a software GPU. */
  readonly products: ProductTuner | null;
  /** Resolves when a WebGPU device is lost; never for WASM. */
  readonly lost: Promise<Message>;
}

export interface DeviceSurroundings {
  /** The runtime's files for each device; null in Node, where it finds its own. */
  readonly assets: { readonly wasm: OrtAssets; readonly webgpu: OrtAssets } | null;
  readonly threads: number;
  /** Why there are so few threads, where that is worth saying. */
  readonly threadsNote?: Message;
  readonly gpu?: GPU | undefined;
  /** Memory of the PC as far as the browser tells: rounded, and capped. */
  readonly memoryBytes?: number | undefined;
  /** Has the runtime print what each kernel took (see `openWasmExecutor`): slower. */
  readonly profile?: boolean;
}

/** Raised to what the adapter offers: large weights and logits need large bindings. */
const wantedLimits = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
] as const;

function describeAdapter({ info }: GPUAdapter): Sayable {
  const parts = [info.description || info.device, info.vendor, info.architecture].filter((part) => part !== '');
  return [...new Set(parts)].join(', ') || message('unnamedGpu');
}

/** Under this name a device's choices are kept. */
function adapterName({ info: { vendor, architecture, device, description } }: GPUAdapter): string {
  return [vendor, architecture, device, description].map((part) => part || '-').join(' / ');
}

function isSoftware(adapter: GPUAdapter): boolean {
  return adapter.info.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(sentenceOf(describeAdapter(adapter)));
}

function kernelsWrong({ kind, error, refusal }: WrongKernel): Message {
  const seen = error === null ? (refusal ?? '') : error.toExponential(1);
  if (kind === grouped) return message('attentionWrong', { operator: kind, seen });
  return error === null
    ? message('kernelsRefused', { kind, refusal: seen })
    : message('kernelsWrong', { kind, error: seen });
}

const joined = (first: Message, ...others: readonly Message[]): Message =>
  others.reduce((said, second) => message('sentences', { first: said, second }), first);

const never = new Promise<Message>(() => {});

async function openWasm(
  { assets, threads, threadsNote, profile = false }: DeviceSurroundings,
  why: Message,
): Promise<OpenedDevice> {
  const executor = await openWasmExecutor({ threads, assets: assets?.wasm ?? null, profile });
  const description = threads === 1 ? message('oneThread') : message('threads', { count: threads });
  const reason = threadsNote === undefined ? why : message('sentences', { first: why, second: threadsNote });
  return { executor, reason, description, bindingBytes: null, products: null, lost: never };
}

async function openWebGpu(
  adapter: GPUAdapter,
  { assets, profile = false }: DeviceSurroundings,
  why: Message,
): Promise<OpenedDevice> {
  const gpu = await adapter.requestDevice({
    requiredFeatures: featuresOf(adapter, profile),
    requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]])),
  });
  const options = { gpu, assets: assets?.webgpu ?? null, profile };
  // On a GPU that is the processor, compiling is most of the time.
  const kernels = isSoftware(adapter) ? { tile: smallTile } : {};
  const { executor, wrong } = await openTrusted((trust) => openWebGpuExecutor({ ...options, ...trust }), kernels);
  const lost = gpu.lost.then(({ reason, message: detail }) =>
    reason === 'destroyed' ? never : message('deviceLost', { reason: detail || reason }),
  );
  const { gradient } = executor;
  const isTuned = gradient instanceof KernelExecutor && !isSoftware(adapter);
  return {
    executor,
    products: isTuned ? openTuner(gpu, adapterName(adapter), gradient) : null,
    reason: joined(why, ...wrong.map(kernelsWrong)),
    description: describeAdapter(adapter),
    bindingBytes: gpu.limits.maxStorageBufferBindingSize,
    lost,
  };
}

/**
 * Opens the device preferred. `auto` takes WebGPU where there is a real adapter, and WASM where there is none or only a
 * software one.
 * @param afterLoss a graphics device was lost a moment ago: that the browser now withholds the adapter, or has only a
 * software one left, is an error and no reason to take WASM in silence
 * @throws UserError where the device asked for cannot be had
 */
export async function openDevice(
  prefer: DevicePreference,
  surroundings: DeviceSurroundings,
  afterLoss = false,
): Promise<OpenedDevice> {
  if (prefer === 'wasm') return openWasm(surroundings, message('wasmChosen'));
  const adapter = (await surroundings.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  if (afterLoss && !adapter) throw new UserError('adapterWithheld');
  if (afterLoss && prefer === 'auto' && adapter && isSoftware(adapter)) throw new UserError('softwareAdapterLeft');
  if (prefer === 'webgpu') {
    if (!adapter) throw new UserError('webgpuMissing');
    return openWebGpu(adapter, surroundings, message('webgpuChosen'));
  }
  if (!surroundings.gpu) return openWasm(surroundings, message('webgpuUnavailable'));
  if (!adapter) return openWasm(surroundings, message('webgpuWithoutAdapter'));
  if (isSoftware(adapter)) {
    return openWasm(surroundings, message('webgpuIsSoftware', { adapter: describeAdapter(adapter) }));
  }
  return openWebGpu(adapter, surroundings, message('webgpuFound'));
}
