/** @file The list of runs as a table: a column a figure, sorted by the head that was pressed. */
import { ArrowDown, ArrowUp } from 'lucide-react';
import { useState } from 'react';
import { Checkbox } from 'react-aria-components';
import { polylineOf } from '../../plain/runs/curve';
import { endOf } from '../../plain/runs/run-end';
import type { Run } from '../../plain/runs/run';
import { firstOrder, pressed, sortRuns, type RunOrder, type SortColumn } from '../../plain/runs/sort-runs';
import { formatDate, formatDuration, formatMetric } from '../../text/format';
import { describeTemplate } from '../../text/describe-template';
import { useText } from '../../text/text';
import { addressOfRun } from '../shell/route';
import { useStudio, useStudioState } from '../use-studio';
import { DeleteRunButton, DownloadAdapterButton } from './run-actions';
import { RunTags } from './run-heading';

const columns: readonly SortColumn[] = ['name', 'dataset', 'evalLoss', 'loss', 'margin', 'steps', 'time', 'started'];
const figures: readonly SortColumn[] = ['evalLoss', 'loss', 'margin', 'steps', 'time'];

const [curveWidth, curveHeight] = [72, 20];

/** The loss over the run, beside its figure, which says the same in words. */
function Curve({ curve = [] }: Pick<Run, 'curve'>) {
  if (curve.length < 2) return null;
  return (
    <svg className="curve" viewBox={`-1 -1 ${curveWidth + 2} ${curveHeight + 2}`} aria-hidden="true">
      <polyline points={polylineOf(curve, curveWidth, curveHeight)} />
    </svg>
  );
}

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

function RunRow({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const text = useText();
  const { common, runs } = text;
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
      <td className="number run-loss">
        <Curve {...(run.curve && { curve: run.curve })} />
        {metric(run.finalLoss)}
      </td>
      <td className="number">{metric(run.finalMargin)}</td>
      <td className="number">{runs.steps(endOf(run))}</td>
      <td className="number">{formatDuration(run.seconds)}</td>
      <td>{formatDate(run.startedAt)}</td>
      <td className="run-actions">
        <DownloadAdapterButton run={run} isIcon />
        <DeleteRunButton run={run} />
      </td>
    </tr>
  );
}

interface HeadProps {
  readonly column: SortColumn;
  readonly order: RunOrder;
  readonly onOrder: (order: RunOrder) => void;
}

function Head({ column, order, onOrder }: HeadProps) {
  const { columns: names } = useText().runs;
  const isChosen = order.by === column;
  const Arrow = order.isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={figures.includes(column) ? 'number' : undefined}
      aria-sort={isChosen ? (order.isDescending ? 'descending' : 'ascending') : undefined}
    >
      <button type="button" className="sort-button" onClick={() => onOrder(pressed(order, column))}>
        {names[column]}
        {isChosen && <Arrow aria-hidden="true" />}
      </button>
    </th>
  );
}

export function RunsTable({ runs }: { readonly runs: readonly Run[] }) {
  const { runs: text } = useText();
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const [order, setOrder] = useState(firstOrder);
  return (
    <div className="table-scroll runs-scroll" tabIndex={0} role="region" aria-label={text.table}>
      <table className="runs-table">
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">{text.comparison.short}</span>
            </th>
            {columns.map((column) => (
              <Head key={column} column={column} order={order} onOrder={setOrder} />
            ))}
            <th scope="col">
              <span className="visually-hidden">{text.actions}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sortRuns(runs, order).map((run) => (
            <RunRow
              key={run.id}
              run={run}
              isOtherModel={fingerprint !== undefined && run.modelFingerprint !== fingerprint}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}
