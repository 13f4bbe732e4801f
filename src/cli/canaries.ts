/** @file The canaries of an export: the base is opened, and what is made of it lies beside the adapter. */
import { readFileSync } from 'node:fs';
import type { PreferencePair } from '../data/preference-pair';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import { DecodeEngine } from '../generation/decode-engine';
import { canariesName, checkServerName, makeCanaries, sayMoved, scoreCanaries } from '../handover/canaries';
import { textFile, type StreamedFile } from '../handover/streamed-file';
import { message, sentenceOf } from '../messages/message';
import { openModelDirectory } from './session';
import { endProgress, say, showProgress } from './terminal';

const readScript = (): string => readFileSync(new URL('../handover/check_server.py', import.meta.url), 'utf8');

export interface CanaryFiles {
  readonly files: readonly StreamedFile[];
  /** canaries.json. */
  readonly text: string;
}

/** Makes canaries.json and check_server.py, and says what can be told by them. */
export async function makeCanaryFiles(
  opened: OpenedModel,
  request: {
    readonly adapter: LoraAdapter;
    readonly count: number;
    readonly pairs: readonly PreferencePair[] | null;
    readonly signal: AbortSignal;
  },
): Promise<CanaryFiles> {
  const decoding = new DecodeEngine(opened.model);
  try {
    const { text, report } = await makeCanaries(
      { opened, decoding },
      { ...request, onProgress: (done, total) => showProgress(`canaries ${Math.round((100 * done) / total)} %`) },
    );
    endProgress();
    const difference = report.meanDifference.toFixed(3);
    say(sentenceOf(message('canariesMade', { count: report.count, difference })));
    if (!report.tellsApart) say(sentenceOf(message('canariesTooAlike')));
    return { text, files: [textFile(canariesName, text), textFile(checkServerName, readScript())] };
  } finally {
    await decoding.dispose();
  }
}

/** Opens a merged checkpoint that was written, and says how far rounding moved what the canaries measure. */
export async function tellMerged(path: string, canaries: string, signal: AbortSignal): Promise<void> {
  const merged = await openModelDirectory(path);
  say(sentenceOf(sayMoved(await scoreCanaries(merged, canaries, { signal }))));
}
