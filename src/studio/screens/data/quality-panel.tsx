/** @file The checks with their counts and fixes, how far length alone gives the label away, and the lengths as bars. */
import { useMemo } from 'react';
import { CircleCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import { countLengths, type Histogram } from '../../../data/checks/histogram';
import { textOf } from '../../../data/checks/text-of';
import { computeStatistics } from '../../../data/statistics';
import { formatCount } from '../../text/format';
import { goTo } from '../shell/route';
import { findingIds, fixedRows } from '../../stores/quality';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { useFindings } from './use-findings';

/** Fewer pairs of unequal lengths than this say nothing about length. */
const enoughPairs = 10;
/** From 0.5, how far the share of right guesses may be before it is a warning. */
const tolerated = 0.15;

function Checks({ isLocked }: { readonly isLocked: boolean }) {
  const { quality } = useStudio();
  const { quality: text } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const found = useStudioState('quality', (state) => state.found);
  const filter = useStudioState('quality', (state) => state.filter);
  const check = useStudioState('dataset', (state) => state.check);
  const findings = useFindings();
  if (found === null || found.rows !== rows)
    return (
      <p className="quiet" role="status">
        {text.checking}
      </p>
    );
  const failed = findingIds.filter((id) => (findings[id]?.length ?? 0) > 0);
  if (failed.length === 0) {
    return (
      <p className="good" role="status">
        <CircleCheck aria-hidden="true" /> {text.clean(rows.length)}
      </p>
    );
  }
  return (
    <table className="numbers checks" data-testid="checks">
      <caption className="visually-hidden">{text.label}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">{text.check}</th>
          <th scope="col">{text.count}</th>
          <th scope="col">{text.actions}</th>
        </tr>
      </thead>
      <tbody>
        {failed.map((id) => (
          <tr key={id}>
            <th scope="row">
              {text.checks[id].name}
              <span className="check-why">{text.checks[id].why}</span>
            </th>
            <td>{formatCount(findings[id]?.length ?? 0)}</td>
            <td>
              <span className="check-actions">
                <Button
                  className="button button-small"
                  aria-label={text.showAll(text.checks[id].name)}
                  aria-pressed={filter === id}
                  onPress={() => quality.getState().setFilter(filter === id ? 'all' : id)}
                >
                  {filter === id ? text.showEvery : text.show}
                </Button>
                {id === 'noEnd' && (
                  <Button className="button button-small" onPress={() => goTo('models')}>
                    {text.checks[id].fix}
                  </Button>
                )}
                {fixedRows({ rows, check }, found, id) !== rows && (
                  <Button
                    className="button button-small"
                    isDisabled={isLocked}
                    aria-label={text.fixAll(text.checks[id].name, text.checks[id].fix)}
                    onPress={() => void quality.getState().fix(id)}
                  >
                    {text.checks[id].fix}
                  </Button>
                )}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const [barWidth, chartHeight] = [10, 60];

function Bars({
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

export function QualityPanel({ isLocked }: { readonly isLocked: boolean }) {
  const { quality: text } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const statistics = useMemo(() => computeStatistics(rows.map(({ pair }) => pair)), [rows]);
  const histogram = useMemo(
    () =>
      reports === null
        ? countLengths(
            rows.map(({ pair }) => textOf(pair.chosen).length),
            rows.map(({ pair }) => textOf(pair.rejected).length),
          )
        : countLengths(
            reports.map(({ chosenTokens }) => chosenTokens),
            reports.map(({ rejectedTokens }) => rejectedTokens),
          ),
    [rows, reports],
  );
  const { longerIsChosen, chosenLonger, rejectedLonger } = statistics;
  const unequal = chosenLonger + rejectedLonger;
  const isKnown = longerIsChosen !== null && unequal >= enoughPairs;
  const isWarning = isKnown && Math.abs(longerIsChosen - 0.5) > tolerated;
  return (
    <div className="quality" data-testid="quality">
      <div className="quality-checks">
        <Checks isLocked={isLocked} />
      </div>
      <div className="quality-lengths">
        <Bars histogram={histogram} unit={reports === null ? 'characters' : 'tokens'} />
        <p className={isWarning ? 'obstacle' : 'quiet'} data-testid="length-confound">
          {isKnown
            ? text.confound(longerIsChosen >= 0.5, Math.max(longerIsChosen, 1 - longerIsChosen), unequal, isWarning)
            : text.confoundUnknown}
        </p>
      </div>
    </div>
  );
}
