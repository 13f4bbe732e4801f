/**
 * @file Which charts a run has and what is drawn in each, as data. Names are TRL's, so that they can be looked up
 * and compared with other trainers' logs.
 */
import { startsAtLn2 } from '../../../run/choose-objective';
import type { RunConfig } from '../../../run/config';
import type { StepMetrics } from '../../../run/metrics';
import { isOnPolicyMethod } from '../../../run/objectives';
import { roleColours, type Role, type RoleColour } from '../roles';

export type MetricName = Exclude<keyof StepMetrics, 'step' | 'epoch' | 'num_tokens' | ScoreName>;

/** What RewardTrainer logs beside `rewards/*`, which say the same or come of it; in files, not in charts. */
type ScoreName = 'accuracy' | 'margin' | 'min_reward' | 'mean_reward' | 'max_reward';

/** A colour token of styles/tokens.css. */
export type LineColour = RoleColour | 'chosen' | 'rejected' | 'neutral';

/** The colour of a curve in a plot of any run; `run` is that of the run's method. */
export type SeriesColour = 'run' | 'chosen' | 'rejected' | 'neutral';

export interface PlotSeries {
  readonly metric: MetricName;
  readonly colour: SeriesColour;
  /** Values of an evaluation are few, so they are points joined by a broken line. */
  readonly isEvaluation?: true;
}

/** Names a plot's title and note in the text. */
export type PlotId =
  | 'loss'
  | 'otherLoss'
  | 'margin'
  | 'accuracy'
  | 'rewards'
  | 'logps'
  | 'sftLoss'
  | 'chosenLogps'
  | 'scoresMargin'
  | 'answerReward'
  | 'answerKl'
  | 'surprise'
  | 'answerLength'
  | 'cutOff'
  | 'noSpread'
  | 'held'
  | 'heldTokens'
  | 'forecast'
  | 'priceOfKl'
  | 'answerLoss'
  | 'kl'
  | 'gradient'
  | 'learningRate'
  | 'speed';

export interface Plot {
  readonly id: PlotId;
  readonly series: readonly PlotSeries[];
  /** Whether it says most about a run, and is drawn larger. */
  readonly isMain?: true;
  /** Range of the y axis; without it, the axis follows the values. */
  readonly range?: readonly [number, number];
  /** Where a line to compare with is drawn, as ln 2 for DPO's loss or 0 for a margin. */
  readonly reference?: number;
}

const evaluationLoss: PlotSeries = { metric: 'eval_loss', colour: 'neutral', isEvaluation: true };
const lossSeries: readonly PlotSeries[] = [{ metric: 'loss', colour: 'run' }, evaluationLoss];
const dpoLoss: Plot = { id: 'loss', isMain: true, series: lossSeries, reference: Math.LN2 };
const otherLoss: Plot = { id: 'otherLoss', isMain: true, series: lossSeries };

const ofPairs: readonly Plot[] = [
  {
    id: 'margin',
    isMain: true,
    series: [
      { metric: 'rewards/margins', colour: 'run' },
      { metric: 'eval_rewards/margins', colour: 'neutral', isEvaluation: true },
    ],
    reference: 0,
  },
  {
    id: 'accuracy',
    isMain: true,
    series: [
      { metric: 'rewards/accuracies', colour: 'run' },
      { metric: 'eval_rewards/accuracies', colour: 'neutral', isEvaluation: true },
    ],
    range: [0, 1],
  },
  {
    id: 'rewards',
    series: [
      { metric: 'rewards/chosen', colour: 'chosen' },
      { metric: 'rewards/rejected', colour: 'rejected' },
    ],
    reference: 0,
  },
  {
    id: 'logps',
    series: [
      { metric: 'logps/chosen', colour: 'chosen' },
      { metric: 'logps/rejected', colour: 'rejected' },
    ],
  },
];

