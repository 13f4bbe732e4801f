/** @file A cluster bundle on the command line: the run is found beside its adapter, or named by options. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../core/errors';
import type { LoraAdapter } from '../formats/peft';
import { writeBundle } from '../handover/bundle';
import type { PlannedExport } from '../handover/export';
import { repeatRun } from '../handover/repeatable-run';
import { readConfig } from './commands/train';
import { readExamples, type DataOptions } from './pair-files';
import { readMetrics, readRunFile, type FoundRun } from './run-file';
import { openAdapterDirectory, openModelDirectory } from './session';

export interface BundleOptions extends Partial<DataOptions> {
  readonly model: string;
  readonly adapter: string;
  readonly data?: string;
  readonly config?: string;
  readonly initAdapter?: string;
  readonly refAdapter?: string;
}

/** What the options say goes before what lies beside the adapter. */
function findRun(options: BundleOptions): FoundRun {
  const { data, config, columns, encoding, skipBadRows, initAdapter, refAdapter } = options;
  const found = data !== undefined && config !== undefined ? null : readRunFile(options.adapter, data === undefined);
  const settings = config === undefined ? found?.config : readConfig(config);
  const path = data ?? found?.data;
  if (settings === undefined || path === undefined) throw new UserError('bundleWithoutRun', { path: options.adapter });
  const given = Object.entries({ columns, encoding, skipBadRows }).filter(([, value]) => value !== undefined);
  return {
    config: settings,
    precision: found?.precision ?? 'float32',
    data: path,
    dataOptions: { ...(data === undefined ? found?.dataOptions : {}), ...Object.fromEntries(given) },
    initAdapter: initAdapter ?? found?.initAdapter,
    refAdapter: refAdapter ?? found?.refAdapter,
  };
}

/**
 * Plans a bundle of the run that an adapter came of.
 * @throws UserError where the run is not known, and for what TRL cannot run
 */
export async function planBundle(
  options: BundleOptions,
  trained: LoraAdapter,
  signal: AbortSignal,
): Promise<PlannedExport> {
  const found = findRun(options);
  const template = join(options.adapter, 'chat_template.jinja');
  const pairs = await readExamples(found.config.method, found.data, found.dataOptions);
  const [initAdapter, refAdapter] = [
    await openAdapterDirectory(found.initAdapter),
    await openAdapterDirectory(found.refAdapter),
  ];
  const opened = await openModelDirectory(options.model, existsSync(template) ? { chatTemplate: template } : {});
  try {
    const { config, precision } = found;
    const metrics = readMetrics(options.adapter);
    const run = await repeatRun(opened, { config, pairs, metrics, initAdapter, refAdapter }, precision, signal);
    const files = writeBundle({ baseName: opened.model.name, run, heldAs: precision, trained });
    return { files, warnings: [], findings: () => [] };
  } finally {
    opened.model.dispose();
    await opened.model.executor.close();
  }
}
