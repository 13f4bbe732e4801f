/** @file The policies that a call names, on the device for as long as the call needs them. */
import type { DeviceAdapter } from '../engine/device-adapter';
import { uploadAdapter, uploadRewardModel } from '../engine/device-adapter';
import type { OpenedModel } from '../engine/open-model';
import { scaleLora } from '../models/lora';
import { readAdapter } from './files';
import type { AdapterFiles, Policy } from './protocol';

/** Uploads the policies' adapters while the work lasts. A policy without one, or at strength 0, is null: the base. */
export async function withPolicies<T>(
  { model }: OpenedModel,
  policies: readonly Policy[],
  work: (adapters: readonly (DeviceAdapter | null)[]) => Promise<T>,
): Promise<T> {
  const adapters: (DeviceAdapter | null)[] = [];
  try {
    for (const { adapter: files, strength = 1 } of policies) {
      // Strength 0 is the base: no rounding can tell the two apart.
      adapters.push(
        files && strength !== 0 ? uploadAdapter(model, scaleLora(await readAdapter(files), strength)) : null,
      );
    }
    return await work(adapters);
  } finally {
    for (const adapter of adapters) adapter?.dispose();
  }
}

export const withPolicy = <T>(
  opened: OpenedModel,
  policy: Policy,
  work: (adapter: DeviceAdapter | null) => Promise<T>,
): Promise<T> => withPolicies(opened, [policy], ([adapter = null]) => work(adapter));

/** Uploads reward models while the work lasts, each once; null where there is none. */
export async function withRewardModels<T>(
  { model }: OpenedModel,
  wanted: readonly (AdapterFiles | null)[],
  work: (rewardModels: readonly (DeviceAdapter | null)[]) => Promise<T>,
): Promise<T> {
  const uploaded = new Map<AdapterFiles, DeviceAdapter>();
  try {
    for (const files of wanted)
      if (files && !uploaded.has(files)) uploaded.set(files, uploadRewardModel(model, await readAdapter(files)));
    return await work(wanted.map((files) => (files && uploaded.get(files)) ?? null));
  } finally {
    for (const rewardModel of uploaded.values()) rewardModel.dispose();
  }
}
