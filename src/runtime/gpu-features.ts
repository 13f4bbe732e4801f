/** @file What is asked of a GPU beyond WebGPU's least: features that the runtime and kernels of our own make use of. */

/** timestamp-query: the trial of products by the GPU's own clock (product-trial.ts). */
const wanted = ['shader-f16', 'subgroups', 'timestamp-query'];
/** Times of single kernels. */
const profiling = ['chromium-experimental-timestamp-query-inside-passes'];

/**
 * The runtime's attention of 32 tokens or more (1.30) is wrong where a subgroup has 4 lanes, as on SwiftShader, or 8,
 * as on lavapipe: from the fifth or ninth token on, without a word. Without subgroups it takes other kernels, which
 * are right.
 */
const leastSubgroup = 16;

/** Lists the features to request of an adapter. */
export function featuresOf(adapter: GPUAdapter, profile = false): GPUFeatureName[] {
  const { subgroupMinSize } = adapter.info;
  const isTooNarrow = subgroupMinSize !== undefined && subgroupMinSize < leastSubgroup;
  return [...wanted, ...(profile ? profiling : [])].filter(
    (feature) => adapter.features.has(feature) && !(feature === 'subgroups' && isTooNarrow),
  ) as GPUFeatureName[];
}
