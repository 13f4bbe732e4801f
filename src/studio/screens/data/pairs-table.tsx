/**
 * @file The pairs in a table that lays out only the rows in view, with search and filter. Always shown as text. All
 * rows are of one height; React Aria's Virtualizer would first build a collection of every cell, seconds for ten
 * thousand pairs.
 */
import { memo, useMemo, useState } from 'react';
import { Pencil, ScanText, Trash2 } from 'lucide-react';
import { isEvaluation, type Split } from '../../../data/split';
import { ChoiceInput, TextInput } from '../shell/fields';
import { findingIds, visibleRows, type Findings, type RowFilter } from '../../stores/quality';
import { useStudio, useStudioState } from '../use-studio';
import { useText, type Text } from '../../text/text';
import type { DatasetRow } from '../../../storage/records';
import type { PairReport } from '../../../worker/protocol';
import { useFindings } from './use-findings';
import { EditDialog } from './edit-dialog';
import { textsOf } from '../../plain/data/pair-text';
import { TokenDialog } from './token-dialog';

/** Of every row, in CSS pixels, as data.css has it: which rows are in view is arithmetic. */
const rowHeight = 38;
const viewHeight = 432;
/** Rows laid out above and below the view; while scrolling, rows change a few at a time. */
const spareRows = 8;
const rowsAtOnce = 4;
/** A row shows one line; a text of a megabyte must not become one. */
const shownCharacters = 300;

interface Opened {
  readonly row: DatasetRow;
  readonly number: number;
  readonly what: 'edit' | 'tokens';
}

/** Where the pair stands in its file, and on which side of the split. */
function placeOf({ pair, row, file }: DatasetRow, split: Split | null, { data, quality }: Text): string {
  const place = data.check.place(row, file);
  return split === null
    ? place
    : `${place} · ${isEvaluation(pair, split) ? quality.sides.evaluation : quality.sides.train}`;
}

interface PairRowProps {
  readonly index: number;
  /** 1-based, of the rows that are shown, the head included. */
  readonly ariaRow: number;
  readonly row: DatasetRow;
  readonly report: PairReport | undefined;
  readonly split: Split | null;
  readonly isLocked: boolean;
  readonly onOpen: (opened: Opened) => void;
}

/** Drawn many times a second while scrolling: plain buttons, and nothing again for a row that stays in view. */
const PairRow = memo(function PairRow({ index, ariaRow, row, report, split, isLocked, onOpen }: PairRowProps) {
  const { dataset } = useStudio();
  const text = useText();
  const texts = textsOf(row.pair);
  const number = index + 1;
  return (
    <tr aria-rowindex={ariaRow} data-problem={report?.problem ? true : undefined}>
      <td className="pair-number" title={placeOf(row, split, text)}>
        {number}
      </td>
      {(['prompt', 'chosen', 'rejected'] as const).map((part) => (
        <td key={part}>{texts[part].slice(0, shownCharacters)}</td>
      ))}
      <td className="pair-tokens">
        {report && `${report.promptTokens} + ${report.chosenTokens} / ${report.rejectedTokens}`}
      </td>
      <td>
        <button
          type="button"
          className="button button-icon"
          aria-label={text.data.table.openPair(number)}
          onClick={() => onOpen({ row, number, what: 'edit' })}
        >
          <Pencil aria-hidden="true" />
        </button>
        <button
          type="button"
          className="button button-icon"
          aria-label={text.microscope.open(number)}
          onClick={() => onOpen({ row, number, what: 'tokens' })}
        >
          <ScanText aria-hidden="true" />
        </button>
        <button
          type="button"
          className="button button-icon"
          aria-label={text.data.table.deletePair(number)}
          disabled={isLocked}
          onClick={() => void dataset.getState().remove(index)}
        >
          <Trash2 aria-hidden="true" />
        </button>
      </td>
    </tr>
  );
});

function RowFilterFields({
  shown,
  total,
  findings,
}: {
  readonly shown: number;
  readonly total: number;
  readonly findings: Findings;
}) {
  const { quality } = useStudio();
  const { quality: text } = useText();
  const search = useStudioState('quality', (state) => state.search);
  const filter = useStudioState('quality', (state) => state.filter);
  const hasSplit = useStudioState('dataset', (state) => state.split !== null);
  const options: { id: RowFilter; label: string }[] = [
    { id: 'all', label: text.allPairs },
    ...(hasSplit ? (['train', 'evaluation'] as const).map((id) => ({ id, label: text.sides[id] })) : []),
    ...findingIds
      .filter((id) => id === filter || (findings[id]?.length ?? 0) > 0)
      .map((id) => ({ id, label: text.checks[id].name })),
  ];
  return (
    <div className="table-tools">
      <TextInput
        label={text.search}
        isLabelHidden
        placeholder={text.search}
        value={search}
        onChange={(words) => quality.getState().setSearch(words)}
      />
      <ChoiceInput
        label={text.filter}
        isLabelHidden
        value={filter}
        options={options}
        onChange={(id) => quality.getState().setFilter(options.find((option) => option.id === id)?.id ?? 'all')}
      />
      <p className="quiet" role="status">
        {text.shown(shown, total)}
      </p>
    </div>
  );
}

export function PairsTable({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const words = useText();
  const {
    common,
    data: { table },
    quality: text,
  } = words;
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
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
  const inView = visible.slice(first, first + Math.ceil(viewHeight / rowHeight) + rowsAtOnce + 2 * spareRows);
  const [open, setOpen] = useState<Opened | null>(null);
  const close = () => setOpen(null);

  return (
    <div className="pairs">
      <RowFilterFields shown={visible.length} total={rows.length} findings={findings} />
      <div
        className="virtual-table"
        role="region"
        aria-label={table.label}
        tabIndex={0}
        style={{ blockSize: viewHeight }}
        data-testid="pairs-table"
        onScroll={({ currentTarget }) =>
          setTop(Math.floor(currentTarget.scrollTop / rowHeight / rowsAtOnce) * rowsAtOnce)
        }
      >
        <table aria-rowcount={visible.length + 1}>
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
          <tbody>
            <tr aria-hidden="true" style={{ blockSize: first * rowHeight }} />
            {inView.map((index, nth) => (
              <PairRow
                key={index}
                index={index}
                ariaRow={first + nth + 2}
                row={rows[index]!}
                report={reports?.[index]}
                split={split}
                isLocked={isLocked}
                onOpen={setOpen}
              />
            ))}
            <tr
              aria-hidden="true"
              style={{ blockSize: Math.max(0, visible.length - first - inView.length) * rowHeight }}
            />
          </tbody>
        </table>
        {visible.length === 0 && <p className="quiet table-empty">{text.noneShown}</p>}
      </div>
      {open?.what === 'tokens' && <TokenDialog number={open.number} pair={open.row.pair} onClose={close} />}
      {open?.what === 'edit' && (
        <EditDialog
          number={open.number}
          place={placeOf(open.row, split, words)}
          pair={open.row.pair}
          isLocked={isLocked}
          isGone={!rows.includes(open.row)}
          onClose={close}
          onSave={(pair) => {
            close();
            void dataset.getState().edit(open.row, pair);
          }}
        />
      )}
    </div>
  );
}
