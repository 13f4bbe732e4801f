/**
 * @file `doctor`: the labels of a data set that are probably wrong, one JSON line each, and on stderr how many of all
 * labels are. Judged by the words of the answers, or where a model and a configuration are given by runs of them.
 */
import { UserError } from '../../core/errors';
import type { ScoredPair } from '../../data/preference-pair';
import { diagnoseLabels } from '../../evaluation/label-doctor';
import { wordMargins } from '../../evaluation/word-judge';
import { crossFit, type CrossFitEvent } from '../../training/cross-fit';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { readDataFile, withScores } from '../pair-files';
import { endProgress, printJson, say, showProgress } from '../terminal';
import { keepShape, readSettings, type TrainOptions } from './train';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function show(event: CrossFitEvent): void {
  const place = `half ${event.half} of 2`;
  if (event.kind === 'judging') return showProgress(`${place}: judging ${Math.round(100 * event.share)} %`);
  if (event.event.kind !== 'step') return;
  const { metrics, totalSteps, secondsLeft } = event.event;
  showProgress(`${place}: step ${metrics.step} of ${totalSteps}, ${Math.round(secondsLeft)} s left`);
}

export type DoctorOptions = Omit<TrainOptions, 'out' | 'refAdapter' | 'model' | 'config'> &
  Partial<Pick<TrainOptions, 'model' | 'config'>>;

/** The margin of each pair, by words or by runs; null where it was stopped. */
async function judge(
  pairs: readonly ScoredPair[],
  options: DoctorOptions,
  signal: AbortSignal,
): Promise<readonly number[] | null> {
  const { model, config } = options;
  if (model === undefined && config === undefined)
    return wordMargins(pairs, {
      signal,
      onProgress: (share) => showProgress(`judging by words ${Math.round(100 * share)} %`),
    });
  if (model === undefined || config === undefined)
    throw new UserError('doctorNeedsBoth', { missing: model === undefined ? '--model' : '--config' });
  const { config: run, given } = readSettings(config);
  const initAdapter = await openAdapterDirectory(options.initAdapter);
  const opened = await openModelDirectory(model, options);
  keepShape({ config: run, given }, config, opened, initAdapter);
  return crossFit(opened, { config: run, pairs, initAdapter, signal, onEvent: show });
}

/** Names the pairs to look at again, the likeliest errors first. */
export async function doctor(options: DoctorOptions): Promise<void> {
  const { parsed } = await readDataFile(options.data, options);
  const pairs = withScores(parsed);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const margins = await judge(pairs, options, controller.signal);
  endProgress();
  if (margins === null) return say('Stopped; nothing was judged.');
  const { noise, doubtful } = diagnoseLabels(pairs, margins);
  for (const { index, finding, margin, probability } of doubtful)
    printJson({ pair: index + 1, row: parsed.rows[index], finding, margin, probability });
  say(
    `${doubtful.length} of ${pairs.length} labels to look at again. About ${percent(noise.share)} of all are the wrong way round (95 % interval ${percent(noise.low)} to ${percent(noise.high)}); a run that allows for them has label_smoothing: ${noise.share.toFixed(3)}.`,
  );
}
