/** @file The checks with their counts and fixes, how far length alone gives the label away, and the lengths as bars. */
import { useMemo } from 'react';
import { countLengths } from '../../../data/checks/histogram';
import { textOf } from '../../../data/checks/text-of';
import { computeStatistics } from '../../../data/statistics';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { LengthBars } from './length-bars';
import { QualityChecks } from './quality-checks';

/** With fewer pairs of unequal length than this, nothing is said about length. */
const enoughPairs = 10;
/**
 * Guessing "the longer answer is chosen" is right by chance in half of the pairs; a share further than this from 0.5 is
 * a warning.
 */
const tolerated = 0.15;

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
        <QualityChecks isLocked={isLocked} />
      </div>
      <div className="quality-lengths">
        <LengthBars histogram={histogram} unit={reports === null ? 'characters' : 'tokens'} />
        <p className={isWarning ? 'obstacle' : 'quiet'} data-testid="length-confound">
          {isKnown
            ? text.confound(longerIsChosen >= 0.5, Math.max(longerIsChosen, 1 - longerIsChosen), unequal, isWarning)
            : text.confoundUnknown}
        </p>
      </div>
    </div>
  );
}
