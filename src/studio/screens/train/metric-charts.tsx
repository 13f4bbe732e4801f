/** @file The charts of one run, with a table of the same figures for those who do not see charts. */
import { useId, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import type { RunConfig } from '../../../run/config';
import { roleOfMethod } from '../../plain/roles';
import type { StepMetrics } from '../../../run/metrics';
import { download, toFileName } from '../../browser/download';
import { formatMetric } from '../../text/format';
import { nameOfSeries } from '../../text/name-of-series';
import { useText } from '../../text/text';
import { Chart } from './chart';
import type { Zoom } from './chart-options';
import { ChartTools } from './chart-tools';
import { chartView } from './chart-view';
import {
  countLarge,
  linesOfPlot,
  meanWindow,
  metricNames,
  plotsOf,
  writeCsv,
  type Plot,
} from '../../plain/train/metric-plots';
import { termOfPlot } from './plot-terms';

export interface MetricChartsProps {
  /** Name of the run, which files of its charts are named after. */
  readonly name: string;
  readonly config: RunConfig | null;
  readonly metrics: readonly StepMetrics[];
}

function FiguresTable({
  plots,
  metrics,
}: {
  readonly plots: readonly Plot[];
  readonly metrics: readonly StepMetrics[];
}) {
  const { figures, metrics: names } = useText().train;
  const first = metrics[0];
  const latest = metrics.at(-1);
  if (first === undefined || latest === undefined) return null;
  const recent = metrics.slice(-meanWindow);
  return (
    <details className="figures">
      <summary>{figures.title}</summary>
      <table className="numbers" data-testid="figures">
        <caption>{figures.caption(latest.step, formatMetric(latest.epoch))}</caption>
        <thead>
          <tr>
            <th scope="col">{figures.metric}</th>
            <th scope="col">{figures.first}</th>
            <th scope="col">{figures.mean(recent.length)}</th>
            <th scope="col">{figures.latest}</th>
          </tr>
        </thead>
        <tbody>
          {metricNames(plots).map((name) => {
            const known = recent.map((step) => step[name]).filter((value) => value !== undefined);
            if (known.length === 0) return null;
            const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
            return (
              <tr key={name}>
                <th scope="row">
                  {names[name]} <code>{name}</code>
                </th>
                <td>{formatMetric(first[name] ?? NaN)}</td>
                <td>{formatMetric(mean)}</td>
                <td>{formatMetric(latest[name] ?? NaN)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </details>
  );
}

export function MetricCharts({ name, config, metrics }: MetricChartsProps) {
  const { train } = useText();
  const syncKey = useId();
  const smoothing = useStore(chartView, (state) => state.smoothing);
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const charts = useMemo(
    () =>
      plotsOf(config, metrics).map((plot) => ({
        plot,
        data: linesOfPlot(plot, metrics, roleOfMethod(config?.method ?? 'dpo') ?? 'dpo', smoothing, (series) =>
          nameOfSeries(series, train),
        ),
      })),
    [config, metrics, smoothing, train],
  );
  const large = countLarge(charts.map(({ plot }) => plot));
  return (
    <div className="charts" data-testid="charts">
      <ChartTools
        extent={[metrics[0]?.step ?? 0, metrics.at(-1)?.step ?? 0]}
        zoom={zoom}
        onZoom={setZoom}
        describePlace={train.atStep}
        onCsv={() => download(`${toFileName(name)}-metrics.csv`, writeCsv(metrics), 'text/csv')}
      />
      <div className="chart-grid">
        {charts.map(({ plot: { id, range, reference }, data }, index) => (
          <Chart
            key={id}
            title={train.plots[id].title}
            note={train.plots[id].note}
            term={termOfPlot[id]}
            size={index < large ? 'main' : 'minor'}
            axes={{ x: train.axes.step, y: train.plots[id].unit }}
            data={data}
            range={range}
            reference={reference}
            syncKey={syncKey}
            zoom={zoom}
            onZoom={setZoom}
            describePlace={train.atStep}
            fileName={name}
          />
        ))}
      </div>
      <p className="quiet">{train.chart.help}</p>
      <FiguresTable plots={charts.map(({ plot }) => plot)} metrics={metrics} />
    </div>
  );
}
