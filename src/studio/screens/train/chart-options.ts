/** @file How a chart is drawn: uPlot's options, with the page's colours, and its columns. */
import type uPlot from 'uplot';
import { formatTick } from '../../text/format';
import { isWideEnough, rangeAround } from '../../plain/train/chart-range';
import type { ChartData, Line } from '../../plain/train/metric-plots';

const chartHeightsPx = { main: 230, minor: 150 } as const;
/** Charts that say most, the others, and the one that was enlarged. */
export type ChartSize = keyof typeof chartHeightsPx | 'full';

/** Height of the canvas; of an enlarged chart what the window leaves. */
export const heightOfChart = (size: ChartSize): number =>
  size === 'full' ? Math.max(220, innerHeight - 260) : chartHeightsPx[size];

/** What stands along the axes. */
export interface AxisLabels {
  readonly x: string;
  readonly y: string;
}

/** A drag shorter than this many pixels is a click. */
const shortestDragPx = 6;

/** What a chart is drawn from, beside its figures; where it changes, the canvas is made anew. */
export interface Drawing {
  readonly lines: readonly Pick<Line, 'id' | 'colour' | 'isDashed' | 'smooth'>[];
  /** Range of the y axis; without it, the axis follows the values. */
  readonly range: readonly [number, number] | undefined;
  /** Height of the dashed line to compare with. */
  readonly reference: number | undefined;
  /** Charts with the same key share their cursor. */
  readonly syncKey: string;
  readonly size: ChartSize;
  readonly axes: AxisLabels;
}

/** First and last place on the x axis that are shown. */
export type Zoom = readonly [from: number, to: number];

export interface ChartListeners {
  /** Is told the index of the x value under the pointer, or null where it points at none. */
  readonly onCursor: (index: number | null) => void;
  readonly onZoom: (zoom: Zoom | null) => void;
}

/** A colour token as this element sees it, in light or dark: canvases know no variables. */
export function colourOf(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

/** Columns for uPlot: the x axis, then each line's values and, where there is one, its smooth curve. */
export function columnsOf({ xs, lines }: ChartData): uPlot.AlignedData {
  return [
    xs,
    ...lines.flatMap(({ values, smooth }) => (smooth === null ? [values] : [values, smooth])),
  ] as uPlot.AlignedData;
}

/** A fixed range gets a thin margin; else the y axis follows its values, with 8 % of room on either side. */
function yScaleOf({ range, reference }: Drawing): uPlot.Scale {
  if (range) return { range: [range[0] - 0.04, range[1] + 0.04] };
  return {
    range: (_self, low, high) => rangeAround(low, high, reference),
  };
}

function axesOf(element: HTMLElement, labels: AxisLabels): uPlot.Axis[] {
  const axis: uPlot.Axis = {
    stroke: colourOf(element, '--ink-quiet'),
    font: '11px system-ui, sans-serif',
    grid: { stroke: colourOf(element, '--line-faint'), width: 1 },
    ticks: { show: false },
    labelFont: '11px system-ui, sans-serif',
    labelSize: 14,
    labelGap: 0,
  };
  return [
    {
      ...axis,
      label: labels.x,
      size: 22,
      gap: 4,
      space: 44,
      values: (_self, splits) => splits.map((split) => (Number.isInteger(split) ? formatTick(split) : '')),
    },
    { ...axis, label: labels.y, size: 46, gap: 4, space: 28, values: (_self, splits) => splits.map(formatTick) },
  ];
}

/** One curve a line: dashed with points for evaluations; thin and pale under its smooth curve where it has one. */
function seriesOf({ lines }: Drawing, element: HTMLElement): uPlot.Series[] {
  return lines.flatMap(({ colour, isDashed, smooth }): uPlot.Series[] => {
    const stroke = colourOf(element, `--series-${colour}`);
    if (isDashed) return [{ stroke, width: 1.5, dash: [5, 4], spanGaps: true, points: { show: true, size: 5 } }];
    const raw: uPlot.Series = {
      stroke,
      width: smooth ? 1 : 1.75,
      alpha: smooth ? 0.35 : 1,
      spanGaps: true,
      points: { show: false },
    };
    return smooth ? [raw, { stroke, width: 2, spanGaps: true, points: { show: false } }] : [raw];
  });
}

function drawReference(chart: uPlot, reference: number, colour: string): void {
  const y = Math.round(chart.valToPos(reference, 'y', true)) + 0.5;
  const { ctx, bbox } = chart;
  ctx.save();
  ctx.strokeStyle = colour;
  ctx.globalAlpha = 0.55;
  ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(bbox.left, y);
  ctx.lineTo(bbox.left + bbox.width, y);
  ctx.stroke();
  ctx.restore();
}

/** Zooms to the part that was dragged over, and takes the mark of the drag away. */
function zoomToSelection(chart: uPlot, onZoom: ChartListeners['onZoom']): void {
  const { left, width } = chart.select;
  if (width < shortestDragPx) return;
  const zoom: Zoom = [chart.posToVal(left, 'x'), chart.posToVal(left + width, 'x')];
  if (isWideEnough(...zoom)) onZoom(zoom);
  chart.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
}

/** uPlot's options for a chart inside `element`, which gives it width and colours. */
export function chartOptions(
  drawing: Drawing,
  element: HTMLElement,
  { onCursor, onZoom }: ChartListeners,
): uPlot.Options {
  const { reference, syncKey, size, axes } = drawing;
  const ink = colourOf(element, '--ink-quiet');
  return {
    width: element.clientWidth,
    height: heightOfChart(size),
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: {
      sync: { key: syncKey, setSeries: false },
      drag: { x: true, y: false, setScale: false, dist: shortestDragPx },
      points: { size: 6 },
      y: false,
      bind: { dblclick: () => () => (onZoom(null), null) },
    },
    scales: {
      x: { time: false, range: (_self, min, max) => (min === max ? [min - 1, max + 1] : [min, max]) },
      y: yScaleOf(drawing),
    },
    axes: axesOf(element, axes),
    series: [{}, ...seriesOf(drawing, element)],
    hooks: {
      setCursor: [(self) => onCursor(self.cursor.idx ?? null)],
      setSelect: [(self) => zoomToSelection(self, onZoom)],
      drawAxes: reference === undefined ? [] : [(self) => drawReference(self, reference, ink)],
    },
  };
}
