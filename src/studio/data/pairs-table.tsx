/** @file The pairs in a table that lays out only the rows in view, with search and filter. Always shown as text. */
import { useMemo, useState } from 'react';
import { Pencil, ScanText, Trash2 } from 'lucide-react';
import { Button, Cell, Column, Row, Table, TableBody, TableHeader, TableLayout, Virtualizer } from 'react-aria-components';
import { checkIds } from '../../data/checks/check-rows';
import { isEvaluation } from '../../data/split';
import { ChoiceInput, TextInput } from '../shell/fields';
import { visibleRows, type RowFilter } from '../stores/quality';
import { useStudio, useStudioState } from '../studio';
import { useText } from '../text/text';
import { EditDialog } from './edit-dialog';
import { textsOf } from './pair-text';
import { TokenDialog } from './token-dialog';

const rowHeight = 38;
const headingHeight = 34;
/** A row shows one line; a text of a megabyte must not become one. */
const shownCharacters = 300;

/** Where the pair stands in its file, and on which side of the split. */
function usePlaces() {
  const { data, quality } = useText();
  const split = useStudioState('dataset', (state) => state.split);
  return ({ pair, row, file }: { pair: Parameters<typeof isEvaluation>[0]; row: number; file: string }) =>
    split === null ? data.check.place(row, file) : `${data.check.place(row, file)} · ${isEvaluation(pair, split) ? quality.sides.evaluation : quality.sides.train}`;
}

function RowFilterFields({ shown, total }: { readonly shown: number; readonly total: number }) {
  const { quality } = useStudio();
  const { quality: text } = useText();
  const search = useStudioState('quality', (state) => state.search);
  const filter = useStudioState('quality', (state) => state.filter);
  const report = useStudioState('quality', (state) => state.found?.report ?? null);
  const hasSplit = useStudioState('dataset', (state) => state.split !== null);
  const options: { id: RowFilter; label: string }[] = [
    { id: 'all', label: text.allPairs },
    ...(hasSplit ? (['train', 'evaluation'] as const).map((id) => ({ id, label: text.sides[id] })) : []),
    ...checkIds.filter((id) => id === filter || (report?.[id].length ?? 0) > 0).map((id) => ({ id, label: text.checks[id].name })),
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
  const found = useStudioState('quality', (state) => state.found);
  const report = found !== null && found.rows === rows ? found.report : null;
  const placeOf = usePlaces();
  const visible = useMemo(() => visibleRows(rows, filter, search, report, split), [rows, filter, search, report, split]);
  const items = useMemo(() => visible.map((index) => ({ id: index, row: rows[index]! })), [visible, rows]);
  const [open, setOpen] = useState<{ readonly index: number; readonly what: 'edit' | 'tokens' } | null>(null);
  const opened = open === null ? undefined : rows[open.index];
  const close = () => setOpen(null);

  return (
    <div className="pairs">
      <RowFilterFields shown={visible.length} total={rows.length} />
      <Virtualizer layout={TableLayout} layoutOptions={{ rowHeight, headingHeight }}>
        <Table className="virtual-table" aria-label={table.label} data-testid="pairs-table">
          <TableHeader>
            <Column id="number" width={64}>{text.number}</Column>
            <Column id="prompt" isRowHeader>{common.prompt}</Column>
            <Column id="chosen"><span className="swatch" data-series="chosen" /> {common.chosen}</Column>
            <Column id="rejected"><span className="swatch" data-series="rejected" /> {common.rejected}</Column>
            <Column id="tokens" width={130}>{table.tokens}</Column>
            <Column id="actions" width={120}><span className="visually-hidden">{text.actions}</span></Column>
          </TableHeader>
          <TableBody items={items} dependencies={[reports, isLocked, table, placeOf]} renderEmptyState={() => <p className="quiet table-empty">{text.noneShown}</p>}>
            {({ id: index, row }) => {
              const texts = textsOf(row.pair);
              const checked = reports?.[index];
              return (
                <Row data-problem={checked?.problem ? true : undefined}>
                  <Cell><span className="pair-number" title={placeOf(row)}>{index + 1}</span></Cell>
                  {(['prompt', 'chosen', 'rejected'] as const).map((part) => (
                    <Cell key={part}>{texts[part].slice(0, shownCharacters)}</Cell>
                  ))}
                  <Cell><span className="pair-tokens">{checked && `${checked.promptTokens} + ${checked.chosenTokens} / ${checked.rejectedTokens}`}</span></Cell>
                  <Cell>
                    <Button className="button button-icon" aria-label={table.openPair(index + 1)} onPress={() => setOpen({ index, what: 'edit' })}>
                      <Pencil aria-hidden="true" />
                    </Button>
                    <Button className="button button-icon" aria-label={microscope.open(index + 1)} onPress={() => setOpen({ index, what: 'tokens' })}>
                      <ScanText aria-hidden="true" />
                    </Button>
                    <Button className="button button-icon" aria-label={table.deletePair(index + 1)} isDisabled={isLocked} onPress={() => void dataset.getState().remove(index)}>
                      <Trash2 aria-hidden="true" />
                    </Button>
                  </Cell>
                </Row>
              );
            }}
          </TableBody>
        </Table>
      </Virtualizer>
      {open?.what === 'tokens' && opened !== undefined && <TokenDialog number={open.index + 1} pair={opened.pair} onClose={close} />}
      {open?.what === 'edit' && opened !== undefined && (
        <EditDialog
          number={open.index + 1} place={placeOf(opened)} pair={opened.pair} isLocked={isLocked} onClose={close}
          onSave={(pair) => {
            close();
            void dataset.getState().edit(open.index, pair);
          }}
        />
      )}
    </div>
  );
}
