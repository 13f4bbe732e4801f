/** @file The runs in the report: a table of what was trained on what, their options, and their curves. No hooks. */
import { formatDate, formatDuration, formatMetric } from '../../../text/format';
import type { Text } from '../../../text/text';
import { isMethodKnown, precisionOfRun, trainedConfigOf } from '../../../plain/runs/run';
import { settingText } from '../../../plain/runs/settings-difference';
import { linesOfPlot, meanWindow, plotsOf, type PlotId } from '../../../plain/train/metric-plots';
import { isObjectiveName, objectives, sftMethod } from '../../../../run/objectives';
import { knownSettingsOf } from '../../../plain/compare/policies';
import { LineChart, type PrintedLine } from './line-chart';
import type { ReportedRun } from './report-facts';

/** The charts that say most about a run; those of them that it has are shown. */
const shownPlots: readonly PlotId[] = ['loss', 'otherLoss', 'sftLoss', 'margin', 'accuracy', 'chosenLogps'];

/** A shorter run is drawn without its moving average, which would say little. */
const stepsForMean = 3 * meanWindow;

/** Weight of the past in the moving average that is drawn over the values. */
const smoothing = 0.9;

/** The losses by the names that people call them; of an adapter from elsewhere nobody may have told them. */
function methodTitle(run: ReportedRun['run'], unknownLoss: string, methodUnknown: string): string {
  if (!isMethodKnown(run)) return methodUnknown;
  if (run.method === 'sft') return sftMethod.title;
  const { loss_type } = knownSettingsOf(run).config;
  if (loss_type === undefined) return unknownLoss;
  return loss_type.map((name) => (isObjectiveName(name) ? objectives[name].title : name)).join(' + ');
}

interface RunsProps {
  readonly runs: readonly ReportedRun[];
  readonly text: Text;
}

export function RunsTable({ runs, text: { report, common } }: RunsProps) {
  return (
    <table>
      <thead>
        <tr>
          {[
            report.run,
            report.method,
            report.chain,
            report.reference,
            report.data,
            report.steps,
            report.time,
            report.lastLoss,
          ].map((title) => (
            <th key={title} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {runs.map(({ run, chain, reference }) => (
          <tr key={run.id}>
            <th scope="row">{run.name}</th>
            <td>{methodTitle(run, report.unknownLoss, common.methodUnknown)}</td>
            <td>{chain.join(' → ')}</td>
            <td>{run.method === 'sft' ? common.none : (reference ?? run.modelName)}</td>
            <td>{report.pairsOf(run.pairs, run.evaluation?.pairs ?? 0)}</td>
            <td>{common.ofTotal(run.steps, run.totalSteps)}</td>
            <td>{`${formatDate(run.startedAt)}, ${formatDuration(run.seconds)}`}</td>
            <td>{run.finalLoss === null ? common.unknown : formatMetric(run.finalLoss)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

type Option = readonly [key: string, value: unknown];

/** Parts the options that all runs share from those of each run that differ. */
function sharedOptions(runs: readonly ReportedRun[]): {
  readonly shared: readonly Option[];
  readonly own: readonly (readonly Option[])[];
} {
  const all = runs.map(({ run }): readonly Option[] =>
    Object.entries({ ...run.config, precision: precisionOfRun(run) }),
  );
  const isShared = ([key, value]: Option) =>
    runs.length > 1 &&
    all.every((options) =>
      options.some(([name, other]) => name === key && JSON.stringify(other) === JSON.stringify(value)),
    );
  return {
    shared: (all[0] ?? []).filter(isShared),
    own: all.map((options) => options.filter((option) => !isShared(option))),
  };
}

function OptionList({
  title,
  options,
  none,
}: {
  readonly title: string;
  readonly options: readonly Option[];
  readonly none: string;
}) {
  if (options.length === 0) return null;
  return (
    <p>
      <span className="quiet">{title}</span>{' '}
      {options.map(([key, value]) => (
        <code key={key} className="option">{`${key} ${settingText(value) ?? none}`}</code>
      ))}
    </p>
  );
}

/** Lists the options that all runs share once, then for each run those that differ. */
export function RunOptions({ runs, text: { report, common } }: RunsProps) {
  const { shared, own } = sharedOptions(runs);
  return (
    <>
      <OptionList title={report.optionsOfAll} options={shared} none={common.none} />
      {runs.map(({ run }, index) => (
        <OptionList key={run.id} title={report.optionsOf(run.name)} options={own[index] ?? []} none={common.none} />
      ))}
    </>
  );
}

export function RunCurves({
  run: { run, metrics },
  text: { report, train },
}: {
  readonly run: ReportedRun;
  readonly text: Text;
}) {
  const withMean = metrics.length > stepsForMean;
  const plots = plotsOf(trainedConfigOf(run), metrics).filter(({ id }) => shownPlots.includes(id));
  if (metrics.length < 2 || plots.length === 0) return <p className="quiet">{report.noCurves(run.name)}</p>;
  return (
    <>
      <p className="quiet">{report.curvesOf(run.name)}</p>
      <div className="charts">
        {plots.map((plot) => {
          const lines = linesOfPlot(
            plot,
            metrics,
            run.method,
            withMean ? smoothing : 0,
            ({ metric }) => metric,
          ).lines.map(({ id, colour, isDashed, values, smooth }): PrintedLine => ({
            name: isDashed ? train.evaluationSeries : id,
            colour,
            isDashed,
            values,
            mean: smooth,
          }));
          const { title } = train.plots[plot.id];
          return (
            <LineChart
              key={plot.id}
              title={title}
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
