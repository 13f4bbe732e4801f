/**
 * @file Win rates by temperature with their 95 % intervals, as SVG; on the page and in the report, so it takes its
 * words as they come and uses no hook. Columns are told apart by shape as well as by colour.
 */
import type { ReactNode } from 'react';
import type { RoleColour } from '../../../plain/roles';

export interface RatePoint {
  readonly temperature: number;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export interface RateSeries {
  readonly name: string;
  readonly colour: RoleColour;
  readonly points: readonly RatePoint[];
}

export interface WinRateChartProps {
  /** The chart in words, for screen readers. */
  readonly label: string;
  readonly axis: string;
  readonly temperatures: readonly number[];
  readonly series: readonly RateSeries[];
}

const size = { width: 460, height: 210, left: 40, right: 10, top: 10, bottom: 38 };

/** The height at which a share in [0, 1] is drawn. */
const yOf = (share: number) => size.top + (1 - share) * (size.height - size.top - size.bottom);

function Mark({ series, x, y }: { readonly series: number; readonly x: number; readonly y: number }): ReactNode {
  const r = 5;
  if (series % 3 === 1) return <rect x={x - r + 0.5} y={y - r + 0.5} width={2 * r - 1} height={2 * r - 1} />;
  if (series % 3 === 2) return <polygon points={`${x},${y - r - 1} ${x + r + 1},${y + r} ${x - r - 1},${y + r}`} />;
  return <circle cx={x} cy={y} r={r} />;
}

/** The mark that stands for a series in the chart; its shape tells it as well as its colour. */
export function SeriesMark({ series, colour }: { readonly series: number; readonly colour: RoleColour }) {
  return (
    <svg className="rate-key" width={14} height={14} viewBox="0 0 14 14" aria-hidden="true">
      <g className={`series-${colour}`}>
        <Mark series={series} x={7} y={7} />
      </g>
    </svg>
  );
}

export function WinRateChart({ label, axis, temperatures, series }: WinRateChartProps) {
  const plotWidth = size.width - size.left - size.right;
  const slot = plotWidth / Math.max(1, temperatures.length);
  const xOf = (temperature: number, at: number) =>
    size.left +
    slot * (temperatures.indexOf(temperature) + 0.5) +
    (at - (series.length - 1) / 2) * Math.min(26, slot / (series.length + 1));
  const shares = [0, 0.25, 0.5, 0.75, 1];
  return (
    <svg className="rate-chart" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
      {shares.map((share) => (
        <g key={share} className={share === 0.5 ? 'rate-even' : 'rate-grid'}>
          <line x1={size.left} x2={size.width - size.right} y1={yOf(share)} y2={yOf(share)} />
          <text x={size.left - 6} y={yOf(share) + 4} textAnchor="end">{`${share * 100}%`}</text>
        </g>
      ))}
      {temperatures.map((temperature, index) => (
        <text
          key={temperature}
          x={size.left + slot * (index + 0.5)}
          y={size.height - size.bottom + 16}
          textAnchor="middle"
        >
          {String(temperature)}
        </text>
      ))}
      <text x={size.left + plotWidth / 2} y={size.height - 6} textAnchor="middle">
        {axis}
      </text>
      {series.map(({ name, colour, points }, at) => (
        <g key={`${at} ${name}`} className={`series-${colour}`}>
          {points.map(({ temperature, mean, low, high }) => {
            const x = xOf(temperature, at);
            return (
              <g key={temperature}>
                <line className="rate-interval" x1={x} x2={x} y1={yOf(high)} y2={yOf(low)} />
                <line className="rate-interval" x1={x - 4} x2={x + 4} y1={yOf(high)} y2={yOf(high)} />
                <line className="rate-interval" x1={x - 4} x2={x + 4} y1={yOf(low)} y2={yOf(low)} />
                <Mark series={at} x={x} y={yOf(mean)} />
              </g>
            );
          })}
        </g>
      ))}
    </svg>
  );
}
