/** @file What stands over a group of charts: smoothing, the part that is shown, and the figures as a file. */
import { FileDown, ZoomOut } from 'lucide-react';
import { Button, Label, Slider, SliderOutput, SliderThumb, SliderTrack } from 'react-aria-components';
import { useStore } from 'zustand';
import { useText } from '../../text/text';
import type { Zoom } from './chart-options';
import { chartView, maxSmoothing } from './chart-view';

export interface ChartToolsProps {
  /** The first and the last place on the x axis that have values. */
  readonly extent: Zoom;
  readonly zoom: Zoom | null;
  readonly onZoom: (zoom: Zoom | null) => void;
  readonly describePlace: (x: number) => string;
  readonly onCsv?: () => void;
}

export function ChartTools({ extent, zoom, onZoom, describePlace, onCsv }: ChartToolsProps) {
  const { chart: text } = useText().train;
  const smoothing = useStore(chartView, (state) => state.smoothing);
  const [from, to] = extent;
  const shown = zoom ?? extent;
  return (
    <div className="chart-tools">
      <Slider
        className="slider"
        value={smoothing}
        minValue={0}
        maxValue={maxSmoothing}
        step={0.01}
        onChange={(value) => chartView.setState({ smoothing: value })}
      >
        <Label>{text.smoothing}</Label>
        <SliderOutput />
        <SliderTrack className="slider-track">
          <SliderThumb className="slider-thumb" />
        </SliderTrack>
      </Slider>
      {to > from && (
        <Slider
          className="slider slider-wide"
          value={[Math.round(shown[0]), Math.round(shown[1])]}
          minValue={from}
          maxValue={to}
          step={1}
          onChange={([first = from, last = to]) =>
            last > first && onZoom(first === from && last === to ? null : [first, last])
          }
        >
          <Label>{text.shown}</Label>
          <output className="slider-output">
            {text.fromTo(describePlace(Math.round(shown[0])), describePlace(Math.round(shown[1])))}
          </output>
          <SliderTrack className="slider-track">
            <SliderThumb index={0} className="slider-thumb" aria-label={text.first} />
            <SliderThumb index={1} className="slider-thumb" aria-label={text.last} />
          </SliderTrack>
        </Slider>
      )}
      <Button className="button button-small" isDisabled={zoom === null} onPress={() => onZoom(null)}>
        <ZoomOut aria-hidden="true" /> {text.reset}
      </Button>
      {onCsv && (
        <Button className="button button-small" onPress={onCsv}>
          <FileDown aria-hidden="true" /> {text.csv}
        </Button>
      )}
    </div>
  );
}
