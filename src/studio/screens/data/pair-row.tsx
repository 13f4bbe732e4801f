/** @file One pair as a row of the table: its place, its texts cut to a line, its tokens, and its buttons. */
import { memo } from 'react';
import { Pencil, ScanText, Trash2 } from 'lucide-react';
import type { DatasetRow } from '../../../storage/records';
import type { PairReport } from '../../../run/reports';
import { textsOf } from '../../plain/data/pair-text';
import { useText, type Text } from '../../text/text';
import { useStudio } from '../use-studio';
import type { Side } from './use-side-of';

/** A row shows one line; a text of a megabyte must not become one. */
const shownCharacters = 300;

/** The pair whose dialog is open, and which of its two dialogs. */
export interface OpenedPair {
  readonly row: DatasetRow;
  readonly number: number;
  readonly what: 'edit' | 'tokens';
}

/** Says where the pair stands in its file, and on which side of the split. */
export function placeOfPair({ row, file }: DatasetRow, side: Side, { data, quality }: Text): string {
  const place = data.check.place(row, file);
  return side === null ? place : `${place} · ${quality.sides[side]}`;
}

interface PairRowProps {
  readonly index: number;
  /** The table row's number among those shown, where 1 is the head. */
  readonly ariaRow: number;
  readonly row: DatasetRow;
  readonly report: PairReport | undefined;
  readonly side: Side;
  readonly isLocked: boolean;
  readonly onOpen: (opened: OpenedPair) => void;
}

/** Rows are drawn many times a second while scrolling: so plain buttons, and a row that stays in view is kept. */
export const PairRow = memo(function PairRow({ index, ariaRow, row, report, side, isLocked, onOpen }: PairRowProps) {
  const { dataset } = useStudio();
  const text = useText();
  const texts = textsOf(row.pair);
  const number = index + 1;
  return (
    <tr aria-rowindex={ariaRow} data-problem={report?.problem ? true : undefined}>
      <td className="pair-number" title={placeOfPair(row, side, text)}>
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
