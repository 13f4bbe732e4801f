/** @file Adapters of trials, kept so that others go on from them, or that they are measured on other prompts. */
import { basename, join } from 'node:path';
import type { DeviceAdapter } from '../../engine/device-adapter';
import { downloadAdapter } from '../../engine/device-adapter';
import type { LoadedModel } from '../../engine/loaded-model';
import type { LoraAdapter } from '../../formats/peft';
import { writePeftAdapter } from '../../formats/peft';
import { readTextFile, writeFiles } from '../node-files';
import { openAdapterDirectory } from '../session';
import { families } from './methods';
import type { Row } from './report';

/** Which trial it is, and how far it has come. */
export type Kept = Pick<Row, 'family' | 'setting' | 'seed' | 'step'>;

/** Keeps a trial's adapter under its name, in place of one of an earlier step. */
export async function keepAdapter(
  directory: string,
  { family, setting, seed, step }: Kept,
  model: LoadedModel,
  adapter: DeviceAdapter,
): Promise<void> {
  const lineage = { base_fingerprint: model.fingerprint, ancestors: [], base_precision: 'float32' as const };
  const card = `LoRA of the experiment, seed ${seed}: ${family}, ${setting}, after step ${step}.\n`;
  const files = writePeftAdapter({ ...(await downloadAdapter(model, adapter)), lineage }, card);
  writeFiles(join(directory, `${family}, ${setting}, seed ${seed}`), files);
}

/**
 * Tells of which trial an adapter was kept, by the name of its directory and by its card.
 * @throws Error for a directory that has another name or another card
 */
export function trialOf(directory: string): Kept {
  const [, name = '', seed] = /^(.*), seed (\d+)$/.exec(basename(directory)) ?? [];
  // The longest: DPO and DPO with soft labels begin alike.
  const [family] = families.filter((each) => name.startsWith(`${each}, `)).toSorted((a, b) => b.length - a.length);
  const step = /after step (\d+)/.exec(readTextFile(join(directory, 'README.md')))?.[1];
  if (family === undefined || step === undefined)
    throw new Error(`${directory} is no adapter of a trial, which are called FAMILY, SETTING, seed N.`);
  return { family, setting: name.slice(family.length + 2), seed: Number(seed), step: Number(step) };
}

/**
 * Reads a kept adapter; null where none is named.
 * @param model the SFT model that it has to be trained on
 * @throws Error for an adapter of another model, say of another seed's SFT
 */
export async function readKept(
  directory: string | undefined,
  { fingerprint }: Pick<LoadedModel, 'fingerprint'>,
): Promise<LoraAdapter | null> {
  const adapter = await openAdapterDirectory(directory);
  const base = adapter?.lineage?.base_fingerprint;
  if (adapter && base !== fingerprint)
    throw new Error(
      `${directory} was trained on the model ${base ?? 'unknown'}, and this seed's SFT model is ${fingerprint}.`,
    );
  return adapter;
}
