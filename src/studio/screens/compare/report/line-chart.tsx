/** @file A chart of a run's metrics as SVG, for paper: no hook, no script, and words as they come. */
import { formatTick } from '../../../text/format';

export interface PrintedLine {
  readonly name: string;
  /** Name of a colour in report-style.ts, whose class is `series-NAME`. */
  readonly colour: string;
  readonly isDashed: boolean;
  /** One value for each step; null where the run has none. */
  readonly values: readonly (number | null)[];
  /** The moving average that is drawn over the values; null in a short run. */
  readonly mean: readonly (number | null)[] | null;
}

export interface LineChartProps {
  readonly title: string;
  /** What the heights are, as "nats a token". */
  readonly unit: string;
  /** What stands along the bottom. */
  readonly axis: string;
  readonly label: string;
  readonly steps: readonly number[];
  readonly lines: readonly PrintedLine[];
  readonly range?: readonly [number, number] | undefined;
  readonly reference?: number | undefined;
}

const size = { width: 250, height: 120, left: 42, right: 6, top: 6, bottom: 18 };

/** About four round numbers between two given ones, for the marks of an axis. */
export function ticksBetween(low: number, high: number): readonly number[] {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= raw) ?? 10) * power;
  const ticks: number[] = [];
  for (let tick = Math.ceil(low / step) * step; tick <= high + step * 1e-9; tick += step)
    ticks.push(Math.abs(tick) < step * 1e-9 ? 0 : tick);
  return ticks;
}

/** An SVG path through the known values; a gap begins a new stroke only where `isJoined` is false. */
function pathOf(
  values: readonly (number | null)[],
  isJoined: boolean,
  xOf: (index: number) => number,
  yOf: (value: number) => number,
): string {
  let isOpen = false;
  return values
    .map((value, index) => {
      if (value === null) {
        isOpen = isOpen && isJoined;
        return '';
      }
      const command = isOpen ? 'L' : 'M';
      isOpen = true;
      return `${command}${xOf(index).toFixed(1)} ${yOf(value).toFixed(1)}`;
    })
    .join('');
}

export interface ChartCaptionProps {
  readonly title: string;
  readonly unit?: string;
  /** The curves that are named, each in its colour. */
  readonly keys: readonly Pick<PrintedLine, 'name' | 'colour'>[];
}

/** A chart's title, and under it the names of its curves. */
export function ChartCaption({ title, unit = '', keys }: ChartCaptionProps) {
  return (
    <figcaption>
      <div>
        <strong>{title}</strong> <span className="quiet">{unit}</span>
      </div>
      <div className="keys">
        {keys.map(({ name, colour }) => (
          <span key={name} className={`key series-${colour}`}>
            {name}
          </span>
        ))}
      </div>
    </figcaption>
  );
}

interface CurveProps {
  readonly line: PrintedLine;
  readonly xOf: (index: number) => number;
  readonly yOf: (value: number) => number;
}

function Curve({ line: { colour, isDashed, values, mean }, xOf, yOf }: CurveProps) {
  return (
    <g className={`series-${colour}`}>
      <path
        className={mean === null ? 'line' : 'line thin'}
        strokeDasharray={isDashed ? '4 2' : undefined}
        d={pathOf(values, isDashed, xOf, yOf)}
      />
      {mean !== null && <path className="line" d={pathOf(mean, isDashed, xOf, yOf)} />}
      {isDashed &&
        values.map((value, index) => value !== null && <circle key={index} cx={xOf(index)} cy={yOf(value)} r={1.8} />)}
    </g>
  );
}

export function LineChart({ title, unit, axis, label, steps, lines, range, reference }: LineChartProps) {
  const known = lines.flatMap(({ values }) => values.filter((value) => value !== null));
  if (known.length === 0) return null;
  const [low, high] = range ?? [Math.min(...known, reference ?? Infinity), Math.max(...known, reference ?? -Infinity)];
  const room = range ? 0 : (high - low || Math.abs(high) || 1) * 0.06;
  const [bottom, top] = [low - room, high + room];
  const xOf = (index: number) =>
    size.left + ((size.width - size.left - size.right) * index) / Math.max(1, steps.length - 1);
  const yOf = (value: number) => size.top + ((top - value) / (top - bottom)) * (size.height - size.top - size.bottom);
  const right = size.width - size.right;
  return (
    <figure>
      <ChartCaption title={title} unit={unit} keys={lines.length > 1 ? lines : []} />
      <svg viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
        {ticksBetween(bottom, top).map((tick) => (
          <g key={tick} className="grid">
            <line x1={size.left} x2={right} y1={yOf(tick)} y2={yOf(tick)} />
            <text x={size.left - 4} y={yOf(tick) + 3} textAnchor="end">
              {formatTick(tick)}
            </text>
          </g>
        ))}
        {reference !== undefined && (
          <line className="even" x1={size.left} x2={right} y1={yOf(reference)} y2={yOf(reference)} />
        )}
        {lines.map((line) => (
          <Curve key={line.name} line={line} xOf={xOf} yOf={yOf} />
        ))}
        <text x={size.left} y={size.height - 5}>
          {steps[0]}
        </text>
        <text x={(size.left + right) / 2} y={size.height - 5} textAnchor="middle">
          {axis}
        </text>
        <text x={right} y={size.height - 5} textAnchor="end">
          {steps.at(-1)}
        </text>
      </svg>
    </figure>
  );
}
