/**
 * @file What a run on a model will need, in bytes by kind, and whether the device grants it; training/memory-plan.ts
 * finds it out. Types only.
 */
import type { Precision } from '../core/dtype';
import type { RunConfig } from './config';

/** What of a method that draws answers decides how many there are at once; what is absent has its default. */
type DrawingSettings = Partial<
  Pick<RunConfig, 'max_completion_length' | 'num_generations' | 'num_mini_batches' | 'gradient_accumulation_steps'>
>;

export interface PlanSettings
  extends
    Pick<
      RunConfig,
      | 'method'
      | 'max_length'
      | 'per_device_train_batch_size'
      | 'gradient_checkpointing'
      | 'lora_r'
      | 'lora_target_modules'
    >,
    DrawingSettings {
  /** Bytes on the device, beside the policy's, of what judges the answers of such a method; 0 by default. */
  readonly judge_bytes?: number;
  /** Bytes of WASM's heap that a judge of another base takes beside the policy; 0 by default. */
  readonly judge_heap_bytes?: number;
  /** How weights are to be held; `auto`, the default, takes the most exact precision that fits. */
  readonly precision?: Precision | 'auto';
}

/** The size of the largest row that a run packs. */
export interface RowSize {
  readonly tokens: number;
  /** Completion tokens in the row, each scored by the head. */
  readonly targets: number;
  /** Of drawn answers: tokens of the longest with its prompt; without it, what the settings let it have. */
  readonly sequence?: number;
}

export interface MemoryEstimate {
  readonly device: 'wasm' | 'webgpu';
  readonly precision: Precision;
  readonly max_length: number;
  readonly per_device_train_batch_size: number;
  readonly lora_r: number;
  readonly row_tokens: number;
  /**
   * Whether the blocks' products are computed again for the backward pass: as asked for, or because they are too large
   * to keep.
   */
  readonly gradient_checkpointing: boolean;
  /** All weights, one copy for policy, reference and generation. */
  readonly weights: number;
  /** The adapter's parameters, gradients and two moments, and the new ones while a step replaces the old. */
  readonly adapter_and_optimizer: number;
  /** What the forward pass of one row keeps for the backward pass. */
  readonly activations: number;
  /**
   * Of a method that draws answers: their caches of keys and values, and their logits, while they are drawn. On WASM
   * there are no activations then; on WebGPU their buffers are kept. 0 for other methods.
   */
  readonly answers: number;
  /** How many answers are drawn at once; 0 for other methods. */
  readonly answers_at_once: number;
  /** What judges the answers: weights, and of a judge of another base all that it works with, its heap too. */
  readonly judge: number;
  /** The part of it that is heap of WASM. */
  readonly judge_heap: number;
  /**
   * What stages need while they run: on WASM the size of the runtime's heap; on WebGPU the buffers of values inside
   * stages, and what the runtime needs beside them for the largest stage that it runs.
   */
  readonly workspace: number;
  /** Heap that answering needs on WASM where the weights are compiled in; 0 where they are not, and on WebGPU. */
  readonly generation_heap: number;
  readonly total: number;
  /**
   * What answering takes in all where it may take more than training: on WASM, where it compiles the weights in; 0
   * elsewhere.
   */
  readonly answering: number;
  /** The largest single tensor: one buffer binding on WebGPU. */
  readonly largest_tensor: number;
}

/** What a device lets a page have; null where the browser does not say. */
export interface Grants {
  readonly device: 'wasm' | 'webgpu';
  /** Memory of the PC, rounded and capped by the browser. */
  readonly memoryBytes: number | null;
  /** Bytes of the largest buffer that a shader may bind. */
  readonly bindingBytes: number | null;
  /** Whether weights may be held in float16. */
  readonly takesFloat16: boolean;
  /** Whether the runtime runs blocks' saving passes, as of `Executor`; false where it is absent. */
  readonly savesByRuntime?: boolean;
}

export interface Shortage {
  readonly kind: 'heap' | 'memory' | 'binding';
  readonly neededBytes: number;
  readonly grantedBytes: number;
}

/** What a run by some settings would need of the device that the open model is on. */
export interface MemoryNeed {
  readonly estimate: MemoryEstimate;
  readonly shortages: readonly Shortage[];
  /** How the weights of a judge of another base would be held; absent where there is none. */
  readonly judgePrecision?: Precision;
}

/** What the settings need at one precision. */
export interface PrecisionOption {
  readonly estimate: MemoryEstimate;
  readonly shortages: readonly Shortage[];
  /** Whether the settings do not fit and would with gradient checkpointing alone. */
  readonly fitsCheckpointed: boolean;
}

export interface MemoryPlan {
  /** At the precision asked for, or the most exact one that fits; where none does, the smallest. */
  readonly estimate: MemoryEstimate;
  readonly grants: Grants;
  readonly shortages: readonly Shortage[];
  /** The same settings at every precision that the device takes, the most exact one first. */
  readonly options: readonly PrecisionOption[];
  /** The nearest settings that fit, where these do not; null where they do or where none would. */
  readonly proposal: MemoryEstimate | null;
}
