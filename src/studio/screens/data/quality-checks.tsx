/** @file What the checks found among the pairs: a card a finding, with its count, what shows it and what mends it. */
import { useMemo } from 'react';
import { CircleCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import { pieceShare } from '../../../data/checks/token-checks';
import type { PairReport } from '../../../run/reports';
import { goTo } from '../shell/route';
import { findingIds, fixedRows, type FindingId } from '../../stores/quality';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { FindingCard } from './finding-card';
import { useFindings } from './use-findings';

interface FindingProps {
  readonly id: FindingId;
  readonly isLocked: boolean;
}

function FindingActions({ id, isLocked }: FindingProps) {
  const { quality } = useStudio();
  const { quality: text } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const check = useStudioState('dataset', (state) => state.check);
  const found = useStudioState('quality', (state) => state.found);
  const isShown = useStudioState('quality', (state) => state.filter === id);
  const { name, fix } = text.checks[id];
  return (
    <>
      <Button
        className="button button-small"
        aria-label={text.showAll(name)}
        aria-pressed={isShown}
        onPress={() => quality.getState().setFilter(isShown ? 'all' : id)}
      >
        {isShown ? text.showEvery : text.show}
      </Button>
      {(id === 'noEnd' || id === 'unwritable') && (
        <Button className="button button-small" onPress={() => goTo('models')}>
          {fix}
        </Button>
      )}
      {found !== null && fixedRows({ rows, check }, found, id) !== rows && (
        <Button
          className="button button-small"
          isDisabled={isLocked}
          aria-label={text.fixAll(name, fix)}
          onPress={() => void quality.getState().fix(id)}
        >
          {fix}
        </Button>
      )}
    </>
  );
}

const noReports: readonly PairReport[] = [];

/** What training leaves out, or what makes a pair worthless, is an error. */
const errors: readonly FindingId[] = ['leftOut', 'unwritable', 'emptyAnswer', 'identicalAnswers', 'contradiction'];

export function QualityChecks({ isLocked }: { readonly isLocked: boolean }) {
  const { quality: text } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const isChecked = useStudioState('quality', (state) => state.found?.rows === rows);
  const findings = useFindings();
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? noReports);
  const share = useMemo(() => pieceShare(reports, findings.unwritable ?? []), [reports, findings]);
  if (!isChecked)
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
    <ul className="finding-list" aria-label={text.label} data-testid="checks">
      {failed.map((id) => (
        <FindingCard
          key={id}
          name={text.checks[id].name}
          count={findings[id]?.length ?? 0}
          why={id === 'unwritable' ? text.unwritableWhy(share) : text.checks[id].why}
          tone={errors.includes(id) ? 'error' : 'warning'}
          actions={<FindingActions id={id} isLocked={isLocked} />}
        />
      ))}
    </ul>
  );
}
