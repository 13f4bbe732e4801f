/**
 * @file Estimates what a model needs, in bytes by kind, before anything is loaded. The saved activations come from
 * the very stages that training would compile.
 */
import type { ModelShape } from '../models/stages';
import { planTrainedBlockStages } from '../models/stages';
import { distinctKinds } from '../models/architecture';
import { layoutLora, resolveTargets } from '../models/lora';
import { countParameters } from './loaded-model';

export interface MemoryEstimate {
  readonly max_length: number;
  readonly lora_r: number;
  /** All weights in float32, one copy for policy, reference and generation. */
  readonly weights: number;
  /** Parameters, gradients and two moments of the adapter, float32. */
  readonly adapter_and_optimizer: number;
  /** Block inputs and saved products of one packed row of max_length tokens. */
  readonly activations: number;
  /** Logits of one chunk of the LM head and their gradient. */
  readonly head: number;
  readonly total: number;
}

export function estimateMemory(
  shape: ModelShape,
  options: { max_length: number; lora_r: number; targets: readonly string[] | 'all-linear' | null },
): MemoryEstimate {
  const { architecture, config } = shape;
  const { max_length, lora_r } = options;
  const target_modules = resolveTargets(architecture, config, options.targets);
  const lora = layoutLora(architecture, config, { r: lora_r, lora_alpha: lora_r, target_modules });
  const weights = 4 * countParameters(shape);
  const adapter_and_optimizer = 4 * 4 * lora.size * config.layers;
  const blockInput = 4 * max_length * config.hiddenSize;
  const savedByKind = new Map(distinctKinds(config).map((kind) => [kind, planTrainedBlockStages(shape, kind, lora, max_length).savedBytes]));
  const saved = config.layerKinds.reduce((sum, kind) => sum + (savedByKind.get(kind) as number), 0);
  const attention = 2 * 4 * config.heads * max_length * max_length;
  const activations = config.layers * blockInput + saved + attention;
  const head = 2 * 4 * Math.min(256, max_length) * config.vocabularySize;
  return { max_length, lora_r, weights, adapter_and_optimizer, activations, head, total: weights + adapter_and_optimizer + activations + head };
}
