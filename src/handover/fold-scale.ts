/**
 * @file An adapter whose scale stands in its matrices: lora_alpha is the rank, a whole number that every server takes,
 * and B carries what alpha / r was. Its update is the same, to a rounding of B in float32.
 */
import type { LoraAdapter } from '../formats/peft';

export function foldScale(adapter: LoraAdapter): LoraAdapter {
  const scale = adapter.lora_alpha / adapter.r;
  const modules = [...adapter.modules].map(([path, { A, B }]) => {
    return [path, { A, B: { shape: B.shape, data: B.data.map((value) => value * scale) } }] as const;
  });
  return { ...adapter, lora_alpha: adapter.r, modules: new Map(modules) };
}
