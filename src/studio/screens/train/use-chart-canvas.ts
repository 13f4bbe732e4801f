/** @file The uPlot canvas of one chart in React: made anew with its form, given new figures without. */
import { useEffect, useRef, useState, type RefObject } from 'react';
import uPlot from 'uplot';
import type { ChartData } from '../../plain/train/metric-plots';
import { chartOptions, columnsOf, heightOfChart, type ChartListeners, type Drawing, type Zoom } from './chart-options';
import { useColourScheme } from './use-colour-scheme';

export interface CanvasSettings extends Omit<Drawing, 'lines'> {
  readonly data: ChartData;
  readonly zoom: Zoom | null;
  readonly onZoom: ChartListeners['onZoom'];
}

function showZoom(chart: uPlot, xs: readonly number[], zoom: Zoom | null): void {
  const [from, to] = zoom ?? [xs[0] ?? 0, xs.at(-1) ?? 1];
  chart.setScale('x', { min: from, max: to });
}

/**
 * Keeps a uPlot canvas inside the host element.
 * @returns index of the x value under the pointer, in any chart of the same `syncKey`; null where there is none
 */
export function useChartCanvas(
  host: RefObject<HTMLDivElement | null>,
  { data, zoom, onZoom, range, reference, syncKey, size, axes: { x, y } }: CanvasSettings,
): number | null {
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
    const listeners: ChartListeners = { onCursor: setPointed, onZoom: (area) => latest.current.onZoom(area) };
    const made = new uPlot(
      chartOptions({ lines, range, reference, syncKey, size, axes: { x, y } }, element, listeners),
      columnsOf(latest.current.data),
      element,
    );
    showZoom(made, xs, latest.current.zoom);
    chart.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: heightOfChart(size) }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      chart.current = null;
    };
  }, [host, shape, range, reference, syncKey, size, x, y, scheme]);

  useEffect(() => {
    // Drawn with the next frame; uPlot gathers several changes into one.
    chart.current?.setData(columnsOf(data), false);
    if (chart.current !== null) showZoom(chart.current, data.xs, zoom);
  }, [data, zoom]);

  return pointed;
}
