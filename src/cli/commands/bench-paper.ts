/**
 * @file `bench --paper`: a row of training counted, and its time on three GPUs estimated from their data sheets. Needs
 * no GPU; issuing is measured on Dawn's null backend (the development package `webgpu`).
 */
import { countRow, measureIssue } from '../../bench/count-row';
import type { PaperRow } from '../../bench/paper';
import { shapeOf } from '../../engine/random-model';
import { openDawnDevice } from '../../runtime/dawn';
import { KernelExecutor } from '../../runtime/kernel-executor';
import { openRuntimeOn } from '../../runtime/ort-on-dawn';
import type { SavingPass } from '../../runtime/product-choice';

const rows = [
  ['SmolLM2-135M', [1024, 2048]],
  ['Qwen2.5-0.5B', [1024, 2048]],
] as const;

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function issueMsOf(name: string, pass: SavingPass): Promise<number> {
  const gpu = await openDawnDevice('null');
  if (typeof gpu === 'string') throw new Error(gpu);
  if (pass === 'ours') {
    const executor = new KernelExecutor(gpu);
    const issueMs = await measureIssue(executor, shapeOf(name), pass, cpuMs);
    await executor.close();
    return issueMs;
  }
  const runtime = await openRuntimeOn(gpu, {});
  const issueMs = await measureIssue(runtime.gradient as KernelExecutor, shapeOf(name), pass, cpuMs);
  await runtime.close();
  return issueMs;
}

/** Counts all rows, one object each. */
export async function benchPaper(): Promise<PaperRow[]> {
  const result: PaperRow[] = [];
  // What is measured before the runtime starts, it cannot slow.
  const ours = new Map<string, number>();
  for (const [name] of rows) ours.set(name, await issueMsOf(name, 'ours'));
  for (const [name, lengths] of rows) {
    const issueMs = { ours: ours.get(name) as number, runtime: await issueMsOf(name, 'runtime') };
    result.push(...lengths.map((T) => countRow(name, T, issueMs)));
  }
  return result;
}
