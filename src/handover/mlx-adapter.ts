/**
 * @file A LoRA adapter as mlx-lm reads it (ml-explore/mlx-lm, tuner/utils.py `load_adapters`): adapter_config.json and
 * adapters.safetensors. Its matrices are PEFT's, transposed, and its `scale` is the whole factor, lora_alpha / r.
 */
import { UserError } from '../core/errors';
import type { LoraAdapter, LoraTensor } from '../formats/peft';
import { writeSafetensors } from '../formats/safetensors';
import type { ModelConfig } from '../models/architecture';

/** Model types whose layers mlx-lm names as transformers does. */
const mlxModelTypes = ['llama', 'mistral', 'qwen2', 'qwen3', 'gemma2', 'gemma3_text', 'phi3', 'smollm3', 'olmo2'];

function transposed({ shape: [rows, columns], data }: LoraTensor): LoraTensor {
  const turned = new Float32Array(data.length);
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++)
      turned[column * rows + row] = data[row * columns + column] as number;
  return { shape: [columns, rows], data: turned };
}

const layerPath = /^model\.layers\.(\d+)\.(.+)$/;

/**
 * Writes the files of an adapter for mlx-lm. It adapts the last `num_layers` layers, the same linears in each, so an
 * adapter of others gets matrices of zeros there, which add nothing.
 * @throws UserError for a model type whose modules mlx-lm names otherwise
 */
export function writeMlxAdapter(
  adapter: LoraAdapter,
  { modelType, layers }: Pick<ModelConfig, 'modelType' | 'layers'>,
): Record<string, Uint8Array> {
  if (!mlxModelTypes.includes(modelType))
    throw new UserError('modelTypeWithoutMlx', { modelType, modelTypes: mlxModelTypes.join(', ') });
  const { r, lora_alpha, modules } = adapter;
  const byPath = new Map<string, { readonly inputs: number; readonly outputs: number }>();
  let first = layers;
  for (const [name, { A, B }] of modules) {
    const [, layer, path] = layerPath.exec(name) ?? [];
    if (layer === undefined || path === undefined) throw new Error(`${name} is no module of a layer`);
    byPath.set(path, { inputs: A.shape[1], outputs: B.shape[0] });
    first = Math.min(first, Number(layer));
  }
  const tensors = Array.from({ length: layers - first }, (_, i) => first + i).flatMap((layer) =>
    [...byPath].flatMap(([path, { inputs, outputs }]) => {
      const name = `model.layers.${layer}.${path}`;
      const module = modules.get(name);
      const a = module ? transposed(module.A) : { shape: [inputs, r] as const, data: new Float32Array(inputs * r) };
      const b = module ? transposed(module.B) : { shape: [r, outputs] as const, data: new Float32Array(r * outputs) };
      return [
        { name: `${name}.lora_a`, ...a },
        { name: `${name}.lora_b`, ...b },
      ];
    }),
  );
  const config = {
    fine_tune_type: 'lora',
    num_layers: layers - first,
    lora_parameters: { rank: r, scale: lora_alpha / r, dropout: 0.0, keys: [...byPath.keys()].sort() },
  };
  return {
    'adapter_config.json': new TextEncoder().encode(`${JSON.stringify(config, null, 2)}\n`),
    'adapters.safetensors': writeSafetensors(tensors, { format: 'mlx' }),
  };
}
