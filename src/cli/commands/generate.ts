/**
 * @file `generate`: the answer to a prompt, streamed; with --json, one document with ids and log-probabilities.
 */
import type { Precision } from '../../core/dtype';
import { uploadAdapter } from '../../engine/device-adapter';
import { answerPrompt } from '../../generation/answer';
import { DecodeEngine } from '../../generation/decode-engine';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { print, printJson } from '../terminal';

export interface GenerateCommandOptions {
  readonly model: string;
  readonly adapter?: string;
  readonly prompt: string;
  readonly maxNewTokens: number;
  readonly temperature: number;
  readonly topK: number;
  readonly topP: number;
  readonly seed: number;
  readonly json?: boolean;
  readonly precision?: Precision;
}

export async function generate(options: GenerateCommandOptions): Promise<void> {
  const adapter = await openAdapterDirectory(options.adapter);
  const opened = await openModelDirectory(options.model, { precision: options.precision });
  const device = adapter && uploadAdapter(opened.model, adapter);
  let shown = '';
  const request = { prompt: options.prompt, adapter: device, options };
  const result = await answerPrompt(opened, new DecodeEngine(opened.model), request, {
    onText: (_, text) => {
      if (options.json || !text.startsWith(shown)) return;
      print(text.slice(shown.length));
      shown = text;
    },
  });
  const { promptIds, ids, logps, text, finish } = result;
  if (options.json) printJson({ prompt: options.prompt, prompt_ids: promptIds, text, ids, logps, finish });
  else print(`${text.startsWith(shown) ? text.slice(shown.length) : `\n${text}`}\n`);
}
