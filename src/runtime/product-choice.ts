/** @file What was chosen for a device about its products: a type alone, so that the page can keep it. */

/** How products are computed on a device, and how fast that was at the trial. */
export interface ProductChoice {
  /** The name of a variant (wgsl/tiles.ts). */
  readonly variant: string;
  readonly gflops: number;
}
