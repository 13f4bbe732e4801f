/**
 * @file The benchmark in a browser: builds the device harness, serves it on this machine and runs it in Chrome or
 * Chromium. Needs the development packages (Vite, Playwright).
 */
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { UserError } from '../../core/errors';
import type { KernelTime } from '../../bench/kernel-tally';
import type { BenchReport, BenchSettings } from '../../bench/measure';
import type { ProductChoice } from '../../runtime/product-choice';
import { findBrowser } from '../find-browser.mjs';
import { MemoryWatch } from '../browser-memory';
import { say } from '../terminal';

/** `swiftshader` is WebGPU on the CPU: it shows that the way works, not how fast it is. */
export const browserDevices = ['webgpu', 'wasm', 'swiftshader'] as const;
export type BrowserDevice = (typeof browserDevices)[number];

const flags: Readonly<Record<BrowserDevice, readonly string[]>> = {
  webgpu: ['--enable-unsafe-webgpu', '--enable-features=Vulkan', '--ignore-gpu-blocklist'],
  wasm: [],
  swiftshader: ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader'],
};

const harnessConfig = fileURLToPath(new URL('../../../e2e/harness/vite.config.ts', import.meta.url));

export interface BrowserReport extends BenchReport {
  readonly description: string;
  readonly peak_memory_bytes: number | null;
  /** How the GPU multiplies, by the trial. */
  readonly products?: ProductChoice | null;
  /** With `profile`. */
  readonly kernels?: readonly KernelTime[];
}

/** @param profile asks the runtime what each kernel took, which makes every step slower */
export async function benchInBrowser(
  device: BrowserDevice,
  shape: string,
  settings: BenchSettings,
  profile: boolean,
): Promise<BrowserReport> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new UserError('noBrowserFound');
  const [{ build, preview }, { chromium }] = await Promise.all([import('vite'), import('@playwright/test')]);
  await build({ configFile: harnessConfig, logLevel: 'error' });
  const server = await preview({ configFile: harnessConfig, logLevel: 'error', preview: { port: 0 } });
  const browser = await chromium.launch({ executablePath, args: ['--headless=new', '--no-sandbox', ...flags[device]] });
  const memory = new MemoryWatch(browser);
  try {
    const page = await browser.newPage();
    page.on('pageerror', ({ message }) => say(message));
    await page.goto(server.resolvedUrls?.local[0] as string);
    await page.waitForFunction(() => 'harness' in window);
    const description = await page.evaluate(
      ({ open, threads, profile }) => window.harness.open(open, threads, profile),
      {
        open: device === 'wasm' ? ('wasm' as const) : ('webgpu' as const),
        threads: Math.min(8, availableParallelism()),
        profile,
      },
    );
    const report = await page.evaluate(({ name, wanted }) => window.harness.bench(name, wanted), {
      name: shape,
      wanted: { ...settings },
    });
    const peak = await memory.takePeak();
    return { description, ...report, peak_memory_bytes: peak && peak * 2 ** 20 };
  } finally {
    memory.stop();
    await browser.close();
    server.httpServer.close();
    await once(server.httpServer, 'close').catch(() => undefined);
  }
}
