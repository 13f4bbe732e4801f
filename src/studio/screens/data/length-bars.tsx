/** @file The lengths of chosen and rejected answers as bars side by side, by how many pairs have them, with axes. */
import { ticksOf, type Histogram } from '../../../data/checks/histogram';
import { formatCount } from '../../text/format';
import { useText } from '../../text/text';

/** Sizes in units of the picture, which is stretched to the width of its place. */
const [barWidth, chartHeight] = [10, 60];

interface LengthBarsProps {
  readonly histogram: Histogram;
  readonly unit: 'tokens' | 'characters';
}

function Bars({ histogram: { width, chosen, rejected }, most }: Pick<LengthBarsProps, 'histogram'> & { most: number }) {
  const { quality: text } = useText();
  const bar = (series: 'chosen' | 'rejected', counts: readonly number[], shift: number) =>
    counts.map((count, i) => (
      <rect
        key={`${series}${i}`}
        data-series={series}
        x={i * barWidth + shift}
        width={barWidth / 2 - 1}
        y={chartHeight - (count / most) * chartHeight}
        height={(count / most) * chartHeight}
      />
    ));
  return (
    <svg
      viewBox={`0 0 ${chosen.length * barWidth} ${chartHeight}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={text.lengthsAlt(width, chosen.length * width)}
    >
      {bar('chosen', chosen, 0.5)}
      {bar('rejected', rejected, barWidth / 2 + 0.5)}
    </svg>
  );
}

export function LengthBars({ histogram, unit }: LengthBarsProps) {
  const { common, quality: text } = useText();
  const { width, chosen, rejected } = histogram;
  const most = Math.max(1, ...chosen, ...rejected);
  const end = chosen.length * width;
  return (
    <figure className="lengths">
      <figcaption>
        {text.lengths[unit]}
        <span className="lengths-key">
          {(['chosen', 'rejected'] as const).map((part) => (
            <span key={part}>
              <span className="swatch" data-series={part} /> {common[part]}
            </span>
          ))}
        </span>
      </figcaption>
      <span className="lengths-most" aria-hidden="true">
        {common.pairs(most)}
      </span>
      <Bars histogram={histogram} most={most} />
      <div className="lengths-axis" aria-hidden="true">
        {ticksOf(histogram).map((at) => (
          <span key={at} style={{ insetInlineStart: `${(at / end) * 100}%` }}>
            {formatCount(at)}
          </span>
        ))}
      </div>
      <p className="lengths-unit" aria-hidden="true">
        {text.units[unit]}
      </p>
    </figure>
  );
}
