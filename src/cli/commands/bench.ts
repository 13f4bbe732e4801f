/** @file `bench`: the speed of training and decoding on this machine, in Node or in a browser. */
import type { Precision } from '../../core/dtype';
import { UserError } from '../../core/errors';
import type { BenchReport, BenchSettings } from '../../bench/measure';
import { measureSpeed } from '../../bench/measure';
import { buildRandomModel, shapeNames } from '../../engine/random-model';
import { openExecutor, openModelDirectory } from '../session';
import { endProgress, print, printJson, showProgress } from '../terminal';
import type { BrowserDevice } from './bench-browser';

export interface BenchOptions extends BenchSettings {
  readonly shape?: string;
  readonly model?: string;
  readonly browser?: BrowserDevice;
  readonly profile?: boolean;
  readonly paper?: boolean;
  readonly products?: boolean;
  readonly json?: boolean;
  readonly precision?: Precision;
}

async function measureInNode(
  options: BenchOptions,
  shape: string,
): Promise<BenchReport & { peak_memory_bytes: number }> {
  const started = performance.now();
  const model =
    options.model !== undefined
      ? (await openModelDirectory(options.model, options)).model
      : await buildRandomModel(shape, await openExecutor(), 1, options.precision);
  const report = await measureSpeed(model, options, started, showProgress);
  endProgress();
  return { ...report, peak_memory_bytes: process.resourceUsage().maxRSS * 1024 };
}

const show = (value: unknown): string => String(typeof value === 'number' ? Number(value.toPrecision(4)) : value);

/** Rows of one kind, a column a field. */
function printTable(rows: readonly object[]): void {
  const lines = [Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row).map(show))];
  for (const [name = '', ...numbers] of lines)
    print(`  ${name.padEnd(26)}${numbers.map((text) => text.padEnd(12)).join('')}\n`);
}

function printReport(report: object, indent = ''): void {
  for (const [key, value] of Object.entries(report)) {
    if (value !== null && typeof value === 'object') {
      print(`${indent}${key}\n`);
      if (Array.isArray(value)) printTable(value as object[]);
      else printReport(value as object, '  ');
    } else {
      print(`${indent}${key.padEnd(28 - indent.length)}${show(value)}\n`);
    }
  }
}

function printOne(report: object, { json }: Pick<BenchOptions, 'json'>): void {
  if (json) printJson(report);
  else printReport(report);
}

export async function bench(options: BenchOptions): Promise<void> {
  if (options.paper) {
    const rows = await (await import('./bench-paper')).benchPaper();
    for (const row of rows) printOne(row, options);
    return;
  }
  if (options.model !== undefined && options.shape !== undefined) throw new UserError('modelAndShape');
  if (options.model !== undefined && options.browser !== undefined) throw new UserError('browserTakesShape');
  if (options.precision !== undefined && options.browser !== undefined) throw new UserError('browserIsFloat32');
  if (options.profile && options.browser === undefined) throw new UserError('profileNeedsBrowser');
  const shape = options.shape ?? (shapeNames[0] as string);
  if (options.products) {
    const rows = await (await import('./bench-products')).benchProducts(shape);
    for (const row of rows) printOne(row, options);
    return;
  }
  const report = options.browser
    ? await (await import('./bench-browser')).benchInBrowser(options.browser, shape, options, options.profile ?? false)
    : await measureInNode(options, shape);
  printOne(report, options);
}
