/** @file How long the texts are: the answers as bars, all parts in tokens, and how far length gives the label away. */
import { useMemo } from 'react';
import { countLengths } from '../../../data/checks/histogram';
import { textOf } from '../../../data/checks/text-of';
import { computeStatistics } from '../../../data/statistics';
import { isThere, measureLengths } from '../../plain/data/pair-text';
import { formatCount } from '../../text/format';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';
import { AddPairButton } from './add-pair-button';
import { FindingCard } from './finding-card';
import { LengthBars } from './length-bars';

/** With fewer pairs of unequal length than this, nothing is said about length. */
const enoughPairs = 10;
/**
 * Guessing "the longer answer is chosen" is right by chance in half of the pairs; a share further than this from 0.5 is
 * a warning.
 */
const tolerated = 0.15;

/** Says how often length alone tells the good answer; as a finding where a model could learn it. */
function LengthConfound({ isLocked }: { readonly isLocked: boolean }) {
  const { quality: text } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const statistics = useMemo(() => computeStatistics(rows.map(({ pair }) => pair)), [rows]);
  const { longerIsChosen, chosenLonger, rejectedLonger } = statistics;
  const unequal = chosenLonger + rejectedLonger;
  if (longerIsChosen === null || unequal < enoughPairs)
    return (
      <p className="quiet" data-testid="length-confound">
        {text.confoundUnknown}
      </p>
    );
  const isLonger = longerIsChosen >= 0.5;
  const said = text.confound(isLonger, Math.max(longerIsChosen, 1 - longerIsChosen), unequal);
  if (Math.abs(longerIsChosen - 0.5) <= tolerated)
    return (
      <p className="quiet" data-testid="length-confound">
        {said} {text.confoundIsLittle}
      </p>
    );
  return (
    <ul className="finding-list">
      <FindingCard
        tone="warning"
        name={text.confoundName}
        why={`${said} ${text.confoundRemedy(isLonger)}`}
        actions={<AddPairButton className="button button-small" isLocked={isLocked} />}
        testId="length-confound"
      />
    </ul>
  );
}

/** Shows how long prompts, chosen and rejected answers are in tokens: median, 95th percentile and longest. */
function TokenLengths() {
  const { common, data } = useText();
  const { check: text } = data;
  const check = useStudioState('dataset', (state) => state.check);
  const modelName = useStudioState('model', (state) => state.summary?.name ?? '');
  if (check === null) return null;
  return (
    <table className="numbers">
      <caption>{text.caption(modelName)}</caption>
      <thead>
        <tr>
          <th scope="col">{text.part}</th>
          <th scope="col">{text.median}</th>
          <th scope="col">{text.p95}</th>
          <th scope="col">{text.longest}</th>
        </tr>
      </thead>
      <tbody>
        {measureLengths(check.reports).map(({ part, median, p95, max }) => (
          <tr key={part}>
            <th scope="row">{common[part]}</th>
            <td>{formatCount(median)}</td>
            <td>{formatCount(p95)}</td>
            <td>{formatCount(max)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function LengthPanel({ isLocked }: { readonly isLocked: boolean }) {
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const histogram = useMemo(
    () =>
      reports === null
        ? countLengths(
            rows.map(({ pair }) => textOf(pair.chosen).length).filter(isThere),
            rows.map(({ pair }) => textOf(pair.rejected).length).filter(isThere),
          )
        : countLengths(
            reports.map(({ chosenTokens }) => chosenTokens).filter(isThere),
            reports.map(({ rejectedTokens }) => rejectedTokens).filter(isThere),
          ),
    [rows, reports],
  );
  return (
    <>
      <LengthConfound isLocked={isLocked} />
      <LengthBars histogram={histogram} unit={reports === null ? 'characters' : 'tokens'} />
      <TokenLengths />
    </>
  );
}
