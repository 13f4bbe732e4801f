/**
 * @file Which charts a run has and what is drawn in each, as data. Names are TRL's, so that they can be looked up
 * and compared with other trainers' logs.
 */
import type { RunConfig, StepMetrics } from '../../worker/protocol';
import { isLossName, losses } from './losses';

export type MetricName = Exclude<keyof StepMetrics, 'step' | 'epoch'>;

/** A colour token of styles/tokens.css. */
export type SeriesColour = 'loss' | 'chosen' | 'rejected' | 'margin' | 'neutral';

export interface PlotSeries {
  readonly metric: MetricName;
  readonly colour: SeriesColour;
  /** Of the evaluation: few points, joined by a broken line. */
  readonly isEvaluation?: true;
}

/** Names a plot's title and note in the text. */
export type PlotId = 'loss' | 'otherLoss' | 'margin' | 'accuracy' | 'rewards' | 'logps' | 'sftLoss' | 'chosenLogps' | 'gradient' | 'learningRate';

export interface Plot {
  readonly id: PlotId;
  readonly series: readonly PlotSeries[];
  /** Fixed range of the y axis. */
  readonly range?: readonly [number, number];
  /** A line to compare with: ln 2 of the DPO loss, 0 of a margin. */
  readonly reference?: number;
}

const evaluationLoss: PlotSeries = { metric: 'eval_loss', colour: 'neutral', isEvaluation: true };
const dpoLoss: Plot = { id: 'loss', series: [{ metric: 'loss', colour: 'loss' }, evaluationLoss], reference: Math.LN2 };
const otherLoss: Plot = { id: 'otherLoss', series: [{ metric: 'loss', colour: 'loss' }, evaluationLoss] };

const ofPairs: readonly Plot[] = [
  { id: 'margin', series: [{ metric: 'rewards/margins', colour: 'margin' }, { metric: 'eval_rewards/margins', colour: 'neutral', isEvaluation: true }], reference: 0 },
  { id: 'accuracy', series: [{ metric: 'rewards/accuracies', colour: 'margin' }, { metric: 'eval_rewards/accuracies', colour: 'neutral', isEvaluation: true }], range: [0, 1] },
  {
    id: 'rewards',
    series: [{ metric: 'rewards/chosen', colour: 'chosen' }, { metric: 'rewards/rejected', colour: 'rejected' }],
    reference: 0,
  },
  { id: 'logps', series: [{ metric: 'logps/chosen', colour: 'chosen' }, { metric: 'logps/rejected', colour: 'rejected' }] },
];

const ofSft: readonly Plot[] = [
  { id: 'sftLoss', series: [{ metric: 'loss', colour: 'loss' }, evaluationLoss] },
  { id: 'chosenLogps', series: [{ metric: 'logps/chosen', colour: 'chosen' }] },
];

const tail: readonly Plot[] = [
  { id: 'gradient', series: [{ metric: 'grad_norm', colour: 'neutral' }] },
  { id: 'learningRate', series: [{ metric: 'learning_rate', colour: 'neutral' }] },
];

/** The charts of a run: those of its losses for which there are values. */
export function plotsOf({ method, loss_type: names = ['sigmoid'] }: Partial<RunConfig>, metrics: readonly StepMetrics[]): readonly Plot[] {
  const [name] = names;
  const startsAtLn2 = names.length === 1 && isLossName(name) && losses[name].startsAtLn2 === true;
  const all = [...(method === 'sft' ? ofSft : [startsAtLn2 ? dpoLoss : otherLoss, ...ofPairs]), ...tail];
  return all.flatMap((plot) => {
    const series = plot.series.filter(({ metric }) => metrics.some((step) => step[metric] !== undefined));
    return series.length === 0 ? [] : [{ ...plot, series }];
  });
}

/** Every metric of these plots once, in their order. */
export const metricNames = (plots: readonly Plot[]): readonly MetricName[] => plots.flatMap(({ series }) => series.map(({ metric }) => metric));

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
  for (const { metric, isEvaluation } of plot.series) {
    const raw = metrics.map((step) => {
      const value = step[metric];
      return value === undefined || !Number.isFinite(value) ? null : value;
    });
    columns.push(raw);
    if (withMean && !isEvaluation) columns.push(runningMean(raw, meanWindow));
  }
  return columns;
}
