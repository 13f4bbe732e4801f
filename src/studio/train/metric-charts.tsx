/** @file The charts of one run, with a table of the same figures for those who do not see charts. */
import { useId, useMemo } from 'react';
import type { RunConfig, StepMetrics } from '../../worker/protocol';
import { formatMetric } from '../format';
import { useText } from '../text/text';
import { Chart } from './chart';
import { meanWindow, metricNames, plotsOf, type Plot } from './metric-plots';

export interface MetricChartsProps {
  readonly config: Partial<RunConfig>;
  readonly metrics: readonly StepMetrics[];
}

function FiguresTable({ plots, metrics }: { readonly plots: readonly Plot[]; readonly metrics: readonly StepMetrics[] }) {
  const { figures } = useText().train;
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
                  <code>{name}</code>
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

export function MetricCharts({ config, metrics }: MetricChartsProps) {
  const { train } = useText();
  const syncKey = useId();
  // A chart is made anew when its plot changes, which it does when a metric first appears.
  const shape = plotsOf(config, metrics).map(({ id, series }) => `${id} ${series.length}`).join(', ');
  // eslint-disable-next-line react-hooks/exhaustive-deps -- the metrics only by what they make of the plots
  const plots = useMemo(() => plotsOf(config, metrics), [shape]);
  // In a short run the mean would say little and hide much.
  const withMean = metrics.length > 3 * meanWindow;
  return (
    <div className="charts" data-testid="charts">
      <div className="chart-grid">
        {plots.map((plot) => (
          <Chart key={plot.id} plot={plot} metrics={metrics} withMean={withMean && plot.id !== 'learningRate'} syncKey={syncKey} />
        ))}
      </div>
      {withMean && <p className="quiet">{train.thinAndThick(meanWindow)}</p>}
      <FiguresTable plots={plots} metrics={metrics} />
    </div>
  );
}