const ofSft: readonly Plot[] = [
  { id: 'sftLoss', isMain: true, series: lossSeries },
  { id: 'chosenLogps', series: [{ metric: 'logps/chosen', colour: 'chosen' }] },
];

const answerLoss: readonly Plot[] = [
  { id: 'held', series: [{ metric: 'clip_ratio/region_mean', colour: 'neutral' }], range: [0, 1] },
  { id: 'answerLoss', series: [{ metric: 'loss', colour: 'neutral' }], reference: 0 },
];

const ofAnswers: readonly Plot[] = [
  { id: 'answerReward', isMain: true, series: [{ metric: 'reward', colour: 'run' }] },
  { id: 'answerKl', isMain: true, series: [{ metric: 'kl', colour: 'run' }], reference: 0 },
  { id: 'surprise', isMain: true, series: [{ metric: 'completions/mean_surprise', colour: 'run' }] },
  { id: 'answerLength', series: [{ metric: 'completions/mean_length', colour: 'neutral' }] },
  { id: 'cutOff', series: [{ metric: 'completions/clipped_ratio', colour: 'neutral' }], range: [0, 1] },
  { id: 'noSpread', series: [{ metric: 'frac_reward_zero_std', colour: 'neutral' }], range: [0, 1] },
];

const ofEpisodes: readonly Plot[] = [
  { id: 'forecast', series: [{ metric: 'loss/value_avg', colour: 'neutral' }], reference: 0 },
  { id: 'heldTokens', series: [{ metric: 'policy/clipfrac_avg', colour: 'neutral' }], range: [0, 1] },
  { id: 'priceOfKl', series: [{ metric: 'objective/kl_coef', colour: 'neutral' }] },
];

const scoresMargin: Plot = {
  id: 'scoresMargin',
  series: [{ metric: 'objective/scores_margin', colour: 'neutral' }],
  reference: 0,
};

const tail: readonly Plot[] = [
  { id: 'kl', isMain: true, series: [{ metric: 'eval_kl', colour: 'run', isEvaluation: true }], reference: 0 },
  { id: 'gradient', series: [{ metric: 'grad_norm', colour: 'neutral' }] },
  { id: 'learningRate', series: [{ metric: 'learning_rate', colour: 'neutral' }] },
  { id: 'speed', series: [{ metric: 'tokens_per_second', colour: 'neutral' }] },
];

function ofMethod(config: RunConfig): readonly Plot[] {
  if (config.method === 'sft') return ofSft;
  const ofDpo = [startsAtLn2(config) ? dpoLoss : otherLoss, ...ofPairs];
  if (config.method === 'online_dpo') return [...ofAnswers, scoresMargin, ...ofDpo];
  if (config.method === 'ppo') return [...ofAnswers, ...ofEpisodes, ...answerLoss];
  return isOnPolicyMethod(config.method) ? [...ofAnswers, ...answerLoss] : ofDpo;
}

/**
 * Chooses the charts of a run: those of its losses for which there are values, the main ones first; none where its
 * settings are not known.
 */
export function plotsOf(config: RunConfig | null, metrics: readonly StepMetrics[]): readonly Plot[] {
  if (config === null) return [];
  const all = [...ofMethod(config), ...tail];
  const inOrder = [...all.filter(({ isMain }) => isMain), ...all.filter(({ isMain }) => !isMain)];
  return inOrder.flatMap((plot) => {
    const series = plot.series.filter(({ metric }) => metrics.some((step) => step[metric] !== undefined));
    return series.length === 0 ? [] : [{ ...plot, series }];
  });
}

/** How many charts are large, two in a row: the main ones, and the next one where it would stand beside a main one. */
export function countLarge(plots: readonly Pick<Plot, 'isMain'>[]): number {
  const main = plots.filter(({ isMain }) => isMain).length;
  return Math.min(plots.length, main + (main % 2));
}

/** Names every metric of these plots once, in their order. */
export const metricNames = (plots: readonly Plot[]): readonly MetricName[] =>
  plots.flatMap(({ series }) => series.map(({ metric }) => metric));

