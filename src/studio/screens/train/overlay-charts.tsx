/** @file Charts of several runs over each other, one chart a metric, by step or by tokens trained on. */
import { useId, useMemo, useState } from 'react';
import { useStore } from 'zustand';
import { ChoiceInput } from '../shell/fields';
import { usePreference } from '../../text/preferences';
import { useText } from '../../text/text';
import { Chart } from './chart';
import type { Zoom } from './chart-options';
import { ChartTools } from './chart-tools';
import { chartView } from './chart-view';
import {
  overlaidMetrics,
  overlay,
  countLarge,
  plotOfMetric,
  type OverlaidRun,
  type OverlayAxis,
} from '../../plain/train/metric-plots';
import { termOfPlot } from './plot-terms';

interface AxisChoiceProps {
  readonly axis: OverlayAxis;
  readonly onChange: (axis: OverlayAxis) => void;
}

function AxisChoice({ axis, onChange }: AxisChoiceProps) {
  const { comparison: text } = useText().runs;
  return (
    <ChoiceInput
      label={text.axis}
      value={axis}
      options={[
        { id: 'num_tokens', label: text.byTokens },
        { id: 'step', label: text.byStep },
      ]}
      onChange={(id) => onChange(id as OverlayAxis)}
    />
  );
}

export function OverlayCharts({ runs }: { readonly runs: readonly OverlaidRun[] }) {
  const { train, runs: words } = useText();
  const { comparison: text } = words;
  const hasNames = usePreference('trlNames');
  const syncKey = useId();
  const smoothing = useStore(chartView, (state) => state.smoothing);
  const [chosenAxis, setAxis] = useState<OverlayAxis>('num_tokens');
  const [zoom, setZoom] = useState<Zoom | null>(null);
  const hasTokens = runs.every(({ metrics }) => metrics.some(({ num_tokens }) => num_tokens !== undefined));
  const axis = hasTokens ? chosenAxis : 'step';
  const charts = useMemo(
    () => overlaidMetrics(runs).map((metric) => ({ metric, data: overlay(metric, runs, axis, smoothing) })),
    [runs, axis, smoothing],
  );
  const ends = charts.flatMap(({ data: { xs } }) => [xs[0] ?? 0, xs.at(-1) ?? 0]);
  if (charts.length === 0) return null;
  const describePlace = axis === 'step' ? train.atStep : text.atTokens;
  const large = countLarge(charts.map(({ metric }) => plotOfMetric(metric)));
  return (
    <div className="charts" data-testid="overlay">
      <div className="overlay-tools">
        {hasTokens && (
          <AxisChoice
            axis={axis}
            onChange={(chosen) => {
              setAxis(chosen);
              setZoom(null);
            }}
          />
        )}
        <ChartTools
          extent={[Math.min(...ends), Math.max(...ends)]}
          zoom={zoom}
          onZoom={setZoom}
          describePlace={describePlace}
        />
      </div>
      <div className="chart-grid">
        {charts.map(({ metric, data }, index) => (
          <Chart
            key={metric}
            title={train.metrics[metric]}
            {...(hasNames && { code: metric })}
            term={termOfPlot[plotOfMetric(metric).id]}
            size={index < large ? 'main' : 'minor'}
            axes={{ x: train.axes[axis], y: train.plots[plotOfMetric(metric).id].unit }}
            data={data}
            reference={metric === 'rewards/margins' ? 0 : undefined}
            syncKey={`${syncKey} ${axis}`}
            zoom={zoom}
            onZoom={setZoom}
            describePlace={describePlace}
            fileName={runs.map(({ name }) => name).join('-')}
          />
        ))}
      </div>
    </div>
  );
}
