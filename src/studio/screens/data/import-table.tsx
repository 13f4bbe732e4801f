/** @file The first rows of a file that is about to be imported; the use of each column is chosen above it. */
import { isJsonObject } from '../../../core/json';
import { columnRoles } from '../../../data/import/plan';
import { cellText, roleOf, withUse } from '../../plain/data/column-use';
import type { ImportPreview } from '../../stores/dataset';
import { ChoiceInput } from '../shell/fields';
import { useStudio } from '../use-studio';
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

export function ImportTable({ preview }: { readonly preview: ImportPreview }) {
  const { preview: text } = useText().data;
  const said = useSaid();
  const columns = preview.columns.slice(0, shownColumns);
  return (
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
          {preview.table.rows.slice(0, shownRows).map(({ row, value, error }, i) => (
            <tr key={i}>
              <th scope="row" className="number-column">
                {row}
              </th>
              {error !== undefined ? (
                <td colSpan={columns.length}>{said(error)}</td>
              ) : (
                columns.map((column) => (
                  <td key={column} data-use={roleOf(preview.plan, column) ?? 'none'}>
                    <span className="import-cell">{cellText(isJsonObject(value) ? value[column] : value)}</span>
                  </td>
                ))
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
