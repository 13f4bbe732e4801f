/**
 * @file The pairs in a table that lays out only the rows in view, with search and filter. Always shown as text. All rows are
 * of one height; React Aria's Virtualizer would first build a collection of every cell, seconds for ten thousand pairs.
 */
import { useMemo, useState } from 'react';
import { Pencil, ScanText, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { isEvaluation } from '../../data/split';
import { ChoiceInput, TextInput } from '../shell/fields';
import { findingIds, visibleRows, type Findings, type RowFilter } from '../stores/quality';
import { useStudio, useStudioState } from '../studio';
import { useText } from '../text/text';
import type { DatasetRow } from '../../storage/records';
import { useFindings } from './use-findings';
import { EditDialog } from './edit-dialog';
import { textsOf } from './pair-text';
import { TokenDialog } from './token-dialog';

/** Of every row, in CSS pixels, as data.css has it: which rows are in view is arithmetic. */
const rowHeight = 38;
const viewHeight = 432;
/** Rows laid out above and below the view. */
const spareRows = 8;
/** A row shows one line; a text of a megabyte must not become one. */
const shownCharacters = 300;

/** Where the pair stands in its file, and on which side of the split. */
function usePlaces() {
  const { data, quality } = useText();
  const split = useStudioState('dataset', (state) => state.split);
  return ({ pair, row, file }: { pair: Parameters<typeof isEvaluation>[0]; row: number; file: string }) =>
    split === null ? data.check.place(row, file) : `${data.check.place(row, file)} · ${isEvaluation(pair, split) ? quality.sides.evaluation : quality.sides.train}`;
}

function RowFilterFields({ shown, total, findings }: { readonly shown: number; readonly total: number; readonly findings: Findings }) {
  const { quality } = useStudio();
  const { quality: text } = useText();
  const search = useStudioState('quality', (state) => state.search);
  const filter = useStudioState('quality', (state) => state.filter);
  const hasSplit = useStudioState('dataset', (state) => state.split !== null);
  const options: { id: RowFilter; label: string }[] = [
    { id: 'all', label: text.allPairs },
    ...(hasSplit ? (['train', 'evaluation'] as const).map((id) => ({ id, label: text.sides[id] })) : []),
    ...findingIds.filter((id) => id === filter || (findings[id]?.length ?? 0) > 0).map((id) => ({ id, label: text.checks[id].name })),
  ];
  return (
    <div className="table-tools">
      <TextInput label={text.search} isLabelHidden placeholder={text.search} value={search} onChange={(words) => quality.getState().setSearch(words)} />
      <ChoiceInput
        label={text.filter} isLabelHidden value={filter} options={options}
        onChange={(id) => quality.getState().setFilter(options.find((option) => option.id === id)?.id ?? 'all')}
      />
      <p className="quiet" role="status">{text.shown(shown, total)}</p>
    </div>
  );
}

export function PairsTable({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const { common, data: { table }, quality: text, microscope } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const split = useStudioState('dataset', (state) => state.split);
  const filter = useStudioState('quality', (state) => state.filter);
  const search = useStudioState('quality', (state) => state.search);
  const findings = useFindings();
  const placeOf = usePlaces();
  const visible = useMemo(() => visibleRows(rows, filter, search, findings, split), [rows, filter, search, findings, split]);
  const [top, setTop] = useState(0);
  const first = Math.max(0, Math.min(top, visible.length - 1) - spareRows);
  const inView = visible.slice(first, first + Math.ceil(viewHeight / rowHeight) + 2 * spareRows);
  const [open, setOpen] = useState<{ readonly row: DatasetRow; readonly number: number; readonly what: 'edit' | 'tokens' } | null>(null);
  const close = () => setOpen(null);

  return (
    <div className="pairs">
      <RowFilterFields shown={visible.length} total={rows.length} findings={findings} />
      <div
        className="virtual-table" role="region" aria-label={table.label} tabIndex={0} style={{ blockSize: viewHeight }}
        data-testid="pairs-table" onScroll={({ currentTarget }) => setTop(Math.floor(currentTarget.scrollTop / rowHeight))}
      >
        <table aria-rowcount={visible.length + 1}>
          <thead>
            <tr aria-rowindex={1}>
              <th scope="col" className="number-column">{text.number}</th>
              <th scope="col">{common.prompt}</th>
              <th scope="col"><span className="swatch" data-series="chosen" /> {common.chosen}</th>
              <th scope="col"><span className="swatch" data-series="rejected" /> {common.rejected}</th>
              <th scope="col" className="tokens-column">{table.tokens}</th>
              <th scope="col" className="actions-column"><span className="visually-hidden">{text.actions}</span></th>
            </tr>
          </thead>
          <tbody>
            <tr aria-hidden="true" style={{ blockSize: first * rowHeight }} />
            {inView.map((index, nth) => {
              const row = rows[index]!;
              const texts = textsOf(row.pair);
              const checked = reports?.[index];
              return (
                <tr key={index} aria-rowindex={first + nth + 2} data-problem={checked?.problem ? true : undefined}>
                  <td className="pair-number" title={placeOf(row)}>{index + 1}</td>
                  {(['prompt', 'chosen', 'rejected'] as const).map((part) => <td key={part}>{texts[part].slice(0, shownCharacters)}</td>)}
                  <td className="pair-tokens">{checked && `${checked.promptTokens} + ${checked.chosenTokens} / ${checked.rejectedTokens}`}</td>
                  <td>
                    <Button className="button button-icon" aria-label={table.openPair(index + 1)} onPress={() => setOpen({ row, number: index + 1, what: 'edit' })}>
                      <Pencil aria-hidden="true" />
                    </Button>
                    <Button className="button button-icon" aria-label={microscope.open(index + 1)} onPress={() => setOpen({ row, number: index + 1, what: 'tokens' })}>
                      <ScanText aria-hidden="true" />
                    </Button>
                    <Button className="button button-icon" aria-label={table.deletePair(index + 1)} isDisabled={isLocked} onPress={() => void dataset.getState().remove(index)}>
                      <Trash2 aria-hidden="true" />
                    </Button>
                  </td>
                </tr>
              );
            })}
            <tr aria-hidden="true" style={{ blockSize: Math.max(0, visible.length - first - inView.length) * rowHeight }} />
          </tbody>
        </table>
        {visible.length === 0 && <p className="quiet table-empty">{text.noneShown}</p>}
      </div>
      {open?.what === 'tokens' && <TokenDialog number={open.number} pair={open.row.pair} onClose={close} />}
      {open?.what === 'edit' && (
        <EditDialog
          number={open.number} place={placeOf(open.row)} pair={open.row.pair} isLocked={isLocked} isGone={!rows.includes(open.row)} onClose={close}
          onSave={(pair) => {
            close();
            void dataset.getState().edit(open.row, pair);
          }}
        />
      )}
    </div>
  );
}
