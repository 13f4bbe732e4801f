/**
 * @file `bench --paper`: a row of training counted, and its time on three GPUs estimated from their data sheets. Needs
 * no GPU; issuing is measured on Dawn's null backend (the development package `webgpu`).
 */
import { countRow, measureIssue } from '../../bench/count-row';
import type { PaperRow } from '../../bench/paper';
import { shapeOf } from '../../engine/random-model';
import { openDawnDevice } from '../../runtime/dawn';
import { KernelExecutor } from '../../runtime/kernel-executor';

const rows = [
  ['SmolLM2-135M', [1024, 2048]],
  ['Qwen2.5-0.5B', [1024, 2048]],
] as const;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Counts all rows, one object each. */
export async function benchPaper(): Promise<PaperRow[]> {
  const result: PaperRow[] = [];
  for (const [name, lengths] of rows) {
    const gpu = await openDawnDevice('null');
    if (typeof gpu === 'string') throw new Error(gpu);
    const executor = new KernelExecutor(gpu);
    const issueMs = await measureIssue(executor, shapeOf(name), cpuMs);
    await executor.close();
    result.push(...lengths.map((T) => countRow(name, T, issueMs)));
  }
  return result;
}
