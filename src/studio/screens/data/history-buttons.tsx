/** @file Undo, redo and the history of the open data set: buttons, keys, and the list of its changes. */
import { useEffect } from 'react';
import { History, Redo2, Undo2, X } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Modal, ModalOverlay } from 'react-aria-components';
import type { DatasetChange } from '../../../storage/dataset-record';
import { redoable, undoable } from '../../stores/dataset-history';
import { keptDaysAfterDeletion } from '../../stores/dataset-sets';
import { describeChange, describeDatasetName } from '../../text/describe-dataset';
import { formatDate } from '../../text/format';
import { useText } from '../../text/text';
import { belongsToFocus, readUndoKey } from '../../plain/shell/shortcuts';
import { useStudio, useStudioState } from '../use-studio';
import { useOpenDataset } from './use-open-dataset';

interface Turning {
  /** What an undo takes back. */
  readonly last: DatasetChange | undefined;
  /** What is done again next. */
  readonly next: DatasetChange | undefined;
  readonly undo: () => void;
  readonly redo: () => void;
}

/** Undo and redo, which say what they did. */
function useTurning(): Turning {
  const { dataset, notices } = useStudio();
  const text = useText();
  const history = useStudioState('dataset', (state) => state.history);
  const [last, next] = [undoable(history), redoable(history)];
  async function turn(change: DatasetChange | undefined, isUndo: boolean): Promise<void> {
    if (change === undefined) return;
    const { undo, redo } = dataset.getState();
    await (isUndo ? undo(change.id) : redo(change.id));
    const what = describeChange(change.what, text);
    notices.getState().tellDone(isUndo ? text.data.history.undone(what) : text.data.history.redone(what));
  }
  return { last, next, undo: () => void turn(last, true), redo: () => void turn(next, false) };
}

function useUndoKeys({ undo, redo }: Turning, isLocked: boolean): void {
  useEffect(() => {
    if (isLocked) return;
    const act = (event: KeyboardEvent) => {
      const key = event.defaultPrevented || belongsToFocus(event.target) ? null : readUndoKey(event);
      if (key === null) return;
      event.preventDefault();
      if (key === 'undo') undo();
      else redo();
    };
    addEventListener('keydown', act);
    return () => removeEventListener('keydown', act);
  });
}

function ChangeItem({ change, isLocked }: { readonly change: DatasetChange; readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const text = useText();
  const { history } = text.data;
  const what = describeChange(change.what, text);
  const action = change.isUndone ? history.forthTo : history.backTo;
  return (
    <li className="history-item" data-undone={change.isUndone}>
      <span className="history-words">
        {what} {change.isUndone && <span className="tag">{history.isUndone}</span>}
        <span className="quiet">{formatDate(change.at)}</span>
      </span>
      <Button
        className="button button-small"
        aria-label={`${action}: ${what}`}
        isDisabled={isLocked}
        onPress={() => void dataset.getState().goBackTo(change.id)}
      >
        {action}
      </Button>
    </li>
  );
}

function DeletedSets({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const text = useText();
  const { history, sets: words } = text.data;
  const sets = useStudioState('dataset', (state) => state.sets);
  const deleted = sets.filter(({ label }) => label.deletedAt !== undefined);
  if (deleted.length === 0) return null;
  return (
    <section aria-labelledby="deleted-sets">
      <h3 id="deleted-sets">{history.deletedSets}</h3>
      <p className="quiet">{history.deletedSetsLead(keptDaysAfterDeletion)}</p>
      <ul className="history-list">
        {deleted.map(({ id, label, pairs }) => (
          <li className="history-item" key={id}>
            <span className="history-words">
              {words.option(describeDatasetName(label, text), pairs)}
              <span className="quiet">{formatDate(label.deletedAt ?? '')}</span>
            </span>
            <Button
              className="button button-small"
              aria-label={history.bringBackNamed(describeDatasetName(label, text))}
              isDisabled={isLocked}
              onPress={() => void dataset.getState().bringBackSet(id)}
            >
              {history.bringBack}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function HistoryDialog({ isLocked }: { readonly isLocked: boolean }) {
  const { common, data } = useText();
  const { name } = useOpenDataset();
  const changes = useStudioState('dataset', (state) => state.history);
  return (
    <ModalOverlay className="modal-overlay" isDismissable>
      <Modal className="modal modal-wide">
        <Dialog className="popover-body" data-testid="history-dialog">
          <header className="modal-head">
            <Heading slot="title">{data.history.title(name)}</Heading>
            <Button className="button button-icon" slot="close" aria-label={common.close}>
              <X aria-hidden="true" />
            </Button>
          </header>
          <p className="quiet">{changes.length === 0 ? data.history.none : data.history.lead}</p>
          {isLocked && <p className="quiet">{data.locked}</p>}
          <ul className="history-list">
            {[...changes].reverse().map((change) => (
              <ChangeItem key={change.id} change={change} isLocked={isLocked} />
            ))}
          </ul>
          <DeletedSets isLocked={isLocked} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}

export function HistoryButtons({ isLocked }: { readonly isLocked: boolean }) {
  const text = useText();
  const { history } = text.data;
  const turning = useTurning();
  useUndoKeys(turning, isLocked);
  const { last, next, undo, redo } = turning;
  return (
    <div className="data-sets-actions data-sets-history">
      <Button
        className="button button-small"
        isDisabled={isLocked || last === undefined}
        {...(last && { 'aria-label': history.undoNamed(describeChange(last.what, text)) })}
        onPress={undo}
      >
        <Undo2 aria-hidden="true" /> {history.undo}
      </Button>
      <Button
        className="button button-small"
        isDisabled={isLocked || next === undefined}
        {...(next && { 'aria-label': history.redoNamed(describeChange(next.what, text)) })}
        onPress={redo}
      >
        <Redo2 aria-hidden="true" /> {history.redo}
      </Button>
      <DialogTrigger>
        <Button className="button button-small">
          <History aria-hidden="true" /> {history.open}
        </Button>
        <HistoryDialog isLocked={isLocked} />
      </DialogTrigger>
    </div>
  );
}
