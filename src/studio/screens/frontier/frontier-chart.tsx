/**
 * @file Reward against KL as in Figure 2 of the DPO paper, as SVG: a point for every run, and the two curves of what
 * could be had. Points are for the pointer; the same leads on from the table for keys. Of points that lie on one
 * another a further click takes the next.
 */
import { alongKl, chartRange, clickedPoint, crowdOf, klTicks, type DrawnPoint } from '../../plain/frontier/chart-scale';
import type { Frontier, FrontierPoint } from '../../plain/frontier/sweep';
import { formatTick } from '../../text/format';
import { useText } from '../../text/text';
import { ticksBetween } from '../compare/report/line-chart';

const size = { width: 620, height: 330, left: 56, right: 18, top: 12, bottom: 46 };
const bottom = size.height - size.bottom;
const end = size.width - size.right;

interface Scale {
  readonly x: (kl: number) => number;
  readonly y: (reward: number) => number;
}

function Axes({ scale, range }: { readonly scale: Scale; readonly range: ReturnType<typeof chartRange> }) {
  const { chart } = useText().frontier;
  const middle = (size.top + bottom) / 2;
  return (
    <g className="rate-grid">
      {ticksBetween(...range.reward).map((tick) => (
        <g key={tick}>
          <line x1={size.left} x2={end} y1={scale.y(tick)} y2={scale.y(tick)} />
          <text x={size.left - 7} y={scale.y(tick) + 4} textAnchor="end">
            {formatTick(tick)}
          </text>
        </g>
      ))}
      {klTicks(range.kl).map((tick) => (
        <g key={tick}>
          <line x1={scale.x(tick)} x2={scale.x(tick)} y1={size.top} y2={bottom} />
          <text x={scale.x(tick)} y={bottom + 17} textAnchor="middle">
            {String(tick)}
          </text>
        </g>
      ))}
      <text x={(size.left + end) / 2} y={size.height - 8} textAnchor="middle">
        {chart.x}
      </text>
      <text x={14} y={middle} textAnchor="middle" transform={`rotate(-90 14 ${middle})`}>
        {chart.y}
      </text>
    </g>
  );
}

const pathOf = (places: readonly (readonly [number, number])[]): string =>
  places.length < 2 ? '' : `M${places.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}`;

interface CurvesProps {
  readonly limits: NonNullable<Frontier['limits']>;
  /** The reward of the start, from which both curves leave: the best of one, and the optimum of a beta without end. */
  readonly start: number;
  readonly scale: Scale;
}

function Curves({ limits, start, scale }: CurvesProps) {
  const from = [scale.x(0), scale.y(start)] as const;
  const bestOf = limits.bestOf.map(({ bound, reward }) => [scale.x(bound), scale.y(reward.mean)] as const);
  const optimum = limits.optimum.map(({ kl, reward }) => [scale.x(kl.mean), scale.y(reward.mean)] as const);
  return (
    <>
      <g className="series-spare-2">
        <path className="frontier-line" d={pathOf([from, ...optimum])} />
      </g>
      <g className="series-spare-1">
        <path className="frontier-line" strokeDasharray="5 4" d={pathOf([from, ...bestOf])} />
        {bestOf.map(([x, y], index) => (
          <g key={index}>
            <rect x={x - 3} y={y - 3} width={6} height={6} />
            <text className="frontier-note" x={x} y={y - 8} textAnchor="middle">
              {limits.bestOf[index]?.count}
            </text>
          </g>
        ))}
      </g>
    </>
  );
}

interface PointProps {
  readonly point: FrontierPoint;
  readonly kl: NonNullable<FrontierPoint['kl']>;
  readonly scale: Scale;
  readonly place: DrawnPoint;
  /** Its place among the points that lie on it. */
  readonly inCrowd: number;
  readonly isChosen: boolean;
  readonly name: string;
  readonly onChoose: () => void;
}

const labelHeight = 14;
/** Nearer to each other than this, points are one to a pointer. */
const crowdReach = 10;

