/** @file The runs in the report: a table of what was trained on what, their options, and their curves. No hooks. */
import { formatCount, formatDate, formatDuration, formatMetric } from '../../../text/format';
import { nameOfSeries } from '../../../text/name-of-series';
import type { Text } from '../../../text/text';
import { isMethodKnown, precisionOfRun, trainedConfigOf } from '../../../plain/runs/run';
import { settingText } from '../../../plain/runs/settings-difference';
import { linesOfPlot, meanWindow, plotsOf, type PlotId } from '../../../plain/train/metric-plots';
import {
  isObjectiveName,
  isOnPolicyMethod,
  objectives,
  onPolicyMethods,
  rewardMethod,
  sftMethod,
  singleLosses,
} from '../../../../run/objectives';
import { roleOfMethod } from '../../../plain/roles';
import { knownSettingsOf } from '../../../plain/compare/policies';
import { LineChart, type PrintedLine } from './line-chart';
import { Name } from './whole-names';
import type { ReportedRun } from './report-facts';

/** The charts that say most about a run; those of them that it has are shown. */
const shownPlots: readonly PlotId[] = ['loss', 'otherLoss', 'sftLoss', 'margin', 'accuracy'];

/** A shorter run is drawn without its moving average, which would say little. */
const stepsForMean = 3 * meanWindow;

/** Weight of the past in the moving average that is drawn over the values. */
const smoothing = 0.9;

/** The losses by the names that people call them; of an adapter from elsewhere nobody may have told them. */
export function methodTitle(run: ReportedRun['run'], unknownLoss: string, methodUnknown: string): string {
  if (!isMethodKnown(run)) return methodUnknown;
  if (run.method === 'sft') return sftMethod.title;
  if (run.method === 'kto') return singleLosses.kto.title;
  if (run.method === 'reward') return rewardMethod.title;
  if (isOnPolicyMethod(run.method)) return onPolicyMethods[run.method].title;
  const { loss_type } = knownSettingsOf(run).config;
  if (loss_type === undefined) return unknownLoss;
  return loss_type.map((name) => (isObjectiveName(name) ? objectives[name].title : name)).join(' + ');
}

interface RunsProps {
  readonly runs: readonly ReportedRun[];
  readonly text: Text;
}

/** What a run grew from, the base first, without itself. */
function Chain({ names }: { readonly names: readonly string[] }) {
  return names.map((name, index) => (
    <span key={index}>
      {index > 0 && ' → '}
      <Name>{name}</Name>
    </span>
  ));
}

