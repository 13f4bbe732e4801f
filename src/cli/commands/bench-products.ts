/**
 * @file `bench --products`: our matrix product against the runtime's on the software GPU that Chromium brings along, by
 * the CPU's seconds. Needs the development package `webgpu` and Chromium's libraries on LD_LIBRARY_PATH.
 */
import type { ComparedProduct } from '../../bench/compare-products';
import { compareProducts } from '../../bench/compare-products';
import { shapeOf } from '../../engine/random-model';
import { openRuntimeOnDawn } from '../../runtime/ort-on-dawn';

const tokens = 256;

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** Compares the products of a block of a named shape, one object each. */
export async function benchProducts(shape: string): Promise<ComparedProduct[]> {
  const opened = await openRuntimeOnDawn('software', {});
  if (typeof opened === 'string') throw new Error(opened);
  const rows = await compareProducts(opened.executor, shapeOf(shape), tokens, cpuSeconds);
  await opened.executor.close();
  return rows;
}
