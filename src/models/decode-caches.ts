/**
 * @file How many sequences are decoded at once, and what their keys and values take: for those who hold them
 * (generation/caches.ts) and for those who plan for them (training/memory-plan.ts).
 */
import type { ModelConfig } from './architecture';

/** Sequences at once: more rows of a product gain little beyond (docs/log.md). */
const mostSequences = 32;
/** Bytes that the caches of all sequences may take. */
const mostCacheBytes = 256 * 2 ** 20;

type CacheShape = Pick<ModelConfig, 'kvHeads' | 'headDim'>;

/**
 * Counts the bytes of one layer's keys and values.
 * @param slots sequences
 * @param capacity tokens of each that there is room for
 */
export const layerCacheBytes = ({ kvHeads, headDim }: CacheShape, slots: number, capacity: number): number =>
  4 * 2 * kvHeads * headDim * slots * capacity;

/** How many sequences of so many tokens are decoded at once. */
export function sequencesAtOnce(config: ModelConfig, tokens: number): number {
  const bytesEach = config.layers * layerCacheBytes(config, 1, tokens);
  return Math.max(1, Math.min(mostSequences, 2 ** Math.floor(Math.log2(mostCacheBytes / bytesEach))));
}

/** Rows that a stage is compiled for where sizes are fixed. */
const fixedRows = [1, 2, 4, 8, 16, 32];

/** The rows that a step of so many is run with where sizes are fixed. */
export const fixedRowsFor = (count: number): number => fixedRows.find((size) => size >= count) ?? count;

/** Capacities on the host are multiples of it: a sum of a row's weights is in its own lanes, whatever zeros follow. */
export const hostCapacityStep = 16;

/** Capacities on a GPU are this or a power of two above it, so that few shapes are compiled. */
const leastDeviceCapacity = 128;

/** The room that sequences of so many tokens have on a GPU. */
export const deviceCapacity = (tokens: number): number =>
  Math.max(leastDeviceCapacity, 2 ** Math.ceil(Math.log2(tokens)));

/**
 * Counts what answers that are drawn at once hold, bytes: the caches of all layers; one layer's once more, which
 * attention is handed (WASM) or gives anew (GPU); on a GPU the prompt that is coming in; and the logits.
 * @param answers of a step
 * @param tokens of the longest, its prompt included
 */
export function answersAtOnce(
  config: ModelConfig,
  device: 'wasm' | 'webgpu',
  answers: number,
  tokens: number,
): { readonly sequences: number; readonly bytes: number; readonly largest: number } {
  const isGpu = device === 'webgpu';
  const sequences = Math.min(answers, sequencesAtOnce(config, tokens));
  const slots = isGpu ? fixedRowsFor(sequences) : sequences;
  const capacity = isGpu ? deviceCapacity(tokens) : hostCapacityStep * Math.ceil(tokens / hostCapacityStep);
  const layer = layerCacheBytes(config, slots, capacity);
  const prompt = isGpu ? config.layers * layerCacheBytes(config, 1, capacity) : 0;
  const logits = 4 * slots * config.vocabularySize;
  return {
    sequences,
    bytes: (config.layers + 1) * layer + prompt + logits,
    largest: Math.max(layer / 2, logits),
  };
}
