/** @file The pairs, the first fifty and more on request; a row opens to its full text. Always shown as text. */
import { useState } from 'react';
import { ChevronDown, ChevronRight, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStudio, useStudioState } from '../studio';
import { useText } from '../text/text';
import { textsOf } from './pair-text';

const pageRows = 50;

export function PairsTable() {
  const { dataset } = useStudio();
  const { common, data } = useText();
  const { table } = data;
  const rows = useStudioState('dataset', (state) => state.rows);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const [shown, setShown] = useState(pageRows);
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());

  function toggle(index: number): void {
    const next = new Set(open);
    if (!next.delete(index)) next.add(index);
    setOpen(next);
  }

  return (
    <div className="pairs">
      <div className="table-scroll" role="region" aria-label={table.label} tabIndex={0}>
        <table className="pairs-table" data-testid="pairs-table">
          <thead>
            <tr>
              <th scope="col">
                <span className="visually-hidden">{table.open}</span>
              </th>
              <th scope="col">{common.prompt}</th>
              <th scope="col">
                <span className="swatch" data-series="chosen" /> {common.chosen}
              </th>
              <th scope="col">
                <span className="swatch" data-series="rejected" /> {common.rejected}
              </th>
              {reports !== null && <th scope="col" className="number-column">{table.tokens}</th>}
              <th scope="col">
                <span className="visually-hidden">{table.delete}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ pair, row, file }, index) => {
              const texts = textsOf(pair);
              const isOpen = open.has(index);
              const report = reports?.[index];
              return (
                <tr key={index} data-open={isOpen || undefined} data-problem={report?.problem ? true : undefined}>
                  <td>
                    <Button
                      className="button button-icon"
                      aria-label={isOpen ? table.closePair(index + 1) : table.openPair(index + 1)}
                      aria-expanded={isOpen}
                      onPress={() => toggle(index)}
                    >
                      {isOpen ? <ChevronDown aria-hidden="true" /> : <ChevronRight aria-hidden="true" />}
                      <span className="pair-number">{index + 1}</span>
                    </Button>
                  </td>
                  {(['prompt', 'chosen', 'rejected'] as const).map((part) => (
                    <td key={part}>
                      <div className={isOpen ? 'pair-text' : 'pair-text clipped'}>{texts[part]}</div>
                      {isOpen && part === 'prompt' && (
                        <div className="quiet">{data.check.place(row, file)}</div>
                      )}
                    </td>
                  ))}
                  {reports !== null && (
                    <td className="number-column">
                      {report && `${report.promptTokens} + ${report.chosenTokens} / ${report.rejectedTokens}`}
                    </td>
                  )}
                  <td>
                    <Button
                      className="button button-icon"
                      aria-label={table.deletePair(index + 1)}
                      isDisabled={isTraining}
                      onPress={() => {
                        setOpen(new Set());
                        void dataset.getState().remove(index);
                      }}
                    >
                      <Trash2 aria-hidden="true" />
                    </Button>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
      {rows.length > shown && (
        <p className="table-more">
          {table.showing(shown, rows.length)}{' '}
          <Button className="button button-small" onPress={() => setShown(shown + pageRows)}>
            {table.showMore(Math.min(pageRows, rows.length - shown))}
          </Button>
        </p>
      )}
    </div>
  );
}
