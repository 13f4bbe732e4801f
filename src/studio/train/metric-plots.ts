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
  readonly label: string;
  readonly colour: SeriesColour;
}

export interface Plot {
  readonly title: string;
  readonly series: readonly PlotSeries[];
  /** Fixed range of the y axis. */
  readonly range?: readonly [number, number];
  /** A line to compare with: ln 2 of the DPO loss, 0 of a margin. */
  readonly reference?: { readonly value: number; readonly label: string };
  readonly note?: string;
}

const gradient: Plot = { title: 'Gradient norm', series: [{ metric: 'grad_norm', label: 'grad_norm', colour: 'neutral' }] };
const rate: Plot = { title: 'Learning rate', series: [{ metric: 'learning_rate', label: 'learning_rate', colour: 'neutral' }] };

export const plots: Readonly<Record<'dpo' | 'sft', readonly Plot[]>> = {
  dpo: [
    {
      title: 'Loss',
      series: [{ metric: 'loss', label: 'loss', colour: 'loss' }],
      reference: { value: Math.LN2, label: 'ln 2' },
      note: 'Starts at ln 2 = 0.693, where chosen and rejected are told apart no better than by a coin.',
    },
    {
      title: 'Reward margin',
      series: [{ metric: 'rewards/margins', label: 'rewards/margins', colour: 'margin' }],
      reference: { value: 0, label: '0' },
      note: 'Chosen minus rejected reward: this should rise.',
    },
    {
      title: 'Accuracy',
      series: [{ metric: 'rewards/accuracies', label: 'rewards/accuracies', colour: 'margin' }],
      range: [0, 1],
      note: 'Share of the step’s pairs whose chosen reward is higher; small batches make it jump.',
    },
    {
      title: 'Rewards',
      series: [
        { metric: 'rewards/chosen', label: 'rewards/chosen', colour: 'chosen' },
        { metric: 'rewards/rejected', label: 'rewards/rejected', colour: 'rejected' },
      ],
      reference: { value: 0, label: '0' },
      note: 'Both may fall; what counts is the gap between them.',
    },
    gradient,
    rate,
  ],
  sft: [
    { title: 'Loss', series: [{ metric: 'loss', label: 'loss', colour: 'loss' }], note: 'Mean −log-probability of a token of the chosen answers.' },
    {
      title: 'Log-probability of chosen',
      series: [{ metric: 'logps/chosen', label: 'logps/chosen', colour: 'chosen' }],
      note: 'Summed over the answer; nearer to 0 is likelier.',
    },
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
