/**
 * @file One chart: a uPlot canvas under a heading that names each curve and its value (the latest, or the one
 * pointed at). The canvas is for the eye; the same figures are in the table of latest values. Dragging over it zooms.
 */
import { useRef, type RefObject } from 'react';
import { ImageDown, Maximize2, X } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Modal, ModalOverlay } from 'react-aria-components';
import { download, toFileName } from '../../browser/download';
import { formatMetric } from '../../text/format';
import { useStudio } from '../use-studio';
import type { TermId } from '../../text/en/glossary';
import { useText } from '../../text/text';
import { Term } from '../shell/term';
import { drawChartImage, writePng } from './chart-image';
import { colourOf, type AxisLabels, type ChartSize, type Zoom } from './chart-options';
import { useChartCanvas } from './use-chart-canvas';
import type { ChartData, Line } from '../../plain/train/metric-plots';

export interface ChartProps {
  readonly title: string;
  /** The metric's name in TRL, where the title is in plain words. */
  readonly code?: string;
  readonly note?: string | undefined;
  readonly term?: TermId | undefined;
  readonly size: ChartSize;
  readonly axes: AxisLabels;
  readonly data: ChartData;
  /** Range of the y axis; without it, the axis follows the values. */
  readonly range?: readonly [number, number] | undefined;
  /** Height of the dashed line to compare with. */
  readonly reference?: number | undefined;
  /** Charts with the same key share their cursor. */
  readonly syncKey: string;
  readonly zoom: Zoom | null;
  readonly onZoom: (zoom: Zoom | null) => void;
  /** Says a place on the x axis in words, as "step 40". */
  readonly describePlace: (x: number) => string;
  /** The picture's file is named after this and the title. */
  readonly fileName: string;
}

interface CurveValueProps {
  readonly line: Line;
  /** The place that is pointed at; null where none is. */
  readonly pointed: number | null;
}

/** The value where the curve is pointed at, or else where the drawn curve ends. */
function CurveValue({ line: { label, colour, values: raw, smooth }, pointed }: CurveValueProps) {
  const { common } = useText();
  const values = pointed === null ? (smooth ?? raw) : raw;
  const at = pointed ?? values.length - 1;
  // An evaluation holds until the next one, as does a run that has no step where another has.
  const value = values[at] ?? values.slice(0, at + 1).findLast((each) => each !== null);
  return (
    <span className="chart-value" data-series={colour}>
      {label !== null && (
        <span className="chart-label" title={label}>
          {label}
        </span>
      )}
      <span className="chart-number">{value == null ? common.unknown : formatMetric(value)}</span>
    </span>
  );
}

type SaveButtonProps = Pick<ChartProps, 'title' | 'data' | 'fileName'> & {
  /** The element that holds the canvas, which sees the page's colours. */
  readonly host: RefObject<HTMLDivElement | null>;
};

function SaveImageButton({ title, data, fileName, host }: SaveButtonProps) {
  const { train } = useText();
  const { notices } = useStudio();

  async function downloadImage(): Promise<void> {
    const element = host.current;
    const plot = element?.querySelector('canvas') ?? null;
    if (element === null || plot === null) return;
    const colour = (name: string) => colourOf(element, name);
    const captions = data.lines.flatMap((line) =>
      line.label === null ? [] : [{ label: line.label, colour: colour(`--series-${line.colour}`) }],
    );
    try {
      const image = drawChartImage({
        plot,
        title,
        captions,
        ink: colour('--ink'),
        ground: colour('--surface-raised'),
      });
      download(`${toFileName(`${fileName}-${title}`)}.png`, await writePng(image), 'image/png');
    } catch (error) {
      notices.getState().tellFailure(error);
    }
  }

  return (
    <Button className="chart-save" aria-label={train.chart.png(title)} onPress={() => void downloadImage()}>
      <ImageDown aria-hidden="true" />
    </Button>
  );
}

/** The same chart over the whole window; Escape closes it. */
function EnlargeButton(props: ChartProps) {
  const { common, train } = useText();
  const { title } = props;
  return (
    <DialogTrigger>
      <Button className="chart-save chart-enlarge" aria-label={train.chart.enlarge(title)}>
        <Maximize2 aria-hidden="true" />
      </Button>
      <ModalOverlay className="modal-overlay" isDismissable>
        <Modal className="modal modal-chart">
          <Dialog className="popover-body" aria-label={title}>
            <Button className="button button-icon modal-close" slot="close" aria-label={common.close}>
              <X aria-hidden="true" />
            </Button>
            <Chart {...props} size="full" />
          </Dialog>
        </Modal>
      </ModalOverlay>
    </DialogTrigger>
  );
}

export function Chart(props: ChartProps) {
  const { title, code, note, term, data, range, reference, syncKey, size, axes } = props;
  const { zoom, onZoom, describePlace, fileName } = props;
  const host = useRef<HTMLDivElement>(null);
  const pointed = useChartCanvas(host, { data, zoom, onZoom, range, reference, syncKey, size, axes });
  const { train } = useText();
  const isSmoothed = data.lines.some(({ smooth }) => smooth !== null);
  const place = pointed === null ? undefined : data.xs[pointed];
  return (
    <figure className="chart" data-size={size}>
      <figcaption>
        <span className="chart-title">
          {title} {term !== undefined && <Term id={term} />} {code !== undefined && <code>{code}</code>}
        </span>
        <span className="chart-values">
          {data.lines.map((line) => (
            <CurveValue key={line.id} line={line} pointed={pointed} />
          ))}
          {place !== undefined && <span className="chart-step">{describePlace(place)}</span>}
          {isSmoothed && place === undefined && <span className="chart-step">{train.chart.smoothed}</span>}
        </span>
        {size !== 'full' && <EnlargeButton {...props} />}
        <SaveImageButton title={title} data={data} fileName={fileName} host={host} />
      </figcaption>
      <div ref={host} className="chart-canvas" aria-hidden="true" />
      {note !== undefined && <p className="chart-note">{note}</p>}
    </figure>
  );
}