/** Number of latest steps over which the table of figures takes its mean. */
export const meanWindow = 10;

/**
 * The exponential moving average that TensorBoard and W&B draw: y_t = w y_{t-1} + (1 - w) x_t from 0, divided by 1 -
 * w^t so that it does not begin low. What is no number stays a gap and does not count.
 * @param weight w, 0 to below 1; 0 leaves the values as they are
 */
export function smoothed(values: readonly (number | null)[], weight: number): (number | null)[] {
  let last = 0;
  let share = 1;
  return values.map((value) => {
    if (value === null || !Number.isFinite(value)) return null;
    last = weight * last + (1 - weight) * value;
    share *= weight;
    return last / (1 - share);
  });
}

/** One curve of a chart, a value for each place on the x axis. */
export interface Line {
  readonly id: string;
  readonly label: string | null;
  readonly colour: LineColour;
  readonly isDashed: boolean;
  readonly values: readonly (number | null)[];
  /** The smoothed curve, drawn thick over the faint values; null where the values stand alone. */
  readonly smooth: readonly (number | null)[] | null;
}

export interface ChartData {
  readonly xs: readonly number[];
  readonly lines: readonly Line[];
}

const valuesOf = (metrics: readonly StepMetrics[], name: MetricName): (number | null)[] =>
  metrics.map((step) => {
    const value = step[name];
    return value === undefined || !Number.isFinite(value) ? null : value;
  });

const isSmoothed = ({ metric, isEvaluation }: PlotSeries, smoothing: number): boolean =>
  smoothing > 0 && !isEvaluation && metric !== 'learning_rate';

/**
 * Lays the metrics of one chart out as curves over the steps of a run.
 * @param run what the run was trained by, which gives it its colour
 */
export function linesOfPlot(
  { series }: Plot,
  metrics: readonly StepMetrics[],
  run: Role,
  smoothing: number,
  labelOf: (series: PlotSeries) => string,
): ChartData {
  const lines = series.map((each): Line => {
    const { metric, colour, isEvaluation = false } = each;
    const values = valuesOf(metrics, metric);
    const label = series.length === 1 ? null : labelOf(each);
    return {
      id: metric,
      label,
      colour: colour === 'run' ? run : colour,
      isDashed: isEvaluation,
      values,
      smooth: isSmoothed(each, smoothing) ? smoothed(values, smoothing) : null,
    };
  });
  return { xs: metrics.map(({ step }) => step), lines };
}

/** What a chart of several runs has on its x axis; tokens count what was trained on, as TRL's `num_tokens`. */
export type OverlayAxis = 'step' | 'num_tokens';

export interface OverlaidRun {
  readonly name: string;
  /** Null where nobody knows by what it was trained. */
  readonly role: Role | null;
  readonly metrics: readonly StepMetrics[];
}

/** Lays one metric of several runs over each other; a run has gaps where only others have a value. */
export function overlay(
  metric: MetricName,
  runs: readonly OverlaidRun[],
  axis: OverlayAxis,
  smoothing: number,
): ChartData {
  const points = runs.map(({ metrics }) =>
    metrics.flatMap((step): [number, StepMetrics][] => (step[axis] === undefined ? [] : [[step[axis], step]])),
  );
  const xs = [...new Set(points.flatMap((each) => each.map(([x]) => x)))].sort((a, b) => a - b);
  const colours = roleColours(runs.map(({ role }) => role));
  const lines = runs.map(({ name }, index): Line => {
    const known = points[index]?.filter(([, step]) => step[metric] !== undefined) ?? [];
    const values = valuesOf(
      known.map(([, step]) => step),
      metric,
    );
    const spread = (of: readonly (number | null)[]): (number | null)[] => {
      const byX = new Map(known.map(([x], i) => [x, of[i] ?? null]));
      return xs.map((x) => byX.get(x) ?? null);
    };
    const isEvaluation = metric.startsWith('eval_');
    const smooth = isSmoothed({ metric, colour: 'neutral', ...(isEvaluation && { isEvaluation }) }, smoothing)
      ? spread(smoothed(values, smoothing))
      : null;
    return {
      id: `${index}`,
      label: name,
      colour: colours[index] ?? 'neutral',
      isDashed: isEvaluation,
      values: spread(values),
      smooth,
    };
  });
  return { xs, lines: lines.filter(({ values }) => values.some((value) => value !== null)) };
}

