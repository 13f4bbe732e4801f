/** @file The pairs, the first fifty and more on request; a row opens to its full text. Always shown as text. */
import { useState } from 'react';
import { ChevronDown, ChevronRight, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatCount } from '../format';
import { useStudio, useStudioState } from '../studio';
import { textsOf } from './pair-text';

const pageRows = 50;

export function PairsTable() {
  const { dataset } = useStudio();
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
      <div className="table-scroll" role="region" aria-label="Pairs" tabIndex={0}>
        <table className="pairs-table" data-testid="pairs-table">
          <thead>
            <tr>
              <th scope="col" aria-label="Open" />
              <th scope="col">Prompt</th>
              <th scope="col">
                <span className="swatch" data-series="chosen" /> Chosen
              </th>
              <th scope="col">
                <span className="swatch" data-series="rejected" /> Rejected
              </th>
              {reports !== null && <th scope="col" className="number-column">Tokens</th>}
              <th scope="col" aria-label="Delete" />
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
                      aria-label={`${isOpen ? 'Close' : 'Open'} pair ${index + 1}`}
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
                        <div className="quiet">
                          Row {row} of {file}
                        </div>
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
                      aria-label={`Delete pair ${index + 1}`}
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
          Showing {formatCount(shown)} of {formatCount(rows.length)}.{' '}
          <Button className="button button-small" onPress={() => setShown(shown + pageRows)}>
            Show {Math.min(pageRows, rows.length - shown)} more
          </Button>
        </p>
      )}
    </div>
  );
}
