/**
 * @file `score`: one JSON line a pair with the scores that a reward model gives its answers, in the file's order; with
 * --report one document on how well they foresee which answer was chosen.
 */
import type { Precision } from '../../core/dtype';
import { uploadRewardModel } from '../../engine/device-adapter';
import { reportChoices } from '../../evaluation/choices';
import { readPeftAdapter } from '../../formats/peft';
import { scorePairs } from '../../training/reward-scores';
import { openDirectory } from '../node-files';
import { readPairs, type DataOptions } from '../pair-files';
import { openModelDirectory } from '../session';
import { endProgress, printJson, say, showProgress } from '../terminal';

export interface ScoreOptions extends DataOptions {
  readonly model: string;
  readonly data: string;
  readonly adapter: string;
  readonly maxLength: number;
  readonly chatTemplate?: string;
  readonly report?: boolean;
  readonly precision?: Precision;
}

export async function score(options: ScoreOptions): Promise<void> {
  const pairs = await readPairs(options.data, options);
  const adapter = await readPeftAdapter(openDirectory(options.adapter).directory);
  const opened = await openModelDirectory(options.model, options);
  const rewardModel = uploadRewardModel(opened.model, adapter);
  const scored = await scorePairs(opened, pairs, rewardModel, options.maxLength, {
    onProgress: (done, total) => showProgress(`pair ${done} of ${total}`),
  });
  endProgress();
  const report = reportChoices(scored.map(({ rewards }) => rewards));
  if (options.report) {
    printJson({
      ...{ pairs: report.pairs, accuracy: report.accuracy, interval: report.interval },
      ...{ calibration_error: report.calibrationError, calibration: report.calibration },
    });
    return;
  }
  for (const { tokens, rewards } of scored)
    printJson({
      ...{ chosen_tokens: tokens.chosen, rejected_tokens: tokens.rejected },
      ...{ chosen_reward: rewards.chosen, rejected_reward: rewards.rejected },
    });
  const { accuracy, interval } = report;
  say(
    `accuracy ${accuracy.toFixed(3)} (95 %: ${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}) on ${report.pairs} pairs`,
  );
}
