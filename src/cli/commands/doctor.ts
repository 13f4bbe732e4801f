/**
 * @file `doctor`: the labels of a data set that are probably wrong, one JSON line each, and on stderr how many of all
 * labels are.
 */
import { diagnoseLabels } from '../../evaluation/label-doctor';
import { crossFit, type CrossFitEvent } from '../../training/cross-fit';
import { openAdapterDirectory, openModelDirectory } from '../session';
import { readDataFile, withScores } from '../pair-files';
import { endProgress, printJson, say, showProgress } from '../terminal';
import { readConfig, type TrainOptions } from './train';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

function show(event: CrossFitEvent): void {
  const place = `half ${event.half} of 2`;
  if (event.kind === 'judging') return showProgress(`${place}: judging ${Math.round(100 * event.share)} %`);
  if (event.event.kind !== 'step') return;
  const { metrics, totalSteps, secondsLeft } = event.event;
  showProgress(`${place}: step ${metrics.step} of ${totalSteps}, ${Math.round(secondsLeft)} s left`);
}

/** Names the pairs to look at again, the likeliest errors first. */
export async function doctor(options: Omit<TrainOptions, 'out' | 'refAdapter'>): Promise<void> {
  const config = readConfig(options.config);
  const { parsed } = await readDataFile(options.data, options);
  const pairs = withScores(parsed);
  const initAdapter = await openAdapterDirectory(options.initAdapter);
  const opened = await openModelDirectory(options.model, options);
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  const margins = await crossFit(opened, { config, pairs, initAdapter, signal: controller.signal, onEvent: show });
  endProgress();
  if (margins === null) return say('Stopped; nothing was judged.');
  const { noise, doubtful } = diagnoseLabels(pairs, margins);
  for (const { index, finding, margin, probability } of doubtful)
    printJson({ pair: index + 1, row: parsed.rows[index], finding, margin, probability });
  say(
    `${doubtful.length} of ${pairs.length} labels to look at again. About ${percent(noise.share)} of all are the wrong way round (95 % interval ${percent(noise.low)} to ${percent(noise.high)}); a run that allows for them has label_smoothing: ${noise.share.toFixed(3)}.`,
  );
}
