/**
 * @file A reliability diagram as SVG: how sure a judge is along the bottom, how often it is right upwards, with 95 %
 * intervals. What lies on the line is as sure as it is right.
 */
import type { ChoiceReport } from '../../../evaluation/choices';
import { formatShare } from '../../text/format';
import { useText } from '../../text/text';

const size = { width: 460, height: 250, left: 52, right: 24, top: 12, bottom: 40 };
const shares = [0, 0.25, 0.5, 0.75, 1];
const degrees = [0.5, 0.6, 0.7, 0.8, 0.9, 1];

const xOf = (sure: number): number => size.left + (2 * sure - 1) * (size.width - size.left - size.right);
const yOf = (share: number): number => size.top + (1 - share) * (size.height - size.top - size.bottom);

export function CalibrationChart({ report }: { readonly report: Pick<ChoiceReport, 'pairs' | 'calibration'> }) {
  const { calibration: text } = useText().runs;
  const middle = (size.height - size.bottom + size.top) / 2;
  return (
    <svg
      className="rate-chart calibration-chart"
      viewBox={`0 0 ${size.width} ${size.height}`}
      role="img"
      aria-label={text.chart(report.pairs)}
    >
      {shares.map((share) => (
        <g key={share} className="rate-grid">
          <line x1={size.left} x2={size.width - size.right} y1={yOf(share)} y2={yOf(share)} />
          <text x={size.left - 6} y={yOf(share) + 4} textAnchor="end">
            {formatShare(share)}
          </text>
        </g>
      ))}
      {degrees.map((sure) => (
        <text key={sure} x={xOf(sure)} y={size.height - size.bottom + 16} textAnchor="middle">
          {formatShare(sure)}
        </text>
      ))}
      <text x={xOf(0.75)} y={size.height - 6} textAnchor="middle">
        {text.sure}
      </text>
      <text x={12} y={middle} textAnchor="middle" transform={`rotate(-90 12 ${middle})`}>
        {text.right}
      </text>
      <g className="rate-even">
        <line x1={xOf(0.5)} y1={yOf(0.5)} x2={xOf(1)} y2={yOf(1)} />
        <line x1={size.left} y1={size.height - 10} x2={size.left + 22} y2={size.height - 10} />
        <text x={size.left + 28} y={size.height - 6}>
          {text.line}
        </text>
      </g>
      <g className="series-dpo">
        {report.calibration.map(({ from, predicted, right, interval: { low, high } }) => {
          const x = xOf(predicted);
          return (
            <g key={from}>
              <line className="rate-interval" x1={x} x2={x} y1={yOf(high)} y2={yOf(low)} />
              <line className="rate-interval" x1={x - 4} x2={x + 4} y1={yOf(high)} y2={yOf(high)} />
              <line className="rate-interval" x1={x - 4} x2={x + 4} y1={yOf(low)} y2={yOf(low)} />
              <circle cx={x} cy={yOf(right)} r={5} />
            </g>
          );
        })}
      </g>
    </svg>
  );
}
