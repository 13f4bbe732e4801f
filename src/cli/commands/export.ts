/**
 * @file `export`: an adapter as a server reads it, in a directory of its own with SHA256SUMS. The base is opened first,
 * so that an adapter of another base is refused.
 */
import { checkBase } from '../../engine/device-adapter';
import { identifyModel } from '../../engine/loaded-model';
import { openCheckpoint } from '../../formats/checkpoint';
import { planExport } from '../../handover/export';
import { writeFilesTo } from '../../handover/streamed-file';
import { sentenceOf } from '../../messages/message';
import type { ExportFormat, FloatDtype } from '../../run/hand-over';
import { readPeftAdapter } from '../../formats/peft';
import { emptyDirectorySink, openDirectory } from '../node-files';
import { endProgress, say, showProgress } from '../terminal';

export const exportDtypes = ['float32', 'float16', 'bfloat16'] as const;
const dtypes: Readonly<Record<(typeof exportDtypes)[number], FloatDtype>> = {
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
};

export interface ExportOptions {
  readonly model: string;
  readonly adapter: string;
  readonly format: ExportFormat;
  readonly out: string;
  readonly dtype?: (typeof exportDtypes)[number];
}

export async function exportAdapter(options: ExportOptions): Promise<void> {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const { signal } = controller;
  const { name, directory } = openDirectory(options.model);
  const checkpoint = await openCheckpoint(name, directory);
  const adapterFiles = openDirectory(options.adapter).directory;
  const adapter = await readPeftAdapter(adapterFiles);
  const identity = await identifyModel(checkpoint, {
    signal,
    onProgress: (done, total) => showProgress(`checking the base ${Math.round((100 * done) / total)} %`),
  });
  checkBase(identity, adapter);
  const planned = await planExport({
    model: { directory, checkpoint, shape: identity.shape },
    adapter,
    adapterFiles,
    format: options.format,
    dtype: options.dtype === undefined ? null : dtypes[options.dtype],
    signal,
  });
  const sums = await writeFilesTo(emptyDirectorySink(options.out), planned.files, {
    signal,
    onProgress: (done, total) => showProgress(`writing ${Math.round((100 * done) / total)} %`),
  });
  endProgress();
  for (const said of [...planned.warnings, ...planned.findings()]) say(sentenceOf(said));
  say(`${sums.size} files and their SHA256SUMS in ${options.out}`);
}
