/** @file What a curve of a run is called beside the others of its chart. */
import type { PlotSeries } from '../plain/train/metric-plots';
import type { Text } from './text';

export function nameOfSeries({ metric, isEvaluation }: PlotSeries, train: Text['train']): string {
  if (isEvaluation) return train.evaluationSeries;
  if (metric.endsWith('/chosen')) return train.chosenSeries;
  return metric.endsWith('/rejected') ? train.rejectedSeries : train.trainingSeries;
}
