/** @file Shown over all screens where the database cannot be used, or has lost something: what, and the ways on. */
import { useState } from 'react';
import { Archive, DatabaseZap, RotateCw, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { errorOf, type DatabaseFault } from '../../../storage/indexed-db';
import { isNothing, type Loss } from '../../../storage/write-count';
import { describeFailure, type Failure } from '../../text/failure';
import { useText } from '../../text/text';
import { useStudio, useStudioState } from '../use-studio';
import { ConfirmButton } from './confirm-button';
import { FailureNote } from './failure-note';
import { goTo } from './route';

/** A newer Airlock's database is whole and is not deleted here; deleting does not mend mixed files. */
function FaultNote({ fault }: { readonly fault: DatabaseFault }) {
  const { database } = useStudio();
  const { database: text } = useText();
  const [failure, setFailure] = useState<Failure | null>(null);
  function beginAnew(): void {
    setFailure(null);
    database
      .getState()
      .beginAnew()
      .catch((error: unknown) => setFailure(describeFailure(error)));
  }
  return (
    <div data-testid="database-fault">
      <FailureNote failure={describeFailure(errorOf(fault))}>
        <div className="start-row">
          <Button className="button" onPress={() => location.reload()}>
            <RotateCw aria-hidden="true" /> {text.reload}
          </Button>
          {(fault.kind === 'closed' || fault.kind === 'foreign') && (
            <ConfirmButton
              className="button"
              isDisabled={false}
              title={text.anewTitle}
              body={text.anewBody}
              confirm={text.anewConfirm}
              cancel={text.cancel}
              onConfirm={beginAnew}
            >
              <DatabaseZap aria-hidden="true" /> {text.beginAnew}
            </ConfirmButton>
          )}
        </div>
      </FailureNote>
      {failure !== null && <FailureNote failure={failure} />}
    </div>
  );
}

function LossNote({ loss }: { readonly loss: Loss }) {
  const { database } = useStudio();
  const { database: text } = useText();
  const { at, before, now, writes, reason } = loss;
  const isEmpty = isNothing(now);
  return (
    <div className="note note-warning come-back" role="alert" data-testid="database-loss">
      <div className="note-body">
        <p>
          <strong>{isEmpty ? text.emptied(at, before) : text.cutBack(at, writes, before, now)}</strong>
        </p>
        <p>
          {reason === null ? text.disk : text.reason(reason)} {text.next}
        </p>
      </div>
      <div className="start-row">
        <Button className="button" onPress={() => goTo('records', 'restore')}>
          <Archive aria-hidden="true" /> {text.restore}
        </Button>
        {!isEmpty && (
          <Button className="button" onPress={() => goTo('records', 'backup')}>
            {text.backUp}
          </Button>
        )}
        <Button className="button" onPress={() => database.getState().putLossAway()}>
          <X aria-hidden="true" /> {text.putAway}
        </Button>
      </div>
    </div>
  );
}

export function DatabaseNote() {
  const fault = useStudioState('database', (state) => state.fault);
  const loss = useStudioState('database', (state) => state.loss);
  return (
    <>
      {fault !== null && <FaultNote fault={fault} />}
      {loss !== null && <LossNote loss={loss} />}
    </>
  );
}