export function RunsTable({ runs, text: { report, common, compare } }: RunsProps) {
  const columns: readonly (readonly [title: string, kind: 'words' | 'num'])[] = [
    [report.run, 'words'],
    [report.method, 'words'],
    [report.chain, 'words'],
    [report.reference, 'words'],
    [report.data, 'num'],
    [report.heldOut, 'num'],
    [report.steps, 'num'],
    [report.time, 'num'],
    [report.lastLoss, 'num'],
  ];
  return (
    <table className="runs">
      <thead>
        <tr>
          {columns.map(([title, kind]) => (
            <th key={title} scope="col" className={kind}>
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map(({ run, chain, reference }) => (
          <tr key={run.id}>
            <th scope="row">
              <Name>{run.name}</Name>
              <div className="quiet whole">{formatDate(run.startedAt)}</div>
            </th>
            <td>{methodTitle(run, report.unknownLoss, common.methodUnknown)}</td>
            <td>
              <Chain names={[compare.columns.base, ...chain.slice(1, -1)]} />
            </td>
            <td>{run.method === 'sft' ? common.none : <Name>{reference ?? compare.columns.base}</Name>}</td>
            <td className="num">{formatCount(run.pairs)}</td>
            <td className="num">{formatCount(run.evaluation?.pairs ?? 0)}</td>
            <td className="num">{`${formatCount(run.steps)} / ${formatCount(run.totalSteps)}`}</td>
            <td className="num">{formatDuration(run.seconds)}</td>
            <td className="num">{run.finalLoss === null ? common.unknown : formatMetric(run.finalLoss)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Option = readonly [key: string, value: unknown];

/** Parts the options that all runs share, those of a single run, from the others. */
export function partOptions(runs: readonly ReportedRun[]): {
  readonly shared: readonly Option[];
  /** Of each run, by the option's name; what a run has not is undefined. */
  readonly differing: readonly (readonly [key: string, values: readonly unknown[]])[];
} {
  const all = runs.map(({ run }): Readonly<Record<string, unknown>> => ({
    ...run.config,
    precision: precisionOfRun(run),
  }));
  const keys = [...new Set(all.flatMap((options) => Object.keys(options)))];
  const rows = keys.map((key) => [key, all.map((options) => options[key])] as const);
  const isShared = ([, values]: (typeof rows)[number]) =>
    values.every((value) => JSON.stringify(value) === JSON.stringify(values[0]));
  return {
    shared: rows.filter(isShared).map(([key, values]) => [key, values[0]]),
    differing: rows.filter((row) => !isShared(row)),
  };
}

/** A table of the options in which the runs differ; those that are equal follow in a line. */
export function RunOptions({ runs, text: { report, common } }: RunsProps) {
  const { shared, differing } = partOptions(runs);
  const said = (value: unknown) => settingText(value) ?? common.none;
  return (
    <>
      {differing.length > 0 && (
        <table className="options">
          <caption>{report.optionsDiffering}</caption>
          <thead>
            <tr>
              <th scope="col">{report.option}</th>
              {runs.map(({ run }) => (
                <th key={run.id} scope="col" className="num">
                  <Name>{run.name}</Name>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {differing.map(([key, values]) => (
              <tr key={key}>
                <th scope="row">
                  <code>{key}</code>
                </th>
                {values.map((value, index) => (
                  <td key={index} className="num">
                    <Name>{value === undefined ? '–' : said(value)}</Name>
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {shared.length > 0 && (
        <p className="footnote">
          {runs.length > 1 ? report.optionsOfAll : report.optionsOf(runs[0]?.run.name ?? '')}{' '}
          {shared.map(([key, value]) => (
            <code key={key} className="option">{`${key} ${said(value)}`}</code>
          ))}
        </p>
      )}
    </>
  );
}

export function RunCurves({
  run: { run, metrics },
  text: { report, train },
  most = Infinity,
}: {
  readonly run: ReportedRun;
  readonly text: Text;
  /** So many charts at most. */
  readonly most?: number;
}) {
  const withMean = metrics.length > stepsForMean;
  const plots = plotsOf(trainedConfigOf(run), metrics)
    .filter(({ id }) => shownPlots.includes(id))
    .slice(0, most);
  if (metrics.length < 2 || plots.length === 0) return <p className="quiet">{report.noCurves(run.name)}</p>;
  return (
    <>
      <h3>{report.curvesOf(run.name)}</h3>
      <div className="charts">
        {plots.map((plot) => {
          const lines = linesOfPlot(
            plot,
            metrics,
            roleOfMethod(run.method) ?? 'dpo',
            withMean ? smoothing : 0,
            (series) => nameOfSeries(series, train),
          ).lines.map(({ id, label, colour, isDashed, values, smooth }): PrintedLine => ({
            name: label ?? id,
            colour,
            isDashed,
            values,
            mean: smooth,
          }));
          const { title, unit } = train.plots[plot.id];
          return (
            <LineChart
              key={plot.id}
              title={title}
              unit={unit}
              axis={train.axes.step}
              label={`${run.name}: ${title}`}
              steps={metrics.map(({ step }) => step)}
              lines={lines}
              range={plot.range}
              reference={plot.reference}
            />
          );
        })}
      </div>
    </>
  );
}
