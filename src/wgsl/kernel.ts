/**
 * @file What a stage is compiled to for a GPU: kernels in WGSL, each with the values that it reads and writes, in an
 * order in which they can run. Whoever runs them (runtime/kernel-executor.ts) gives each value one buffer.
 */
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
  /** Floating-point operations of its products; a multiplication and an addition are two. */
  readonly flops: number;
}

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
