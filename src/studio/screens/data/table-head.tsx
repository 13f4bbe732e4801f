/** @file The head of the table of pairs: names of its columns, by some of which it is sorted, and "select all". */
import { ArrowDown, ArrowUp } from 'lucide-react';
import type { ReactNode } from 'react';
import { sortedBy, type Sorting, type SortKey } from '../../plain/data/sort-pairs';
import { useText } from '../../text/text';

export interface TableHeadProps {
  readonly sorting: Sorting;
  readonly onSort: (sorting: Sorting) => void;
  /** Of the rows shown: all are selected, some, or none. */
  readonly selection: 'all' | 'some' | 'none';
  readonly onSelectAll: (isSelected: boolean) => void;
  readonly hasSides: boolean;
  readonly hasTokens: boolean;
}

interface SortHeadProps extends Pick<TableHeadProps, 'sorting' | 'onSort'> {
  readonly by: SortKey;
  readonly name: string;
  readonly className: string;
  readonly children?: ReactNode;
}

function SortHead({ by, name, className, sorting, onSort }: SortHeadProps) {
  const { table } = useText().data;
  const isSorted = sorting.by === by;
  const Icon = sorting.isDescending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={className}
      {...(isSorted && { 'aria-sort': sorting.isDescending ? 'descending' : 'ascending' })}
    >
      <button
        type="button"
        className="sort-button"
        title={table.sortBy(name)}
        onClick={() => onSort(sortedBy(sorting, by))}
      >
        {name} {isSorted && <Icon aria-hidden="true" />}
      </button>
    </th>
  );
}

export function TableHead({ sorting, onSort, selection, onSelectAll, hasSides, hasTokens }: TableHeadProps) {
  const {
    common,
    data: { table },
    quality: text,
  } = useText();
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className="select-column">
          <input
            type="checkbox"
            aria-label={table.selectAll}
            title={table.selectAll}
            checked={selection === 'all'}
            ref={(box) => {
              if (box !== null) box.indeterminate = selection === 'some';
            }}
            onChange={({ currentTarget }) => onSelectAll(currentTarget.checked)}
          />
        </th>
        <SortHead by="row" name={text.number} className="number-column" sorting={sorting} onSort={onSort} />
        <th scope="col">{common.prompt}</th>
        <th scope="col">
          <span className="swatch" data-series="chosen" /> {common.chosen}
        </th>
        <th scope="col">
          <span className="swatch" data-series="rejected" /> {common.rejected}
        </th>
        <SortHead
          by="length"
          name={hasTokens ? table.tokens : table.characters}
          className="tokens-column"
          sorting={sorting}
          onSort={onSort}
        />
        {hasSides && <SortHead by="side" name={table.side} className="side-column" sorting={sorting} onSort={onSort} />}
        <th scope="col" className="actions-column">
          <span className="visually-hidden">{text.actions}</span>
        </th>
      </tr>
    </thead>
  );
}
