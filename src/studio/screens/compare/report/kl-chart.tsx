/** @file Reward against KL as SVG, for paper: what each run gained on held-out pairs for how far it moved. No hooks. */
import { roleColours, type RoleColour } from '../../../plain/roles';
import { roleOfRun } from '../../../plain/runs/run';
import { formatTick } from '../../../text/format';
import type { Text } from '../../../text/text';
import { ChartCaption, ticksBetween } from './line-chart';
import type { ReportedRun } from './report-facts';

/** One evaluation: nats an answer from the reference, and the mean reward margin of the held-out pairs. */
export interface KlPoint {
  readonly step: number;
  readonly kl: number;
  readonly margin: number;
}

export interface KlCurve {
  readonly name: string;
  readonly colour: RoleColour;
  readonly points: readonly KlPoint[];
}

/** The runs whose evaluations measured both; a run of one evaluation is a point. */
export function klCurvesOf(runs: readonly ReportedRun[]): readonly KlCurve[] {
  const known = runs.map(({ run, metrics }) => ({
    run,
    points: metrics.flatMap((step): KlPoint[] =>
      step.eval_kl === undefined || step['eval_rewards/margins'] === undefined
        ? []
        : [{ step: step.step, kl: step.eval_kl, margin: step['eval_rewards/margins'] }],
    ),
  }));
  const shown = known.filter(({ points }) => points.length > 0);
  const colours = roleColours(shown.map(({ run }) => roleOfRun(run)));
  return shown.map(({ run, points }, index) => ({ name: run.name, colour: colours[index] ?? 'spare-1', points }));
}

const size = { width: 520, height: 240, left: 52, right: 12, top: 10, bottom: 40 };

/** A range that holds all values and 0, with a little room. */
function rangeOf(values: readonly number[]): readonly [number, number] {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = (high - low || 1) * 0.06;
  return [low < 0 ? low - room : 0, high + room];
}

interface CurveProps {
  readonly curve: KlCurve;
  readonly xOf: (kl: number) => number;
  readonly yOf: (margin: number) => number;
}

function Curve({ curve: { colour, points }, xOf, yOf }: CurveProps) {
  const places = points.map(({ kl, margin }) => `${xOf(kl).toFixed(1)} ${yOf(margin).toFixed(1)}`);
  return (
    <g className={`series-${colour}`}>
      <path className="line" d={`M${places.join('L')}`} />
      {points.map(({ step, kl, margin }) => (
        <circle key={step} cx={xOf(kl)} cy={yOf(margin)} r={3} />
      ))}
    </g>
  );
}

export function KlChart({ curves, text: { report } }: { readonly curves: readonly KlCurve[]; readonly text: Text }) {
  const points = curves.flatMap((curve) => curve.points);
  const [left, right] = rangeOf(points.map(({ kl }) => kl));
  const [low, high] = rangeOf(points.map(({ margin }) => margin));
  const bottom = size.height - size.bottom;
  const end = size.width - size.right;
  const xOf = (kl: number) => size.left + ((kl - left) / (right - left)) * (end - size.left);
  const yOf = (margin: number) => bottom - ((margin - low) / (high - low)) * (bottom - size.top);
  return (
    <figure className="wide">
      <ChartCaption title={report.rewardOverKl} keys={curves} />
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={report.rewardOverKl}>
        {ticksBetween(low, high).map((tick) => (
          <g key={tick} className="grid">
            <line x1={size.left} x2={end} y1={yOf(tick)} y2={yOf(tick)} />
            <text x={size.left - 6} y={yOf(tick) + 4} textAnchor="end">
              {formatTick(tick)}
            </text>
          </g>
        ))}
        {ticksBetween(left, right).map((tick) => (
          <text key={tick} x={xOf(tick)} y={bottom + 16} textAnchor="middle">
            {formatTick(tick)}
          </text>
        ))}
        <text x={(size.left + end) / 2} y={size.height - 6} textAnchor="middle">
          {report.klAxis}
        </text>
        <text
          x={12}
          y={(size.top + bottom) / 2}
          textAnchor="middle"
          transform={`rotate(-90 12 ${(size.top + bottom) / 2})`}
        >
          {report.marginAxis}
        </text>
        {curves.map((curve) => (
          <Curve key={curve.name} curve={curve} xOf={xOf} yOf={yOf} />
        ))}
      </svg>
      <p className="footnote">{report.rewardOverKlNote}</p>
    </figure>
  );
}
