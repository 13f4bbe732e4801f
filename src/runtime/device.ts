/**
 * @file Chooses the device: WebGPU where there is a real adapter, WASM otherwise, and says which and why.
 */
import { UserError } from '../core/errors';
import type { Executor } from './executor';
import type { OrtAssets } from './ort';
import { openWasmExecutor, openWebGpuExecutor } from './ort';

export type DevicePreference = 'auto' | 'webgpu' | 'wasm';

export interface OpenedDevice {
  readonly executor: Executor;
  /** A sentence for the user. */
  readonly reason: string;
  /** The GPU's description, or the number of threads. */
  readonly description: string;
  /** The largest buffer that a shader may bind; null on WASM, which binds none. */
  readonly bindingBytes: number | null;
  /** Resolves when a WebGPU device is lost; never for WASM. */
  readonly lost: Promise<string>;
}

export interface DeviceSurroundings {
  /** The runtime's files for each device; null in Node, where it finds its own. */
  readonly assets: { readonly wasm: OrtAssets; readonly webgpu: OrtAssets } | null;
  readonly threads: number;
  /** Why there are so few threads, where that is worth saying. */
  readonly threadsNote?: string;
  readonly gpu?: GPU | undefined;
  /** Of the PC, as far as the browser tells: rounded, and capped. */
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

const wantedFeatures = ['shader-f16', 'subgroups'];
/** Times of single kernels. */
const profilingFeatures = ['timestamp-query', 'chromium-experimental-timestamp-query-inside-passes'];

function describeAdapter({ info }: GPUAdapter): string {
  const parts = [info.description || info.device, info.vendor, info.architecture].filter((part) => part !== '');
  return [...new Set(parts)].join(', ') || 'an unnamed GPU';
}

function isSoftware(adapter: GPUAdapter): boolean {
  return adapter.info.isFallbackAdapter === true || /swiftshader|llvmpipe/i.test(describeAdapter(adapter));
}

const never = new Promise<string>(() => {});

async function openWasm(
  { assets, threads, threadsNote, profile = false }: DeviceSurroundings,
  why: string,
): Promise<OpenedDevice> {
  const executor = await openWasmExecutor({ threads, assets: assets?.wasm ?? null, profile });
  const description = `${threads} ${threads === 1 ? 'thread' : 'threads'}`;
  return { executor, reason: [why, threadsNote ?? ''].join(' ').trim(), description, bindingBytes: null, lost: never };
}

async function openWebGpu(
  adapter: GPUAdapter,
  { assets, profile = false }: DeviceSurroundings,
  why: string,
): Promise<OpenedDevice> {
  const features = profile ? [...wantedFeatures, ...profilingFeatures] : wantedFeatures;
  const gpu = await adapter.requestDevice({
    requiredFeatures: features.filter((feature) => adapter.features.has(feature)) as GPUFeatureName[],
    requiredLimits: Object.fromEntries(wantedLimits.map((limit) => [limit, adapter.limits[limit]])),
  });
  const executor = await openWebGpuExecutor({ gpu, assets: assets?.webgpu ?? null, profile });
  const lost = gpu.lost.then(({ reason, message }) =>
    reason === 'destroyed' ? never : `The graphics device was lost (${message || reason}).`,
  );
  return {
    executor,
    reason: why,
    description: describeAdapter(adapter),
    bindingBytes: gpu.limits.maxStorageBufferBindingSize,
    lost,
  };
}

export async function openDevice(prefer: DevicePreference, surroundings: DeviceSurroundings): Promise<OpenedDevice> {
  if (prefer === 'wasm') return openWasm(surroundings, 'WASM was chosen by hand.');
  const adapter = (await surroundings.gpu?.requestAdapter({ powerPreference: 'high-performance' })) ?? null;
  if (prefer === 'webgpu') {
    if (!adapter)
      throw new UserError(
        'WebGPU was asked for, but this browser offers no graphics adapter; use WASM, or update the browser and the graphics driver.',
      );
    return openWebGpu(adapter, surroundings, 'WebGPU was chosen by hand.');
  }
  if (!surroundings.gpu)
    return openWasm(surroundings, 'WebGPU is not available in this browser, so the processor does the work.');
  if (!adapter) return openWasm(surroundings, 'WebGPU found no graphics adapter, so the processor does the work.');
  if (isSoftware(adapter)) {
    return openWasm(
      surroundings,
      `The only WebGPU adapter is a software one (${describeAdapter(adapter)}), slower than WASM, so WASM is used.`,
    );
  }
  return openWebGpu(adapter, surroundings, 'WebGPU found a graphics adapter.');
}
