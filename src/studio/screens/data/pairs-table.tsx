/**
 * @file The pairs in a table that lays out only the rows in view, with search and filter. Always shown as text. All
 * rows are of one height; React Aria's Virtualizer would first build a collection of every cell, seconds for ten
 * thousand pairs.
 */
import { useMemo, useState } from 'react';
import { visibleRows } from '../../stores/quality';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { EditDialog } from './edit-dialog';
import { PairFilters } from './pair-filters';
import { PairRow, placeOfPair, type OpenedPair } from './pair-row';
import { useSideOf } from './use-side-of';
import { TokenDialog } from './token-dialog';
import { useFindings } from './use-findings';

/** Height of every row in CSS pixels, as data.css has it; it makes it arithmetic which rows are in view. */
const rowHeight = 38;
/** Most that the table's window is high, in CSS pixels, as data.css has it. */
const viewHeight = 760;
/** Rows laid out above the window and again below it. */
const spareRows = 8;
/** While scrolling, rows are laid out anew only after so many of them. */
const rowsAtOnce = 4;

function TableHead() {
  const {
    common,
    data: { table },
    quality: text,
  } = useText();
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th scope="col" className="number-column">
          {text.number}
        </th>
        <th scope="col">{common.prompt}</th>
        <th scope="col">
          <span className="swatch" data-series="chosen" /> {common.chosen}
        </th>
        <th scope="col">
          <span className="swatch" data-series="rejected" /> {common.rejected}
        </th>
        <th scope="col" className="tokens-column">
          {table.tokens}
        </th>
        <th scope="col" className="actions-column">
          <span className="visually-hidden">{text.actions}</span>
        </th>
      </tr>
    </thead>
  );
}

interface PairRowsProps {
  /** Indices of the rows that search and filter leave. */
  readonly visible: readonly number[];
  /** Position in `visible` of the first row that is laid out. */
  readonly first: number;
  readonly isLocked: boolean;
  readonly onOpen: (opened: OpenedPair) => void;
}

/** Lays out the rows in view between two empty rows, which are as high as all those above and below. */
function PairRows({ visible, first, isLocked, onOpen }: PairRowsProps) {
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const sideOf = useSideOf();
  const inView = visible.slice(first, first + Math.ceil(viewHeight / rowHeight) + rowsAtOnce + 2 * spareRows);
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
          isLocked={isLocked}
          onOpen={onOpen}
        />
      ))}
      <tr aria-hidden="true" style={{ blockSize: Math.max(0, visible.length - first - inView.length) * rowHeight }} />
    </tbody>
  );
}

interface OpenedPairDialogProps {
  readonly opened: OpenedPair;
  readonly isLocked: boolean;
  readonly onClose: () => void;
}

function OpenedPairDialog({ opened: { row, number, what }, isLocked, onClose }: OpenedPairDialogProps) {
  const { dataset } = useStudio();
  const text = useText();
  const sideOf = useSideOf();
  const isGone = useStudioState('dataset', (state) => !state.rows.includes(row));
  if (what === 'tokens') return <TokenDialog number={number} pair={row.pair} onClose={onClose} />;
  return (
    <EditDialog
      number={number}
      place={placeOfPair(row, sideOf(row.pair), text)}
      pair={row.pair}
      isLocked={isLocked}
      isGone={isGone}
      onClose={onClose}
      onSave={(pair) => {
        onClose();
        void dataset.getState().edit(row, pair);
      }}
    />
  );
}

export function PairsTable({ isLocked }: { readonly isLocked: boolean }) {
  const {
    data: { table },
    quality: text,
  } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const filter = useStudioState('quality', (state) => state.filter);
  const search = useStudioState('quality', (state) => state.search);
  const findings = useFindings();
  const visible = useMemo(
    () => visibleRows(rows, filter, search, findings, split),
    [rows, filter, search, findings, split],
  );
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.min(top, visible.length - 1) - spareRows);
  const [opened, setOpened] = useState<OpenedPair | null>(null);

  return (
    <div className="pairs">
      <PairFilters shown={visible.length} total={rows.length} findings={findings} />
      <div
        className="virtual-table"
        role="region"
        aria-label={table.label}
        tabIndex={0}
        data-testid="pairs-table"
        onScroll={({ currentTarget }) =>
          setTop(Math.floor(currentTarget.scrollTop / rowHeight / rowsAtOnce) * rowsAtOnce)
        }
      >
        <table aria-rowcount={visible.length + 1}>
          <TableHead />
          <PairRows visible={visible} first={first} isLocked={isLocked} onOpen={setOpened} />
        </table>
        {visible.length === 0 && <p className="quiet table-empty">{text.noneShown}</p>}
      </div>
      {opened !== null && <OpenedPairDialog opened={opened} isLocked={isLocked} onClose={() => setOpened(null)} />}
    </div>
  );
}
