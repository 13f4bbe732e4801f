/** @file The charts of one run, with a table of the same figures for those who do not see charts. */
import { useId } from 'react';
import type { StepMetrics } from '../../worker/protocol';
import { formatMetric } from '../format';
import { Chart } from './chart';
import { meanWindow, metricNames, plots } from './metric-plots';

export interface MetricChartsProps {
  readonly method: 'dpo' | 'sft';
  readonly metrics: readonly StepMetrics[];
}

function FiguresTable({ method, metrics }: MetricChartsProps) {
  const first = metrics[0];
  const latest = metrics.at(-1);
  if (first === undefined || latest === undefined) return null;
  const recent = metrics.slice(-meanWindow);
  return (
    <details className="figures">
      <summary>Figures as a table</summary>
      <table className="numbers" data-testid="figures">
        <caption>
          Step {latest.step}, epoch {formatMetric(latest.epoch)}
        </caption>
        <thead>
          <tr>
            <th scope="col">Metric</th>
            <th scope="col">First step</th>
            <th scope="col">Mean of last {recent.length}</th>
            <th scope="col">Latest</th>
          </tr>
        </thead>
        <tbody>
          {metricNames(method).map((name) => {
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

export function MetricCharts({ method, metrics }: MetricChartsProps) {
  const syncKey = useId();
  // In a short run the mean would say little and hide much.
  const withMean = metrics.length > 3 * meanWindow;
  return (
    <div className="charts" data-testid="charts">
      <div className="chart-grid">
        {plots[method].map((plot) => (
          <Chart key={plot.title} plot={plot} metrics={metrics} withMean={withMean && plot.title !== 'Learning rate'} syncKey={syncKey} />
        ))}
      </div>
      {withMean && <p className="quiet">Thin: each step. Thick: mean of the last {meanWindow} steps.</p>}
      <FiguresTable method={method} metrics={metrics} />
    </div>
  );
}
