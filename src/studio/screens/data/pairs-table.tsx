/**
 * @file The pairs in a table that lays out only the rows in view, with search and filter. Always shown as text. All
 * rows are of one height; React Aria's Virtualizer would first build a collection of every cell, seconds for ten
 * thousand pairs.
 */
import { useState, type UIEvent } from 'react';
import { unsorted } from '../../plain/data/sort-pairs';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { PairDialog } from './pair-dialog';
import { PairFilters } from './pair-filters';
import { PairRow, type OpenedPair } from './pair-row';
import { SelectionBar } from './selection-bar';
import { TableHead } from './table-head';
import { useFindings } from './use-findings';
import { useSelection, type Selection } from './use-selection';
import { useShownPairs } from './use-shown-pairs';
import { useSideOf } from './use-side-of';

/** Height of every row in CSS pixels, as pairs.css has it; it makes it arithmetic which rows are in view. */
const rowHeight = 46;
/** Most that the table's window is high, in CSS pixels, as pairs.css has it; what it is, is told by scrolling. */
const mostHeight = 760;
/** Rows laid out above the window and again below it. */
const spareRows = 6;
/** While scrolling, rows are laid out anew only after so many of them. */
const rowsAtOnce = 4;

interface PairRowsProps {
  /** Indices of the rows that are shown, in their order. */
  readonly visible: readonly number[];
  /** Position in `visible` of the first row that is laid out. */
  readonly first: number;
  /** Height of the table's window in CSS pixels. */
  readonly height: number;
  readonly selection: Selection;
  readonly isLocked: boolean;
  readonly onOpen: (opened: OpenedPair) => void;
}

/** Lays out the rows in view between two empty rows, which are as high as all those above and below. */
function PairRows({ visible, first, height, selection, isLocked, onOpen }: PairRowsProps) {
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const sideOf = useSideOf();
  const inView = visible.slice(first, first + Math.ceil(height / rowHeight) + rowsAtOnce + 2 * spareRows);
  return (
    <tbody>
      <tr aria-hidden="true" style={{ blockSize: first * rowHeight }} />
      {inView.map((index, nth) => (
        <PairRow
          key={index}
          index={index}
          ariaRow={first + nth + 2}
          row={rows[index]!}
          report={reports?.[index]}
          side={sideOf(rows[index]!.pair)}
          isSelected={selection.selected.has(rows[index]!)}
          isLocked={isLocked}
          onOpen={onOpen}
          onToggle={selection.toggle}
        />
      ))}
      <tr aria-hidden="true" style={{ blockSize: Math.max(0, visible.length - first - inView.length) * rowHeight }} />
    </tbody>
  );
}

/** Of the rows shown: all are selected, some, or none. */
function extentOf(selected: number, ofShown: number, shown: number): 'all' | 'some' | 'none' {
  if (shown > 0 && ofShown === shown) return 'all';
  return selected > 0 ? 'some' : 'none';
}

/** Which row is the first that is laid out, and how high the table's window is, as it is scrolled. */
function useWindow(rows: number) {
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(mostHeight);
  return {
    first: Math.max(0, Math.min(top, rows - 1) - spareRows),
    height,
    onScroll: ({ currentTarget }: UIEvent<HTMLElement>) => {
      setTop(Math.floor(currentTarget.scrollTop / rowHeight / rowsAtOnce) * rowsAtOnce);
      setHeight(currentTarget.clientHeight);
    },
  };
}

export function PairsTable({ isLocked }: { readonly isLocked: boolean }) {
  const {
    data: { table },
    quality: text,
  } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const hasSides = useStudioState('dataset', (state) => state.split !== null);
  const hasTokens = useStudioState('dataset', (state) => state.check !== null);
  const findings = useFindings();
  const [sorting, setSorting] = useState(unsorted);
  const visible = useShownPairs(sorting);
  const selection = useSelection(rows, visible);
  const { selected, replace } = selection;
  const ofShown = selected.size === 0 ? 0 : visible.filter((index) => selected.has(rows[index]!)).length;
  const { first, height, onScroll } = useWindow(visible.length);
  const [opened, setOpened] = useState<OpenedPair | null>(null);

  return (
    <div className="pairs">
      <PairFilters findings={findings} />
      <SelectionBar shown={visible.length} selected={selected} isLocked={isLocked} onClear={() => replace([])} />
      <div
        className="virtual-table"
        role="region"
        aria-label={table.label}
        tabIndex={0}
        data-testid="pairs-table"
        onScroll={onScroll}
      >
        <table aria-rowcount={visible.length + 1}>
          <TableHead
            sorting={sorting}
            onSort={setSorting}
            selection={extentOf(selected.size, ofShown, visible.length)}
            onSelectAll={(isSelected) => replace(isSelected ? visible.map((index) => rows[index]!) : [])}
            hasSides={hasSides}
            hasTokens={hasTokens}
          />
          <PairRows
            visible={visible}
            first={first}
            height={height}
            selection={selection}
            isLocked={isLocked}
            onOpen={setOpened}
          />
        </table>
        {visible.length === 0 && <p className="quiet table-empty">{text.noneShown}</p>}
      </div>
      {opened !== null && (
        <PairDialog
          opened={opened}
          shown={visible}
          isLocked={isLocked}
          onOpen={setOpened}
          onClose={() => setOpened(null)}
        />
      )}
    </div>
  );
}
