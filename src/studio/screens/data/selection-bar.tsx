/** @file Over the table: how many pairs are shown, what is done with those that are selected, and a pair by hand. */
import { Trash2, X } from 'lucide-react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';
import type { DatasetRow } from '../../../storage/records';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { AddPairButton } from './add-pair-button';

export interface SelectionBarProps {
  readonly shown: number;
  readonly selected: ReadonlySet<DatasetRow>;
  readonly isLocked: boolean;
  readonly onClear: () => void;
}

function SelectionActions({
  selected,
  isLocked,
  onClear,
}: Pick<SelectionBarProps, 'selected' | 'isLocked' | 'onClear'>) {
  const { dataset } = useStudio();
  const { table: text } = useText().data;
  const { moveRows, removeRows } = dataset.getState();
  return (
    <>
      <Button
        className="button button-small"
        isDisabled={isLocked}
        onPress={() => void moveRows(selected, 'evaluation')}
      >
        {text.toEvaluation}
      </Button>
      <Button className="button button-small" isDisabled={isLocked} onPress={() => void moveRows(selected, 'train')}>
        {text.toTraining}
      </Button>
      <Button className="button button-small" isDisabled={isLocked} onPress={() => void removeRows(selected)}>
        <Trash2 aria-hidden="true" /> {text.deleteSelected}
      </Button>
      <TooltipTrigger delay={400}>
        <Button className="button button-icon" aria-label={text.clearSelection} onPress={onClear}>
          <X aria-hidden="true" />
        </Button>
        <Tooltip className="tooltip">{text.clearSelection}</Tooltip>
      </TooltipTrigger>
    </>
  );
}

export function SelectionBar({ shown, selected, isLocked, onClear }: SelectionBarProps) {
  const {
    data: { table: text },
    quality,
  } = useText();
  const total = useStudioState('dataset', (state) => state.rows.length);
  return (
    <div className="selection-bar" role="group" aria-label={quality.actions} data-testid="selection-bar">
      <p className="quiet" role="status">
        {selected.size > 0 ? text.selected(selected.size) : quality.shown(shown, total)}
      </p>
      {selected.size > 0 && <SelectionActions selected={selected} isLocked={isLocked} onClear={onClear} />}
      <AddPairButton className="button button-small selection-add" isLocked={isLocked} />
    </div>
  );
}
