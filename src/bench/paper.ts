/**
 * @file A row of training on paper: what it costs in dispatches, bytes and arithmetic, which is counted and exact; and
 * how long a GPU takes for that by its data sheet, which is an estimate for devices that nobody here has.
 */
import { sumOf } from '../core/statistics';

/** What one dispatch holds. */
export interface Work {
  /** Floating-point operations of its products. */
  readonly flops: number;
  /** Bytes of the tensors that it reads or writes, each once. */
  readonly bytes: number;
}

interface PaperGpu {
  readonly name: string;
  /** Peak of float32 arithmetic, in operations a second (data sheet). */
  readonly flopsPerSecond: number;
  /** Peak of memory traffic, in bytes a second (data sheet). */
  readonly bytesPerSecond: number;
  /** Seconds between two dispatches that wait for each other; assumed. */
  readonly gapSeconds: number;
}

/** A desktop GPU, a notebook's with fast memory, and one inside a processor. */
export const paperGpus: readonly PaperGpu[] = [
  { name: 'RTX 3060', flopsPerSecond: 12.7e12, bytesPerSecond: 360e9, gapSeconds: 3e-6 },
  { name: 'M2 Pro', flopsPerSecond: 5.7e12, bytesPerSecond: 200e9, gapSeconds: 5e-6 },
  { name: 'Iris Xe', flopsPerSecond: 2.0e12, bytesPerSecond: 60e9, gapSeconds: 5e-6 },
];

/** Shares of the peaks that kernels of this kind reach; assumed. */
const reached = { arithmetic: 0.4, memory: 0.8 };

/** A dispatch lasts a tenth of a second at most on the slowest of these GPUs. */
export const paperMostFlops = 0.1 * reached.arithmetic * Math.min(...paperGpus.map((gpu) => gpu.flopsPerSecond));

/** A row's time on a GPU: the larger of what the GPU computes and what the CPU issues, which run side by side. */
export interface PaperTime {
  readonly seconds: number;
  /** What the CPU takes to issue the row, by `seconds`. */
  readonly share_issuing: number;
}

/**
 * Estimates a row's time: each dispatch takes as long as the slower of its arithmetic and its memory, and a gap.
 * @param issueSeconds CPU seconds to issue all of it, as measured
 */
export function paperTime(work: readonly Work[], issueSeconds: number, gpu: PaperGpu): PaperTime {
  const { flopsPerSecond, bytesPerSecond, gapSeconds } = gpu;
  const computing = sumOf(
    work.map(
      ({ flops, bytes }) =>
        Math.max(flops / (reached.arithmetic * flopsPerSecond), bytes / (reached.memory * bytesPerSecond)) + gapSeconds,
    ),
  );
  const seconds = Math.max(computing, issueSeconds);
  return { seconds, share_issuing: issueSeconds / seconds };
}

/** What a row costs, by one way to compute it. */
export interface PaperCost {
  /** Dispatches of all blocks, forward and backward. */
  readonly dispatches: number;
  readonly traffic_bytes: number;
  /**
   * CPU milliseconds of the whole process to issue them on Dawn's null backend, which executes nothing: the median of
   * several rows of this structure.
   */
  readonly issue_ms: number;
  /** Seconds a row and the share issuing, by GPU. */
  readonly paper: Readonly<Record<string, PaperTime>>;
}

/**
 * The row that is counted: one pair after the other until it is full, LoRA of rank 8 on all linears; on kernels of our
 * own.
 */
export interface PaperRow extends PaperCost {
  readonly shape: string;
  readonly row_tokens: number;
  /** The same with the forward pass on the runtime. */
  readonly runtime_forward: PaperCost;
  /** Nodes that dispatch in a block that decodes one token on the runtime. */
  readonly decode_nodes_per_block: number;
}
