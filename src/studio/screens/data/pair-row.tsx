/** @file One pair as a row of the table: its place, its texts cut to a line, its tokens, and its buttons. */
import { memo } from 'react';
import { Pencil, ScanText, Trash2 } from 'lucide-react';
import type { DatasetRow } from '../../../storage/records';
import { isChatPair, type PreferencePair } from '../../../data/preference-pair';
import type { PairReport } from '../../../run/reports';
import { textsOf, type PairTexts } from '../../plain/data/pair-text';
import type { RoleNames } from '../../plain/data/prompt-text';
import { formatCount, formatTick } from '../../text/format';
import { useText, type Text } from '../../text/text';
import { useStudio } from '../use-studio';
import { charactersOf, tokensOf } from './use-shown-pairs';
import type { SideOfPair } from './use-side-of';

/** A row shows two lines; a text of a megabyte must not become one. */
const shownCharacters = 300;

/** The pair whose dialog is open, and which of its two dialogs. */
export interface OpenedPair {
  readonly row: DatasetRow;
  readonly number: number;
  readonly what: 'edit' | 'tokens';
}

/** Says where the pair stands in its file, and on which side of the split. */
export function placeOfPair({ row, file }: DatasetRow, side: SideOfPair, { data, quality }: Text): string {
  const place = data.check.place(row, file);
  return side === null ? place : `${place} · ${quality.sides[side]}`;
}

/** In a line a question that is the only message goes without its role. */
function lineTexts(pair: PreferencePair, names: RoleNames): PairTexts {
  const texts = textsOf(pair, names);
  const [only] = isChatPair(pair) && pair.prompt.length === 1 ? pair.prompt : [];
  return only?.role === 'user' ? { ...texts, prompt: only.content } : texts;
}

interface PairRowProps {
  readonly index: number;
  /** The table row's number among those shown, where 1 is the head. */
  readonly ariaRow: number;
  readonly row: DatasetRow;
  readonly report: PairReport | undefined;
  readonly side: SideOfPair;
  readonly isSelected: boolean;
  readonly isLocked: boolean;
  readonly onOpen: (opened: OpenedPair) => void;
  readonly onToggle: (index: number, isRange: boolean) => void;
}

function RowButtons({ index, row, isLocked, onOpen }: Pick<PairRowProps, 'index' | 'row' | 'isLocked' | 'onOpen'>) {
  const { dataset } = useStudio();
  const text = useText();
  const number = index + 1;
  const { openPair, deletePair } = text.data.table;
  const actions = [
    { name: openPair(number), Icon: Pencil, act: () => onOpen({ row, number, what: 'edit' }) },
    { name: text.microscope.open(number), Icon: ScanText, act: () => onOpen({ row, number, what: 'tokens' }) },
    { name: deletePair(number), Icon: Trash2, act: () => void dataset.getState().remove(index), isDisabled: isLocked },
  ];
  return actions.map(({ name, Icon, act, isDisabled = false }) => (
    <button
      key={name}
      type="button"
      className="button button-icon"
      aria-label={name}
      title={name}
      disabled={isDisabled}
      onClick={act}
    >
      <Icon aria-hidden="true" />
    </button>
  ));
}

/** Rows are drawn many times a second while scrolling: so plain buttons, and a row that stays in view is kept. */
export const PairRow = memo(function PairRow(props: PairRowProps) {
  const { index, ariaRow, row, report, side, isSelected, isLocked, onOpen, onToggle } = props;
  const text = useText();
  const texts = lineTexts(row.pair, text.common.roles);
  const number = index + 1;
  return (
    <tr
      aria-rowindex={ariaRow}
      data-problem={report?.problem ? true : undefined}
      data-selected={isSelected ? true : undefined}
    >
      <td className="select-column">
        <input
          type="checkbox"
          aria-label={text.data.table.select(number)}
          checked={isSelected}
          onChange={({ nativeEvent }) => onToggle(index, 'shiftKey' in nativeEvent && nativeEvent.shiftKey === true)}
        />
      </td>
      <td className="pair-number" title={placeOfPair(row, side, text)}>
        {number}
      </td>
      {(['prompt', 'chosen', 'rejected'] as const).map((part) => (
        <td key={part}>
          <span className="pair-beginning">
            {part !== 'prompt' && row.scores && (
              <span className="pair-score" title={text.quality.scoreOf(text.common[part])}>
                {formatTick(Number(row.scores[part].toPrecision(3)))}
              </span>
            )}
            {texts[part].slice(0, shownCharacters)}
          </span>
        </td>
      ))}
      <td
        className="pair-tokens"
        title={report && text.data.table.parts(report.promptTokens, report.chosenTokens, report.rejectedTokens)}
      >
        {formatCount(report === undefined ? charactersOf(row.pair) : tokensOf(report))}
      </td>
      {side !== null && (
        <td>
          <span className="side-tag" data-side={side}>
            {text.quality.sides[side]}
          </span>
        </td>
      )}
      <td>
        <RowButtons index={index} row={row} isLocked={isLocked} onOpen={onOpen} />
      </td>
    </tr>
  );
});
