/**
 * @file One chart: a uPlot canvas under a heading that names each curve and its value (the latest, or the one
 * pointed at). The canvas is for the eye; the same figures are in the table of latest values. Dragging over it zooms.
 */
import { useEffect, useRef, useState } from 'react';
import { ImageDown } from 'lucide-react';
import { Button } from 'react-aria-components';
import uPlot from 'uplot';
import { download, toFileName } from '../../browser/download';
import { describeFailure } from '../../text/failure';
import { formatMetric, formatTick } from '../../text/format';
import { usePreference } from '../../text/preferences';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';
import { drawChartImage, writePng } from './chart-image';
import type { ChartData, Line } from '../../plain/train/metric-plots';

const heightPx = 150;

/** A colour token as this element sees it, in light or dark: canvases know no variables. */
function colourOf(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = '';
  return color;
}

/** Changes between light and dark, as canvases do not follow by themselves. */
function useColourScheme(): string {
  const theme = usePreference('theme');
  const [scheme, setScheme] = useState(() => (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'));
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const update = () => setScheme(query.matches ? 'dark' : 'light');
    query.addEventListener('change', update);
    return () => query.removeEventListener('change', update);
  }, []);
  return theme === 'system' ? scheme : theme;
}

/** Columns for uPlot: the x axis, then each line's values and, where there is one, its smooth curve. */
function columnsOf({ xs, lines }: ChartData): uPlot.AlignedData {
  return [
    xs,
    ...lines.flatMap(({ values, smooth }) => (smooth === null ? [values] : [values, smooth])),
  ] as uPlot.AlignedData;
}

/** What a chart is drawn from, beside its figures; a change makes it anew. */
interface Drawing {
  readonly lines: readonly Pick<Line, 'id' | 'colour' | 'isDashed' | 'smooth'>[];
  readonly range: readonly [number, number] | undefined;
  readonly reference: number | undefined;
  readonly syncKey: string;
}

/** First and last place on the x axis that are shown. */
export type Zoom = readonly [from: number, to: number];

interface Hooks {
  readonly onCursor: (index: number | null) => void;
  readonly onZoom: (zoom: Zoom | null) => void;
}

/** A drag shorter than this is a click. */
const shortestDragPx = 6;

function optionsOf(
  { lines, range, reference, syncKey }: Drawing,
  element: HTMLElement,
  { onCursor, onZoom }: Hooks,
): uPlot.Options {
  const ink = colourOf(element, '--ink-quiet');
  const grid = colourOf(element, '--line-faint');
  const axis: uPlot.Axis = {
    stroke: ink,
    font: '11px system-ui, sans-serif',
    grid: { stroke: grid, width: 1 },
    ticks: { show: false },
  };
  return {
    width: element.clientWidth,
    height: heightPx,
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
      y: range
        ? { range: [range[0] - 0.04, range[1] + 0.04] }
        : {
            range: (_self, low, high) => {
              // The line to compare with stays in sight; a flat line gets some room.
              const min = Math.min(low, reference ?? low);
              const max = Math.max(high, reference ?? high);
              const room = (max - min || Math.abs(max) || 1) * 0.08;
              return [min === 0 && reference === undefined ? 0 : min - room, max + room];
            },
          },
    },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 4,
        space: 44,
        values: (_self, splits) => splits.map((split) => (Number.isInteger(split) ? formatTick(split) : '')),
      },
      { ...axis, size: 48, gap: 4, space: 28, values: (_self, splits) => splits.map(formatTick) },
    ],
    series: [
      {},
      ...lines.flatMap(({ colour, isDashed, smooth }): uPlot.Series[] => {
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
      }),
    ],
    hooks: {
      setCursor: [(self) => onCursor(self.cursor.idx ?? null)],
      setSelect: [
        (self) => {
          const { left, width } = self.select;
          if (width < shortestDragPx) return;
          onZoom([self.posToVal(left, 'x'), self.posToVal(left + width, 'x')]);
          self.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        },
      ],
      drawAxes: [
        (self) => {
          if (reference === undefined) return;
          const y = Math.round(self.valToPos(reference, 'y', true)) + 0.5;
          const { ctx, bbox } = self;
          ctx.save();
          ctx.strokeStyle = ink;
          ctx.globalAlpha = 0.55;
          ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
          ctx.beginPath();
          ctx.moveTo(bbox.left, y);
          ctx.lineTo(bbox.left + bbox.width, y);
          ctx.stroke();
          ctx.restore();
        },
      ],
    },
  };
}

