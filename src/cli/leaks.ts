/** @file What an adapter gives away, on the command line: the report as JSON on stdout, its sum in words on stderr. */
import type { PreferencePair } from '../data/preference-pair';
import type { OpenedModel } from '../engine/open-model';
import type { LoraAdapter } from '../formats/peft';
import { DecodeEngine } from '../generation/decode-engine';
import { checkLeaks, defaultLeakAnswers } from '../handover/leak-check';
import { message, sentenceOf } from '../messages/message';
import { endProgress, printJson, say, showProgress } from './terminal';

export async function reportLeaks(
  opened: OpenedModel,
  adapter: LoraAdapter,
  pairs: readonly PreferencePair[],
  signal: AbortSignal,
): Promise<void> {
  const decoding = new DecodeEngine(opened.model);
  try {
    const onProgress = (done: number, total: number): void => showProgress(`leak check: answer ${done} of ${total}`);
    const request = { adapter, pairs, answers: defaultLeakAnswers, signal, onProgress };
    const report = await checkLeaks({ opened, decoding }, request);
    endProgress();
    printJson(report);
    const { adapter: recited, base, asked, searched, found } = report;
    say(sentenceOf(message('leaksRecited', { adapter: recited, base, asked })));
    const kinds = found.map(({ kind, count }) => `${count} ${kind}`).join(', ');
    say(sentenceOf(found.length > 0 ? message('leaksFound', { kinds, searched }) : message('leaksNone', { searched })));
  } finally {
    await decoding.dispose();
  }
}
