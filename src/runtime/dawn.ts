/**
 * @file Dawn, Chromium's WebGPU, in Node (npm `webgpu`), for tests and for counting: on its null backend, which
 * executes nothing; on the software GPU that Chromium brings along; or on Mesa's, where it is installed.
 */
import { existsSync } from 'node:fs';
import { featuresOf } from './gpu-features';

/** `software` is what AIRLOCK_GPU names (tools/lavapipe.sh does), and SwiftShader where it names nothing. */
export type DawnBackend = 'null' | 'software' | 'swiftshader' | 'lavapipe';

/** Where Debian's packages put the description of each software driver. */
const drivers = {
  swiftshader: ['/usr/lib/chromium/vk_swiftshader_icd.json'],
  lavapipe: ['/usr/share/vulkan/icd.d/lvp_icd.json', '/usr/share/vulkan/icd.d/lvp_icd.x86_64.json'],
} as const;

const softwareDriver = (): keyof typeof drivers =>
  process.env['AIRLOCK_GPU'] === 'lavapipe' ? 'lavapipe' : 'swiftshader';

/** Kept for the process's life: a device whose GPU object is collected is lost. */
const opened: unknown[] = [];

/**
 * Opens an adapter of Dawn, or says why there is none. The loader of Vulkan must be found by the process: Debian's
 * libvulkan1, or Chromium's own through LD_LIBRARY_PATH=/usr/lib/chromium (vitest.config.ts sets it).
 */
export async function openDawn(backend: DawnBackend): Promise<GPUAdapter | string> {
  if (backend !== 'null') {
    const paths = drivers[backend === 'software' ? softwareDriver() : backend];
    const driver = paths.find((path) => existsSync(path));
    if (driver === undefined) return `no ${backend} GPU: none of ${paths.join(', ')} exists`;
    process.env['VK_ICD_FILENAMES'] = driver;
    process.env['XDG_RUNTIME_DIR'] ??= '/tmp';
  }
  const { create, globals } = await import('webgpu');
  Object.assign(globalThis, globals);
  const gpu = create([`backend=${backend === 'null' ? 'null' : 'vulkan'}`]);
  opened.push(gpu);
  // Where the page's code looks for it.
  Object.defineProperty(globalThis, 'navigator', { value: { gpu, hardwareConcurrency: 1 }, configurable: true });
  const adapter = await gpu.requestAdapter();
  return adapter ?? `no ${backend} GPU: Dawn found no adapter (is libvulkan.so.1 on the library path?)`;
}

/** Opens a device with the adapter's own limits and, where it has them, subgroups and float16. */
export async function openDawnDevice(backend: DawnBackend): Promise<GPUDevice | string> {
  const adapter = await openDawn(backend);
  if (typeof adapter === 'string') return adapter;
  const { limits } = adapter;
  const device = await adapter.requestDevice({
    requiredFeatures: featuresOf(adapter),
    requiredLimits: {
      maxBufferSize: limits.maxBufferSize,
      maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    },
  });
  opened.push(device);
  return device;
}