export interface ChartProps {
  readonly title: string;
  readonly note?: string | undefined;
  readonly data: ChartData;
  /** Fixed range of the y axis. */
  readonly range?: readonly [number, number] | undefined;
  /** A line to compare with. */
  readonly reference?: number | undefined;
  /** Charts with the same key share their cursor. */
  readonly syncKey: string;
  readonly zoom: Zoom | null;
  readonly onZoom: (zoom: Zoom | null) => void;
  /** A place on the x axis in words. */
  readonly describePlace: (x: number) => string;
  /** What the picture's file is named after, with the title. */
  readonly fileName: string;
}

function showZoom(chart: uPlot, xs: readonly number[], zoom: Zoom | null): void {
  const [from, to] = zoom ?? [xs[0] ?? 0, xs.at(-1) ?? 1];
  chart.setScale('x', { min: from, max: to });
}

export function Chart({
  title,
  note,
  data,
  range,
  reference,
  syncKey,
  zoom,
  onZoom,
  describePlace,
  fileName,
}: ChartProps) {
  const { common, train } = useText();
  const { notices } = useStudio();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useColourScheme();
  const shape = data.lines
    .map(({ id, colour, isDashed, smooth }) => `${id} ${colour} ${isDashed} ${smooth !== null}`)
    .join(', ');
  const latest = useRef({ data, zoom, onZoom });

  useEffect(() => {
    latest.current = { data, zoom, onZoom };
  });

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const { lines, xs } = latest.current.data;
    const hooks: Hooks = { onCursor: setPointed, onZoom: (area) => latest.current.onZoom(area) };
    const made = new uPlot(
      optionsOf({ lines, range, reference, syncKey }, element, hooks),
      columnsOf(latest.current.data),
      element,
    );
    showZoom(made, xs, latest.current.zoom);
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [shape, range, reference, syncKey, scheme]);

  useEffect(() => {
    // Drawn with the next frame; uPlot gathers several changes into one.
    chart.current?.setData(columnsOf(data), false);
    if (chart.current !== null) showZoom(chart.current, data.xs, zoom);
  }, [data, zoom]);

  async function downloadImage(): Promise<void> {
    const [element, drawn] = [host.current, chart.current];
    if (element === null || drawn === null) return;
    const colour = (name: string) => colourOf(element, name);
    const captions = data.lines.flatMap((line) =>
      line.label === null ? [] : [{ label: line.label, colour: colour(`--series-${line.colour}`) }],
    );
    try {
      const image = drawChartImage({
        plot: drawn.ctx.canvas,
        title,
        captions,
        ink: colour('--ink'),
        ground: colour('--surface-raised'),
      });
      download(`${toFileName(`${fileName}-${title}`)}.png`, await writePng(image), 'image/png');
    } catch (error) {
      notices.getState().warn(describeFailure(error).sentence);
    }
  }

  const at = pointed ?? data.xs.length - 1;
  return (
    <figure className="chart">
      <figcaption>
        <span className="chart-title">{title}</span>
        {data.lines.map(({ id, label, colour, values }) => {
          // An evaluation holds until the next one, as does a run that has no step where another has.
          const value = values[at] ?? values.slice(0, at + 1).findLast((each) => each !== null);
          return (
            <span key={id} className="chart-value" data-series={colour}>
              {label !== null && <span className="chart-label">{label}</span>}
              <span className="chart-number">{value == null ? common.unknown : formatMetric(value)}</span>
            </span>
          );
        })}
        {pointed !== null && data.xs[at] !== undefined && (
          <span className="chart-step">{describePlace(data.xs[at])}</span>
        )}
        <Button className="chart-save" aria-label={train.chart.png(title)} onPress={() => void downloadImage()}>
          <ImageDown aria-hidden="true" />
        </Button>
      </figcaption>
      <div ref={host} className="chart-canvas" aria-hidden="true" />
      {note !== undefined && <p className="chart-note">{note}</p>}
    </figure>
  );
}