const allPlots: readonly Plot[] = [
  ...[otherLoss, ...ofPairs, ...ofSft],
  ...[...ofAnswers, scoresMargin, ...ofEpisodes, ...answerLoss],
  ...tail,
];

/** The plot that a metric stands in, for its unit and its size. */
export function plotOfMetric(metric: MetricName): Plot {
  return allPlots.find(({ series }) => series.some((each) => each.metric === metric)) ?? otherLoss;
}

/** Names the metrics that have a chart in at least one of the runs, the main ones first. */
export function overlaidMetrics(runs: readonly OverlaidRun[]): readonly MetricName[] {
  const names = [...new Set(allPlots.flatMap(({ series }) => series.map(({ metric }) => metric)))];
  const has = (name: MetricName) => runs.some(({ metrics }) => metrics.some((step) => step[name] !== undefined));
  const isMain = (name: MetricName) => plotOfMetric(name).isMain === true;
  return [...names.filter(isMain), ...names.filter((name) => !isMain(name))].filter(has);
}

/**
 * Columns of a CSV of metrics, in this order and with TRL's names; those that no step has are left out. A metric that
 * has no place here does not compile.
 */
const csvPlaces: Readonly<Record<keyof StepMetrics, true>> = {
  step: true,
  epoch: true,
  num_tokens: true,
  loss: true,
  grad_norm: true,
  learning_rate: true,
  'rewards/chosen': true,
  'rewards/rejected': true,
  'rewards/margins': true,
  'rewards/accuracies': true,
  accuracy: true,
  margin: true,
  min_reward: true,
  mean_reward: true,
  max_reward: true,
  'logps/chosen': true,
  'logps/rejected': true,
  reward: true,
  reward_std: true,
  frac_reward_zero_std: true,
  'objective/scores_margin': true,
  kl: true,
  'completions/mean_length': true,
  'completions/clipped_ratio': true,
  'completions/mean_terminated_length': true,
  'completions/mean_surprise': true,
  'clip_ratio/low_mean': true,
  'clip_ratio/high_mean': true,
  'clip_ratio/region_mean': true,
  'objective/kl': true,
  'objective/entropy': true,
  'objective/non_score_reward': true,
  'objective/rlhf_reward': true,
  'objective/scores': true,
  'objective/kl_coef': true,
  'policy/approxkl_avg': true,
  'policy/clipfrac_avg': true,
  'loss/policy_avg': true,
  'loss/value_avg': true,
  'val/clipfrac_avg': true,
  'val/ratio': true,
  eval_loss: true,
  'eval_rewards/chosen': true,
  'eval_rewards/rejected': true,
  'eval_rewards/margins': true,
  'eval_rewards/accuracies': true,
  'eval_logps/chosen': true,
  'eval_logps/rejected': true,
  eval_kl: true,
  tokens_per_second: true,
};
const csvColumns = Object.keys(csvPlaces) as readonly (keyof StepMetrics)[];

/** Writes metrics as CSV, a row for each step; a field is empty where the step has no such metric. */
export function writeCsv(metrics: readonly StepMetrics[]): string {
  const columns = csvColumns.filter((name) => metrics.some((step) => step[name] !== undefined));
  const rows = metrics.map((step) => columns.map((name) => step[name] ?? ''));
  return [columns, ...rows].map((row) => `${row.join(',')}\n`).join('');
}
