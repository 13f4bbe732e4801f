/** @file The lengths of chosen and rejected answers as bars side by side, by how many pairs have them. */
import type { Histogram } from '../../../data/checks/histogram';
import { formatCount } from '../../text/format';
import { useText } from '../../text/text';

/** Sizes in units of the picture, which is stretched to the width of its place. */
const [barWidth, chartHeight] = [10, 60];

export function LengthBars({
  histogram: { width, chosen, rejected },
  unit,
}: {
  readonly histogram: Histogram;
  readonly unit: 'tokens' | 'characters';
}) {
  const { common, quality: text } = useText();
  const most = Math.max(1, ...chosen, ...rejected);
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
    <figure className="lengths">
      <figcaption>{text.lengths[unit]}</figcaption>
      <svg
        viewBox={`0 0 ${chosen.length * barWidth} ${chartHeight}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={text.lengthsAlt(width, chosen.length * width)}
      >
        {bar('chosen', chosen, 0.5)}
        {bar('rejected', rejected, barWidth / 2 + 0.5)}
      </svg>
      <div className="lengths-axis">
        <span>0</span>
        <span>{formatCount(chosen.length * width)}</span>
      </div>
      <div className="lengths-key">
        {(['chosen', 'rejected'] as const).map((part) => (
          <span key={part}>
            <span className="swatch" data-series={part} /> {common[part]}
          </span>
        ))}
      </div>
    </figure>
  );
}
