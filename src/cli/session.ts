/**
 * @file What most commands begin with: a WASM device, an opened model, an adapter.
 */
import { sentenceOf } from '../messages/message';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import type { Precision } from '../core/dtype';
import type { OpenedModel } from '../engine/open-model';
import { openModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import { readPeftAdapter } from '../formats/peft';
import { openWasmExecutor } from '../runtime/ort';
import type { TemplateChoice } from '../run/base-model';
import { builtInTemplates } from '../text/template-choice';
import { openDirectory, readTextFile } from './node-files';
import { endProgress, say, showProgress } from './terminal';

const threadLimit = 8;

export const openExecutor = () =>
  openWasmExecutor({ threads: Math.min(threadLimit, availableParallelism()), assets: null });

/** The value of --chat-template: a built-in name, `none`, or a file of Jinja. */
function readTemplateChoice(value: string | undefined): TemplateChoice | undefined {
  if (value === undefined || value === 'none' || Object.hasOwn(builtInTemplates, value) || !/[./\\]/.test(value))
    return value;
  return { source: readTextFile(value), file: basename(value) };
}

export interface ModelOptions {
  readonly chatTemplate?: string | undefined;
  /** float32 by default. */
  readonly precision?: Precision | undefined;
}

/**
 * Opens a checkpoint directory on a WASM device.
 * @throws UserError as `openModel`
 */
export async function openModelDirectory(
  path: string,
  { chatTemplate, precision }: ModelOptions = {},
): Promise<OpenedModel> {
  const { name, directory } = openDirectory(path);
  const opened = await openModel(name, directory, await openExecutor(), {
    chatTemplate: readTemplateChoice(chatTemplate),
    precision,
    onProgress: (done, total) => showProgress(`loading ${Math.round((100 * done) / total)} %`),
  });
  endProgress();
  for (const warning of opened.model.warnings) say(sentenceOf(warning));
  return opened;
}

/** Reads a PEFT adapter directory; null where none is named. */
export async function openAdapterDirectory(path: string | undefined): Promise<LoraAdapter | null> {
  return path === undefined ? null : readPeftAdapter(openDirectory(path).directory);
}
