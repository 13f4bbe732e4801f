/** @file The first rows of a file that is about to be imported; the use of each column is chosen above it. */
import { useState } from 'react';
import { isJsonObject } from '../../../core/json';
import { columnRoles } from '../../../data/import/plan';
import { cellText, roleOf, wholeText, withUse } from '../../plain/data/column-use';
import type { ImportPreview } from '../../stores/dataset';
import { ChoiceInput } from '../shell/fields';
import { useStudio } from '../use-studio';
import { Stepper } from './stepper';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

const shownRows = 5;
/** Columns beyond these are named as not used, and are too many to be looked at. */
const shownColumns = 40;
const notUsed = '';

function ColumnHead({
  preview: { plan, table },
  column,
}: {
  readonly preview: ImportPreview;
  readonly column: string;
}) {
  const { dataset } = useStudio();
  const { preview: text } = useText().data;
  const roles = columnRoles[plan.shape];
  const use = roleOf(plan, column);
  return (
    <th scope="col" data-use={use ?? 'none'}>
      <span className="column-name">{column}</span>
      {roles.length > 0 && (
        <ChoiceInput
          isLabelHidden
          label={text.useOf(column)}
          value={use ?? notUsed}
          options={[{ id: notUsed, label: text.notUsed }, ...roles.map((id) => ({ id, label: text.uses[id] }))]}
          onChange={(id) => {
            const role = roles.find((candidate) => candidate === id) ?? null;
            dataset.getState().planImport(withUse(plan, column, role, table));
          }}
        />
      )}
    </th>
  );
}

/** A value cut to a few lines; the whole of it is its tooltip. */
function Cell({ value }: { readonly value: unknown }) {
  return (
    <span className="import-cell" title={wholeText(value)}>
      {cellText(value)}
    </span>
  );
}

function RowSteps({ from, total, onStep }: { from: number; total: number; onStep: (from: number) => void }) {
  const { preview: text } = useText().data;
  const end = Math.min(from + shownRows, total);
  return (
    <Stepper
      place={text.rowsOf(from + 1, end, total)}
      names={{ previous: text.previousRows, next: text.nextRows }}
      previous={from === 0 ? null : () => onStep(Math.max(0, from - shownRows))}
      next={end >= total ? null : () => onStep(end)}
    />
  );
}

export function ImportTable({ preview }: { readonly preview: ImportPreview }) {
  const { preview: text } = useText().data;
  const said = useSaid();
  const [from, setFrom] = useState(0);
  const columns = preview.columns.slice(0, shownColumns);
  const { rows } = preview.table;
  return (
    <>
      <div className="import-table" tabIndex={0} role="region" aria-label={text.firstRows}>
        <table>
          <thead>
            <tr>
              <th scope="col" className="number-column">
                {text.row}
              </th>
              {columns.map((column) => (
                <ColumnHead key={column} preview={preview} column={column} />
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(from, from + shownRows).map(({ row, value, error }, i) => (
              <tr key={i}>
                <th scope="row" className="number-column">
                  {row}
                </th>
                {error !== undefined ? (
                  <td colSpan={columns.length}>{said(error)}</td>
                ) : (
                  columns.map((column) => (
                    <td key={column} data-use={roleOf(preview.plan, column) ?? 'none'}>
                      <Cell value={isJsonObject(value) ? value[column] : value} />
                    </td>
                  ))
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <RowSteps from={from} total={rows.length} onStep={setFrom} />
    </>
  );
}
