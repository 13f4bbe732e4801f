/**
 * @file `export`: an adapter as a server reads it, in a directory of its own with SHA256SUMS. The base is opened first,
 * so that an adapter of another base is refused.
 */
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../core/errors';
import { checkBase } from '../../engine/device-adapter';
import { identifyModel } from '../../engine/loaded-model';
import type { OpenedModel } from '../../engine/open-model';
import { openCheckpoint } from '../../formats/checkpoint';
import { planExport } from '../../handover/export';
import { writeHandOver } from '../../handover/hand-over';
import { fingerprintOf } from '../../handover/model-signature';
import { hashSource, readBaseFacts } from '../../handover/provenance';
import { message, sentenceOf } from '../../messages/message';
import type { ExportFormat, FloatDtype } from '../../run/hand-over';
import { readPeftAdapter, type LoraAdapter } from '../../formats/peft';
import { planBundle, type BundleOptions } from '../bundle';
import { makeCanaryFiles, tellMerged, type CanaryFiles } from '../canaries';
import { airlockVersion, emptyDirectorySink, openDirectory } from '../node-files';
import { readPairs } from '../pair-files';
import { readRunFacts } from '../run-file';
import { openModelDirectory } from '../session';
import { reportLeaks } from '../leaks';
import { openSigner } from '../signing-key';
import { endProgress, say, showProgress } from '../terminal';

export const exportDtypes = ['float32', 'float16', 'bfloat16'] as const;
const dtypes: Readonly<Record<(typeof exportDtypes)[number], FloatDtype>> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
};

export interface ExportOptions extends BundleOptions {
  readonly format: ExportFormat;
  readonly out: string;
  readonly dtype?: (typeof exportDtypes)[number];
  readonly signKey?: string;
  /** How many canaries; 0 for none, and the base is then not opened. */
  readonly canaries: number;
  /** A file of pairs to take them of, in place of the model's own answers. */
  readonly canariesFrom?: string;
  /** The pairs that the adapter was trained on: what it gives away is reported before anything is written. */
  readonly leakCheck?: string;
}

/** What canaries are made with: the base, open, with the template that the adapter was trained with. */
async function openBase(options: ExportOptions): Promise<OpenedModel> {
  const template = join(options.adapter, 'chat_template.jinja');
  return openModelDirectory(options.model, existsSync(template) ? { chatTemplate: template } : {});
}

/** What needs the base to run: the report of leaks, and the canaries. */
async function askBase(options: ExportOptions, adapter: LoraAdapter, signal: AbortSignal): Promise<CanaryFiles | null> {
  const { canariesFrom, leakCheck } = options;
  const count = adapter.score ? 0 : options.canaries;
  if (adapter.score && options.canaries > 0) say(sentenceOf(message('rewardWithoutCanaries')));
  if (count === 0 && leakCheck === undefined) return null;
  const pairs = canariesFrom === undefined ? null : await readPairs(canariesFrom);
  const opened = await openBase(options);
  try {
    if (leakCheck !== undefined) await reportLeaks(opened, adapter, await readPairs(leakCheck), signal);
    return count === 0 ? null : await makeCanaryFiles(opened, { adapter, count, pairs, signal });
  } finally {
    opened.model.dispose();
    await opened.model.executor.close();
  }
}

export async function exportAdapter(options: ExportOptions): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const { signal } = controller;
  const signer = options.signKey === undefined ? null : await openSigner(options.signKey);
  const { name, directory } = openDirectory(options.model);
  const checkpoint = await openCheckpoint(name, directory);
  const adapterFiles = openDirectory(options.adapter).directory;
  const adapter = await readPeftAdapter(adapterFiles);
  const identity = await identifyModel(checkpoint, {
    signal,
    onProgress: (done, total) => showProgress(`checking the base ${Math.round((100 * done) / total)} %`),
  });
  checkBase(identity, adapter);
  const provenance = {
    name: basename(resolve(options.adapter)),
    airlockVersion: airlockVersion(),
    madeAt: new Date(),
    base: await readBaseFacts(directory, checkpoint, identity.fingerprint, (source) => hashSource(source, signal)),
    run: readRunFacts(options.adapter),
    results: [],
  };
  const dtype = options.dtype === undefined ? null : dtypes[options.dtype];
  const model = { directory, checkpoint, shape: identity.shape };
  const { format } = options;
  if (format === 'bundle' && dtype !== null) throw new UserError('adapterDtypeFixed', { format });
  const planned =
    format === 'bundle'
      ? await planBundle(options, adapter, signal)
      : await planExport({ model, adapter, adapterFiles, format, dtype, provenance, signal });
  const canaries = await askBase(options, adapter, signal);
  const sums = await writeHandOver(
    emptyDirectorySink(options.out),
    {
      planned: { ...planned, files: [...planned.files, ...(canaries?.files ?? [])] },
      provenance,
      signer,
      folder: basename(resolve(options.out)),
    },
    { signal, onProgress: (done, total) => showProgress(`writing ${Math.round((100 * done) / total)} %`) },
  );
  endProgress();
  for (const said of [...planned.warnings, ...planned.findings()]) say(sentenceOf(said));
  if (canaries && options.format === 'merged') await tellMerged(options.out, canaries.text, signal);
  say(`${sums.size} files in ${options.out}, with their hashes in SHA256SUMS and a bill of materials in bom.cdx.json`);
  if (signer) {
    say(`signed in model.sig by the key with the fingerprint ${await fingerprintOf(signer)}`);
    say(sentenceOf(message('signatureMeans')));
  }
}
