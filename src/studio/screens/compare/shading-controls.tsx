/** @file How the words of the answers are coloured, against which column, and what the colours mean. */
import { formatSigned } from '../../text/format';
import { ChoiceInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { type TokenScores } from '../../stores/compare';
import { ownModel } from '../../stores/open-model';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText, type Text } from '../../text/text';
import { answererOf, type Column } from '../../plain/compare/columns';
import { nameOfAnswerer, useColumnName } from './use-column-name';
import { policyOrder, preferredColumn } from '../../plain/compare/policies';
import { shadings } from '../../plain/compare/draft';

/**
 * The columns that can answer now (`answering`), and those of them that have an adapter (`adapted`). The first of the
 * adapted ones scores the tokens unless another is chosen.
 */
export function useAbleColumns(): { readonly answering: readonly Column[]; readonly adapted: readonly Column[] } {
  const fingerprint = useStudioState('model', ownModel)?.fingerprint;
  const runs = useStudioState('library', (state) => state.runs);
  const columns = useStudioState('compare', (state) => state.columns);
  const answerers = columns.map((column) => ({ column, answerer: answererOf(column, runs, fingerprint) }));
  const adapted = answerers.flatMap(({ column, answerer }) =>
    answerer.kind === 'run' ? [{ column, run: answerer.run }] : [],
  );
  return {
    answering: answerers.flatMap(({ column, answerer: { kind } }) =>
      kind === 'base' || kind === 'run' ? [column] : [],
    ),
    adapted: policyOrder(adapted).map(({ column }) => column),
  };
}

function ColumnSelect({
  label,
  columns,
  value,
  onChange,
}: {
  readonly label: string;
  readonly columns: readonly Column[];
  readonly value: string | null;
  readonly onChange: (id: string) => void;
}) {
  const nameOf = useColumnName();
  const chosen = preferredColumn(
    value,
    columns.map(({ id }) => id),
  );
  if (chosen === null || columns.length < 2) return null;
  return (
    <ChoiceInput
      label={label}
      isLabelHidden
      value={chosen}
      options={columns.map((column) => ({ id: column.id, label: nameOf(column) }))}
      onChange={onChange}
    />
  );
}

/** Whether the sum of the log-ratios is a reward, or why that is not told. */
function rewardNote({ beta, isLossKnown }: TokenScores, text: Text['compare']['heat']): string {
  if (!isLossKnown) return text.unknownReward;
  return beta === null ? text.noReward : text.isReward(String(beta));
}

function HeatLegend({ scores, limit }: { readonly scores: TokenScores; readonly limit: number }) {
  const { compare: text } = useText();
  const policy = nameOfAnswerer({ name: scores.policy.run }, scores.policy.strength, text);
  const reference = scores.reference ?? text.columns.base;
  return (
    <div className="heat-legend" data-testid="heat-legend">
      <div className="heat-scale" role="img" aria-label={text.heat.scale(formatSigned(-limit), formatSigned(limit))}>
        <span>{formatSigned(-limit)}</span>
        <span className="heat-bar" aria-hidden="true" />
        <span>{formatSigned(limit)}</span>
      </div>
      <p className="quiet">
        {text.heat.meaning(policy, reference)} {rewardNote(scores, text.heat)}
        {scores.isStandIn && ` ${text.heat.standIn(scores.policy.run)}`}{' '}
        <code className="heat-formula" title={text.heat.formula(policy, reference)}>
          log π(yₜ) − log π_ref(yₜ)
        </code>
      </p>
    </div>
  );
}

export interface ShadingControlsProps {
  readonly scores: TokenScores | null;
  readonly limit: number;
}

export function ShadingControls({ scores, limit }: ShadingControlsProps) {
  const { compare } = useStudio();
  const { compare: text } = useText();
  const shading = useStudioState('compare', (state) => state.shading);
  const from = useStudioState('compare', (state) => state.differencesFrom);
  const scoredBy = useStudioState('compare', (state) => state.scoredBy);
  const isScoring = useStudioState('compare', (state) => state.scoring);
  const { answering, adapted } = useAbleColumns();
  const busy = useBusyReason();
  const cannotScore = adapted.length === 0 || (busy !== null && !isScoring);
  return (
    <div className="shading">
      <div className="shading-row">
        <RadioRow
          label={text.shading}
          value={shading}
          options={shadings.map((id) => ({
            id,
            label: text.shadings[id],
            isDisabled: id === 'tokens' && cannotScore && shading !== 'tokens',
          }))}
          onChange={(id) => compare.getState().setShading(id)}
        />
        {shading === 'differences' && (
          <ColumnSelect
            label={text.differencesFrom}
            columns={answering}
            value={from}
            onChange={(id) => compare.getState().setDifferencesFrom(id)}
          />
        )}
        {shading === 'tokens' && (
          <ColumnSelect
            label={text.heat.scoredBy}
            columns={adapted}
            value={scoredBy}
            onChange={(id) => compare.getState().setScoredBy(id)}
          />
        )}
        {shading === 'tokens' && adapted.length === 0 && <p className="quiet">{text.heat.needsAdapter}</p>}
        {isScoring && (
          <p className="quiet" role="status">
            {text.heat.scoring}
          </p>
        )}
      </div>
      {shading === 'tokens' && scores !== null && <HeatLegend scores={scores} limit={limit} />}
      {shading === 'differences' && <p className="quiet shading-note">{text.differencesNote}</p>}
    </div>
  );
}