function Point({ point, kl, scale, place: { x, y }, inCrowd, isChosen, name, onChoose }: PointProps) {
  const { policy, beta, reward } = point;
  const isFar = x > end - 40;
  return (
    <g
      className={`frontier-point ${policy === 0 ? 'series-base' : 'series-dpo'}`}
      data-policy={policy}
      data-chosen={isChosen || undefined}
      onClick={onChoose}
    >
      <title>{name}</title>
      <line className="rate-interval" x1={x} x2={x} y1={scale.y(reward.low)} y2={scale.y(reward.high)} />
      <line className="rate-interval" x1={scale.x(kl.low)} x2={scale.x(kl.high)} y1={y} y2={y} />
      <circle cx={x} cy={y} r={isChosen ? 7.5 : 5.5} />
      {beta !== null && (
        <text
          className="frontier-label"
          x={x + (isFar ? -9 : 9)}
          y={y - 8 + labelHeight * inCrowd}
          textAnchor={isFar ? 'end' : 'start'}
        >
          {String(beta)}
        </text>
      )}
      {/* Over all marks: a small point is easily missed. */}
      <circle className="frontier-hit" cx={x} cy={y} r={14} />
    </g>
  );
}

/** What the marks mean, each with one of them. */
function Legend({ hasCurves }: { readonly hasCurves: boolean }) {
  const { chart } = useText().frontier;
  const keys = [
    { colour: 'dpo', words: chart.runs, mark: <circle cx={7} cy={7} r={5} /> },
    { colour: 'base', words: chart.start, mark: <circle cx={7} cy={7} r={5} /> },
    ...(hasCurves
      ? [
          { colour: 'spare-1', words: chart.bestOf, mark: <rect x={4} y={4} width={6} height={6} /> },
          { colour: 'spare-2', words: chart.optimum, mark: <path className="frontier-line" d="M0 7H14" /> },
        ]
      : []),
  ];
  return (
    <ul className="frontier-keys">
      {keys.map(({ colour, words, mark }) => (
        <li key={colour}>
          <svg className={`rate-key series-${colour}`} width={14} height={14} viewBox="0 0 14 14" aria-hidden="true">
            {mark}
          </svg>{' '}
          {words}
        </li>
      ))}
    </ul>
  );
}

export interface FrontierChartProps {
  readonly frontier: Frontier;
  /** The policy whose answers are shown; null where none are. */
  readonly chosen: number | null;
  readonly nameOf: (policy: number) => string;
  readonly onChoose: (policy: number) => void;
}

export function FrontierChart({ frontier, chosen, nameOf, onChoose }: FrontierChartProps) {
  const { chart } = useText().frontier;
  const range = chartRange(frontier);
  const most = alongKl(range.kl);
  const start = frontier.points.find(({ policy }) => policy === 0);
  const [low, high] = range.reward;
  const scale: Scale = {
    x: (kl) => size.left + (alongKl(kl) / most) * (end - size.left),
    y: (reward) => bottom - ((reward - low) / (high - low)) * (bottom - size.top),
  };
  const drawn = frontier.points.flatMap((point) => {
    const { policy, kl, reward } = point;
    return kl === null ? [] : [{ point, kl, place: { policy, x: scale.x(kl.mean), y: scale.y(reward.mean) } }];
  });
  const places = drawn.map(({ place }) => place);
  return (
    <figure className="frontier-figure" data-testid="frontier-chart">
      <figcaption>
        <strong>{chart.title}</strong> <span className="quiet">{chart.term}</span>
      </figcaption>
      <svg className="rate-chart" viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={chart.label}>
        <Axes scale={scale} range={range} />
        {frontier.limits !== null && start !== undefined && (
          <Curves limits={frontier.limits} start={start.reward.mean} scale={scale} />
        )}
        {drawn.map(({ point, kl, place }) => {
          const crowd = crowdOf(place, places, crowdReach);
          return (
            <Point
              key={point.policy}
              {...{ point, kl, scale, place }}
              inCrowd={crowd.indexOf(place)}
              isChosen={point.policy === chosen}
              name={crowd.map(({ policy }) => nameOf(policy)).join(', ')}
              onChoose={() => onChoose(clickedPoint(place, crowd, chosen))}
            />
          );
        })}
      </svg>
      <Legend hasCurves={frontier.limits !== null} />
      <p className="field-help">{chart.help}</p>
    </figure>
  );
}
