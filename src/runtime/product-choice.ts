/** @file What was chosen for a device about its products: a type alone, so that the page can keep it. */

/** Whose the forward pass is that saves values for the gradient: kernels of our own, or the runtime's. */
export type SavingPass = 'ours' | 'runtime';

/** How products are computed on a device, and how fast that was at the trial. */
export interface ProductChoice {
  /** The name of a variant (wgsl/tiles.ts). */
  readonly variant: string;
  readonly gflops: number;
  /** Whose saving pass was the faster, its gradient's backward pass included; absent where only ours can be. */
  readonly savingPass?: SavingPass | undefined;
}
