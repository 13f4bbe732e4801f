/**
 * @file One chart: a uPlot canvas under a heading that names each series and its value (the latest, or the one
 * pointed at). The canvas is for the eye; the same figures are in the table of latest values.
 */
import { useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { StepMetrics } from '../../worker/protocol';
import { formatMetric, formatTick } from '../format';
import { usePreference } from '../preferences';
import { useText } from '../text/text';
import { columnsOf, type Plot } from './metric-plots';

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

function optionsOf(plot: Plot, element: HTMLElement, withMean: boolean, syncKey: string, onCursor: (index: number | null) => void): uPlot.Options {
  const ink = colourOf(element, '--ink-quiet');
  const grid = colourOf(element, '--line-faint');
  const axis: uPlot.Axis = {
    stroke: ink, font: '11px system-ui, sans-serif', grid: { stroke: grid, width: 1 }, ticks: { show: false },
  };
  const { range, reference } = plot;
  return {
    width: element.clientWidth,
    height: heightPx,
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { sync: { key: syncKey }, drag: { x: false, y: false }, points: { size: 6 }, y: false },
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
      { ...axis, size: 24, gap: 4, space: 36, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000] },
      { ...axis, size: 48, gap: 4, space: 28, values: (_self, splits) => splits.map(formatTick) },
    ],
    series: [
      {},
      ...plot.series.flatMap(({ colour, isEvaluation }): uPlot.Series[] => {
        const stroke = colourOf(element, `--series-${colour}`);
        if (isEvaluation) return [{ stroke, width: 1.5, dash: [5, 4], spanGaps: true, points: { show: true, size: 5 } }];
        const raw: uPlot.Series = { stroke, width: withMean ? 1 : 1.75, alpha: withMean ? 0.35 : 1, points: { show: false } };
        return withMean ? [raw, { stroke, width: 2, points: { show: false } }] : [raw];
      }),
    ],
    hooks: {
      setCursor: [(self) => onCursor(self.cursor.idx ?? null)],
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
  readonly plot: Plot;
  readonly metrics: readonly StepMetrics[];
  /** Draw a thick running mean over thin raw values. */
  readonly withMean: boolean;
  /** Charts of one run share their cursor. */
  readonly syncKey: string;
}

export function Chart({ plot, metrics, withMean, syncKey }: ChartProps) {
  const { common, train } = useText();
  const { title, note } = train.plots[plot.id];
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [pointed, setPointed] = useState<number | null>(null);
  const scheme = useColourScheme();
  const columns = useMemo(() => columnsOf(plot, metrics, withMean), [plot, metrics, withMean]);
  const latestColumns = useRef(columns);

  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const made = new uPlot(
      optionsOf(plot, element, withMean, syncKey, setPointed),
      latestColumns.current as uPlot.AlignedData,
      element,
    );
    chart.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: heightPx }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [plot, withMean, syncKey, scheme]);

  useEffect(() => {
    latestColumns.current = columns;
    // Drawn with the next frame; uPlot gathers several changes into one.
    chart.current?.setData(columns as uPlot.AlignedData);
  }, [columns]);

  const shown = metrics[pointed ?? metrics.length - 1] ?? metrics.at(-1);
  return (
    <figure className="chart">
      <figcaption>
        <span className="chart-title">{title}</span>
        {plot.series.map(({ metric, colour, isEvaluation }) => {
          // An evaluation holds until the next one.
          const value = isEvaluation ? metrics.slice(0, (pointed ?? metrics.length - 1) + 1).findLast((step) => step[metric] !== undefined)?.[metric] : shown?.[metric];
          return (
            <span key={metric} className="chart-value" data-series={colour}>
              {plot.series.length > 1 && <span className="chart-label">{isEvaluation ? train.evaluationSeries : metric.split('/').at(-1)}</span>}
              <span className="chart-number">{value === undefined ? common.unknown : formatMetric(value)}</span>
            </span>
          );
        })}
        {pointed !== null && shown !== undefined && <span className="chart-step">{train.atStep(shown.step)}</span>}
      </figcaption>
      <div ref={host} className="chart-canvas" aria-hidden="true" />
      {note !== undefined && <p className="chart-note">{note}</p>}
    </figure>
  );
}
