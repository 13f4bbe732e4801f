/**
 * @file Which charts a run has and what is drawn in each, as data. Names are TRL's, so that they can be looked up
 * and compared with other trainers' logs.
 */
import type { StepMetrics } from '../../worker/protocol';

export type MetricName = Exclude<keyof StepMetrics, 'step' | 'epoch'>;

/** A colour token of styles/tokens.css. */
export type SeriesColour = 'loss' | 'chosen' | 'rejected' | 'margin' | 'neutral';

export interface PlotSeries {
  readonly metric: MetricName;
  readonly colour: SeriesColour;
}

/** Names a plot's title and note in the text. */
export type PlotId = 'loss' | 'margin' | 'accuracy' | 'rewards' | 'sftLoss' | 'chosenLogps' | 'gradient' | 'learningRate';

export interface Plot {
  readonly id: PlotId;
  readonly series: readonly PlotSeries[];
  /** Fixed range of the y axis. */
  readonly range?: readonly [number, number];
  /** A line to compare with: ln 2 of the DPO loss, 0 of a margin. */
  readonly reference?: number;
}

const gradient: Plot = { id: 'gradient', series: [{ metric: 'grad_norm', colour: 'neutral' }] };
const rate: Plot = { id: 'learningRate', series: [{ metric: 'learning_rate', colour: 'neutral' }] };

export const plots: Readonly<Record<'dpo' | 'sft', readonly Plot[]>> = {
  dpo: [
    { id: 'loss', series: [{ metric: 'loss', colour: 'loss' }], reference: Math.LN2 },
    { id: 'margin', series: [{ metric: 'rewards/margins', colour: 'margin' }], reference: 0 },
    { id: 'accuracy', series: [{ metric: 'rewards/accuracies', colour: 'margin' }], range: [0, 1] },
    {
      id: 'rewards',
      series: [{ metric: 'rewards/chosen', colour: 'chosen' }, { metric: 'rewards/rejected', colour: 'rejected' }],
      reference: 0,
    },
    gradient,
    rate,
  ],
  sft: [
    { id: 'sftLoss', series: [{ metric: 'loss', colour: 'loss' }] },
    { id: 'chosenLogps', series: [{ metric: 'logps/chosen', colour: 'chosen' }] },
    gradient,
    rate,
  ],
};

/** Every metric of a method, in the order of the plots, then those without a plot. */
export function metricNames(method: 'dpo' | 'sft'): readonly MetricName[] {
  const plotted = plots[method].flatMap(({ series }) => series.map(({ metric }) => metric));
  return method === 'dpo' ? [...plotted, 'logps/chosen', 'logps/rejected'] : plotted;
}

/** Steps over which the thick line averages. */
export const meanWindow = 10;

/** The mean of the last `window` known values up to each; null where there is none yet. */
export function runningMean(values: readonly (number | null)[], window: number): (number | null)[] {
  const recent: number[] = [];
  let sum = 0;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    recent.push(value);
    sum += value;
    if (recent.length > window) sum -= recent.shift() ?? 0;
    return sum / recent.length;
  });
}

/** Columns for uPlot: steps, then for each series its raw values and, in long runs, their running mean. */
export function columnsOf(plot: Plot, metrics: readonly StepMetrics[], withMean: boolean): (number | null)[][] {
  const columns: (number | null)[][] = [metrics.map(({ step }) => step)];
  for (const { metric } of plot.series) {
    const raw = metrics.map((step) => {
      const value = step[metric];
      return value === undefined || !Number.isFinite(value) ? null : value;
    });
    columns.push(raw);
    if (withMean) columns.push(runningMean(raw, meanWindow));
  }
  return columns;
}
