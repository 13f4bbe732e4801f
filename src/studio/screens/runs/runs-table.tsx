/** @file The list of runs as a table: a column a figure, sorted by the head that was pressed; pinned runs first. */
import { ArrowDown, ArrowUp, Pin } from 'lucide-react';
import { Checkbox, ToggleButton } from 'react-aria-components';
import { endOf } from '../../plain/runs/run-end';
import type { Run } from '../../plain/runs/run';
import { pressed, type RunOrder, type SortColumn } from '../../plain/runs/sort-runs';
import { formatDate, formatDuration, formatMetric, formatShare } from '../../text/format';
import { describeTemplate } from '../../text/describe-template';
import { useText } from '../../text/text';
import { HandOverButton } from '../hand-over/hand-over-button';
import { Curve } from '../shell/curve';
import { addressOfRun } from '../shell/route';
import { useStudio, useStudioState } from '../use-studio';
import { DeleteRunButton } from './run-actions';
import { RunTags } from './run-heading';

const figures: readonly SortColumn[] = ['evalLoss', 'evalAccuracy', 'loss', 'margin', 'reward', 'steps', 'time'];
const columns: readonly SortColumn[] = ['name', 'dataset', ...figures, 'started'];

function CompareCheckbox({ run }: { readonly run: Run }) {
  const { library } = useStudio();
  const { comparison: text } = useText().runs;
  const compared = useStudioState('library', (state) => state.compared);
  return (
    <Checkbox
      className="checkbox"
      aria-label={text.choose(run.name)}
      isSelected={compared.includes(run.id)}
      onChange={(isChosen) =>
        library.getState().setCompared([...compared.filter((id) => id !== run.id), ...(isChosen ? [run.id] : [])])
      }
    >
      <span className="checkbox-box" aria-hidden="true" />
    </Checkbox>
  );
}

function PinButton({ run }: { readonly run: Run }) {
  const { library } = useStudio();
  const { runs: text } = useText();
  const pinned = useStudioState('library', (state) => state.pinned);
  return (
    <ToggleButton
      className="button button-icon pin"
      aria-label={text.pin(run.name)}
      isSelected={pinned.includes(run.id)}
      onChange={(isPinned) =>
        library.getState().setPinned([...pinned.filter((id) => id !== run.id), ...(isPinned ? [run.id] : [])])
      }
    >
      <Pin aria-hidden="true" />
    </ToggleButton>
  );
}

interface RowProps {
  readonly run: Run;
  readonly isOtherModel: boolean;
  /** Whether the table has the column of the reward. */
  readonly hasReward: boolean;
}

function RunRow({ run, isOtherModel, hasReward }: RowProps) {
  const text = useText();
  const { common, runs } = text;
  const end = endOf(run);
  const metric = (value: number | null | undefined) => (value == null ? common.unknown : formatMetric(value));
  return (
    <tr aria-label={runs.label(run.name)} data-status={run.status} data-testid="run-card">
      <td>
        <CompareCheckbox run={run} />
      </td>
      <td className="run-name">
        <a href={addressOfRun(run.id)} aria-label={runs.open(run.name)}>
          {run.name}
        </a>{' '}
        <RunTags run={run} />
        <p className="quiet">
          {run.modelName}
          {isOtherModel && ` ${runs.otherModel}`}
        </p>
      </td>
      <td className="run-data">
        {run.dataset ?? common.unknown}
        {run.template !== undefined && <p className="quiet">{describeTemplate(run.template, text)}</p>}
      </td>
      <td className="number">{metric(run.finalEvalLoss)}</td>
      <td className="number">
        {run.finalEvalAccuracy === undefined ? common.unknown : formatShare(run.finalEvalAccuracy)}
      </td>
      <td className="number run-loss">
        <Curve curve={run.curve} />
        <span>{metric(run.finalLoss)}</span>
      </td>
      <td className="number">{metric(run.finalMargin)}</td>
      {hasReward && <td className="number">{metric(run.finalReward)}</td>}
      <td className="number run-steps">
        {runs.steps(end)}
        {end.kept !== null && <p className="quiet">{runs.stepKept(end.kept)}</p>}
      </td>
      <td className="number run-time">{formatDuration(run.seconds)}</td>
      <td>{formatDate(run.startedAt)}</td>
      <td className="run-actions">
        <PinButton run={run} />
        <HandOverButton run={run} isIcon />
        <DeleteRunButton run={run} />
      </td>
    </tr>
  );
}

function Head({ column, order }: { readonly column: SortColumn; readonly order: RunOrder }) {
  const { library } = useStudio();
  const { columns: names } = useText().runs;
  const isChosen = order.by === column;
  const Arrow = order.isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={figures.includes(column) ? 'number' : undefined}
      aria-sort={isChosen ? (order.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button
        type="button"
        className="sort-button"
        onClick={() => library.getState().setList({ order: pressed(order, column) })}
      >
        {names[column]}
        {isChosen && <Arrow aria-hidden="true" />}
      </button>
    </th>
  );
}

/** Chooses all runs that are shown, or none. */
function ChooseAllCheckbox({ shown }: { readonly shown: readonly Run[] }) {
  const { library } = useStudio();
  const { list: text } = useText().runs;
  const compared = useStudioState('library', (state) => state.compared);
  const chosen = shown.filter(({ id }) => compared.includes(id)).length;
  const others = compared.filter((id) => shown.every((run) => run.id !== id));
  return (
    <Checkbox
      className="checkbox"
      aria-label={text.chooseAll}
      isSelected={chosen > 0 && chosen === shown.length}
      isIndeterminate={chosen > 0 && chosen < shown.length}
      isDisabled={shown.length === 0}
      onChange={(isAll) => library.getState().setCompared([...others, ...(isAll ? shown.map(({ id }) => id) : [])])}
    >
      <span className="checkbox-box" aria-hidden="true" />
    </Checkbox>
  );
}

/** The runs that are shown, in their order. */
export function RunsTable({ shown }: { readonly shown: readonly Run[] }) {
  const { runs: text } = useText();
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const order = useStudioState('library', (state) => state.list.order);
  // Only runs on answers of their own have one, and the room is scarce.
  const hasReward = shown.some(({ finalReward }) => finalReward != null);
  return (
    <div className="table-scroll runs-scroll" tabIndex={0} role="region" aria-label={text.table}>
      <table className="runs-table">
        <thead>
          <tr>
            <th scope="col">
              <ChooseAllCheckbox shown={shown} />
            </th>
            {columns
              .filter((column) => column !== 'reward' || hasReward)
              .map((column) => (
                <Head key={column} column={column} order={order} />
              ))}
            <th scope="col">
              <span className="visually-hidden">{text.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {shown.map((run) => (
            <RunRow
              key={run.id}
              run={run}
              isOtherModel={fingerprint !== undefined && run.modelFingerprint !== fingerprint}
              hasReward={hasReward}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
