/** @file Before something leaves, where the office demands it: the reason, and who approved it. */
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { isWhyGiven } from '../../plain/audit/office';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';
import { TextInput } from './fields';

function ExportQuestion({ name }: { readonly name: string }) {
  const { common, records } = useText();
  const { audit: text } = records;
  const { reason: needsReason, approver: needsApprover } = useStudioState('audit', (state) => state.office.exports);
  const answer = useStudioState('audit', (state) => state.asking?.answer);
  const [reason, setReason] = useState('');
  const [approver, setApprover] = useState('');
  const isReady = useStudioState('audit', ({ office }) => isWhyGiven(office, { reason, approver }));
  return (
    <Dialog className="popover-body">
      <Heading slot="title">{text.leaving(name)}</Heading>
      <p>{text.leavingLead}</p>
      {needsReason && <TextInput label={text.columns.why} rows={2} value={reason} onChange={setReason} />}
      {needsApprover && <TextInput label={text.approver} value={approver} onChange={setApprover} />}
      <div className="dialog-actions">
        <Button className="button button-primary" isDisabled={!isReady} onPress={() => answer?.({ reason, approver })}>
          {text.let}
        </Button>
        <Button className="button" onPress={() => answer?.(null)}>
          {common.cancel}
        </Button>
      </div>
    </Dialog>
  );
}

export function ExportDialog() {
  const asking = useStudioState('audit', (state) => state.asking);
  if (asking === null) return null;
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => isOpen || asking.answer(null)}>
      <Modal className="modal">
        <ExportQuestion key={asking.name} name={asking.name} />
      </Modal>
    </ModalOverlay>
  );
}
