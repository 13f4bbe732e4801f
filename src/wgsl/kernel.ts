/**
 * @file What a stage is compiled to for a GPU: kernels in WGSL, each with the values that it reads and writes, in an
 * order in which they can run. Whoever runs them (runtime/kernel-executor.ts) gives each value one buffer.
 */
import { sumOf } from '../core/statistics';
import type { Stage, Value } from '../graph/value';

/** Families of kernels: what the self-test at first use on a device covers, one by one. */
export type KernelKind = 'chain' | 'rows' | 'product' | 'scatter' | 'attention';

export interface Kernel {
  readonly kind: KernelKind;
  /** What the kernel computes, for profiles: 'Gemm + Gemm > Add [1024,576]'. */
  readonly label: string;
  /**
   * A module whose entry point `main` binds, in group 0, first `reads` and then `writes`, one storage buffer each, in
   * this order. float16 and uint8 tensors are bound as array<u32> and unpacked.
   */
  readonly code: string;
  /** Workgroups along x, y and z, 65,535 at most each. */
  readonly grid: readonly [number, number, number];
  readonly reads: readonly Value[];
  /** Several kernels may write parts of one value. */
  readonly writes: readonly Value[];
  /** What the code reads from the uniform buffer at `lengthsBinding`, a vec4u; it has none where there are none. */
  readonly lengths: readonly number[];
  /** Floating-point operations of its products; a multiplication and an addition are two. */
  readonly flops: number;
}

/** Where a kernel binds its lengths: behind the storage buffers, however many it has. */
export const lengthsBinding = 8;

export interface CompiledStage {
  readonly stage: Stage;
  readonly kernels: readonly Kernel[];
  /** Names of the inputs that are written over, by the outputs that take their place. */
  readonly inPlace: ReadonlyMap<Value, string>;
}

/** What WebGPU grants on every device (its default limits); kernels stay within them. */
export const defaultLimits = {
  storageBuffers: 8,
  workgroupBytes: 16 * 2 ** 10,
  workgroupThreads: 256,
  workgroupsPerDimension: 65_535,
} as const;

/** Bytes of an element in workgroup memory, by its type in WGSL. */
const elementBytes: Readonly<Record<string, number>> = { f32: 4, i32: 4, u32: 4, vec4f: 16 };

/** Counts the bytes of workgroup memory that a kernel's code declares. */
export function workgroupBytes({ code, label }: Pick<Kernel, 'code' | 'label'>): number {
  return sumOf(
    [...code.matchAll(/var<workgroup> (\w+): ([^;]+);/g)].map(([, name, type = '']) => {
      const [, element = type, count = '1'] = /^array<(\w+), (\d+)>$/.exec(type) ?? [];
      const bytes = elementBytes[element];
      if (bytes === undefined) throw new Error(`'${label}', ${name}: the size of ${type} is not known.`);
      return bytes * Number(count);
    }),
  );
}

/**
 * Makes sure that a kernel runs on every device.
 * @throws Error where it needs more than WebGPU grants everywhere
 */
export function requireLimits(kernel: Kernel): void {
  const { code, label, grid, reads, writes } = kernel;
  const threads = /@workgroup_size\((\d+)\)/.exec(code)?.[1];
  const needs: readonly (readonly [what: string, needed: number, granted: number])[] = [
    ['storage buffers', reads.length + writes.length, defaultLimits.storageBuffers],
    ['workgroups along one axis', Math.max(...grid), defaultLimits.workgroupsPerDimension],
    ['bytes of workgroup memory', workgroupBytes(kernel), defaultLimits.workgroupBytes],
    ['threads in a workgroup', Number(threads), defaultLimits.workgroupThreads],
  ];
  for (const [what, needed, granted] of needs)
    if (!(needed <= granted))
      throw new Error(`Kernel '${label}' takes ${needed} ${what}; every device grants ${granted}.`);
}
