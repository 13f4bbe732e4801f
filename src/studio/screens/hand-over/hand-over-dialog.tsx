/**
 * @file "Hand over": first who serves it, then what that comes to, what stands against it, why it leaves, and the
 * writing into a folder or a zip.
 */
import { useState } from 'react';
import { FolderDown, FileArchive, X } from 'lucide-react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { isWhyGiven, type Why } from '../../plain/audit/office';
import { commandOf } from '../../plain/hand-over/command';
import { fitsZip, isNameGood, plannedBytes } from '../../plain/hand-over/form';
import type { Run } from '../../plain/runs/run';
import type { HandOverPlan } from '../../../worker/protocol';
import { useText, type Text } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { TextInput } from '../shell/fields';
import { ProgressView } from '../shell/progress-view';
import { goTo } from '../shell/route';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { CommandBox } from './command-box';
import { ContractFindings } from './contract-findings';
import { HandOverFields, ServerChoice } from './hand-over-choices';
import { HandedOverView } from './handed-over-view';
import { LeakSection } from './leak-report';
import { ProofFields } from './proof-fields';

/** What the choice comes to, in a sentence each: what is in the folder, what the administrator does. */
function ChoiceInWords({ run }: { readonly run: Run }) {
  const { handOver: text } = useText();
  const form = useStudioState('handOver', (state) => state.form);
  const plan = useStudioState('handOver', (state) => state.plan);
  return (
    <section className="hand-over-part" aria-label={text.serverName(form.server)}>
      <p>
        {text.contents[form.format]} {text.does(form)}
      </p>
      <CommandBox label={text.command} command={commandOf(form, run.modelName, run.method)} />
      {plan !== null && (
        <p className="quiet" data-testid="plan-files">
          {text.files(plan.files.length, plannedBytes(plan))}
        </p>
      )}
    </section>
  );
}

interface WhyFieldsProps {
  readonly why: Why;
  readonly onChange: (why: Why) => void;
}

function WhyFields({ why, onChange }: WhyFieldsProps) {
  const { audit } = useStudio();
  const { handOver: text } = useText();
  const { reason, approver } = useStudioState('audit', (state) => state.office.exports);
  const who = useStudioState('audit', (state) => state.who);
  return (
    <section className="hand-over-part" aria-label={text.record}>
      <h3>{text.record}</h3>
      <div className="field-grid">
        <TextInput label={text.who} value={who} onChange={(typed) => audit.getState().setWho(typed)} />
        <TextInput
          label={reason ? text.required(text.reason) : text.reason}
          value={why.reason}
          onChange={(typed) => onChange({ ...why, reason: typed })}
        />
        {approver && (
          <TextInput
            label={text.required(text.approver)}
            value={why.approver}
            onChange={(typed) => onChange({ ...why, approver: typed })}
          />
        )}
      </div>
      {(reason || approver) && <p className="field-help">{text.demanded}</p>}
    </section>
  );
}

function WritingRow() {
  const { handOver } = useStudio();
  const { common, handOver: text } = useText();
  const doing = useStudioState('handOver', (state) => state.doing);
  if (doing === null) return null;
  const { kind, done, total, isStopping } = doing;
  return (
    <div className="hand-over-writing" data-testid="writing">
      <ProgressView
        label={text.doing[kind]}
        done={done}
        total={total}
        {...(total > 0 && { valueText: text.did(kind, doing) })}
      />
      <Button className="button button-stop" isDisabled={isStopping} onPress={() => handOver.getState().stop()}>
        {isStopping ? common.stopping : common.cancel}
      </Button>
    </div>
  );
}

/** What a zip is good for here, or why there can be none. */
function zipNote(text: Text['handOver'], plan: HandOverPlan | null, canChooseFolder: boolean): string {
  if (fitsZip(plan)) return canChooseFolder ? text.zipHelp : text.onlyZip;
  return (canChooseFolder ? text.zipTooLarge : text.onlyZipTooLarge)(plannedBytes(plan));
}

function WriteRow({ why }: { readonly why: Why }) {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  const { plan, form, doing, failure, canChooseFolder, wasStopped } = useStudioState('handOver', (state) => state);
  const busy = useBusyReason();
  const isRecorded = useStudioState('audit', ({ office }) => isWhyGiven(office, why));
  const isReady = plan !== null && isNameGood(form.name) && isRecorded && busy === null;
  if (doing !== null) return <WritingRow />;
  const buttons = [
    ...(canChooseFolder ? [{ kind: 'folder', label: text.toFolder, Icon: FolderDown } as const] : []),
    { kind: 'zip', label: text.toZip, Icon: FileArchive } as const,
  ];
  return (
    <div className="hand-over-end">
      {failure !== null && <FailureNote failure={failure} />}
      {wasStopped && (
        <p className="note note-info" role="status">
          {text.stopped}
        </p>
      )}
      <div className="dialog-actions">
        {buttons.map(({ kind, label, Icon }, index) => (
          <Button
            key={kind}
            className={index === 0 ? 'button button-primary' : 'button'}
            isDisabled={!isReady || (kind === 'zip' && !fitsZip(plan))}
            onPress={() => void handOver.getState().write(kind, why)}
          >
            <Icon aria-hidden="true" /> {label}
          </Button>
        ))}
      </div>
      <p className="field-help">{busy ?? (isRecorded ? zipNote(text, plan, canChooseFolder) : text.demanded)}</p>
      {plan?.findings.some(({ forbids }) => forbids) && <p className="obstacle">{text.forbidden}</p>}
    </div>
  );
}

function OtherModel({ run }: { readonly run: Run }) {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  return (
    <div className="note note-info">
      <div className="note-body">
        <p>{text.otherModel(run.modelName)}</p>
        <Button
          className="button"
          onPress={() => {
            handOver.getState().close();
            goTo('models');
          }}
        >
          {text.toModels}
        </Button>
      </div>
    </div>
  );
}

function HandOverForm({ run }: { readonly run: Run }) {
  const [why, setWhy] = useState<Why>({ reason: '', approver: '' });
  const written = useStudioState('handOver', (state) => state.written);
  const isWriting = useStudioState('handOver', (state) => state.doing !== null);
  const isOpen = useStudioState('model', (state) => state.summary?.fingerprint === run.modelFingerprint);
  if (!isOpen) return <OtherModel run={run} />;
  if (written !== null) return <HandedOverView run={run} written={written} />;
  return (
    <>
      <div className="hand-over-body" inert={isWriting}>
        <ServerChoice run={run} />
        <div className="hand-over-details">
          <ChoiceInWords run={run} />
          <HandOverFields run={run} />
          <ContractFindings />
          {run.method !== 'reward' && <LeakSection />}
          <ProofFields method={run.method} />
          <WhyFields why={why} onChange={setWhy} />
        </div>
      </div>
      <WriteRow why={why} />
    </>
  );
}

export function HandOverDialog() {
  const { handOver } = useStudio();
  const { common, handOver: text } = useText();
  const runId = useStudioState('handOver', (state) => state.runId);
  const isWriting = useStudioState('handOver', (state) => state.doing !== null);
  const run = useStudioState('library', (state) => state.runs.find(({ id }) => id === runId));
  if (run === undefined) return null;
  const close = () => handOver.getState().close();
  return (
    <ModalOverlay
      className="modal-overlay"
      isOpen
      isKeyboardDismissDisabled={isWriting}
      onOpenChange={(isOpen) => isOpen || close()}
    >
      <Modal className="modal modal-hand-over">
        <Dialog className="popover-body" data-testid="hand-over">
          <header className="modal-head">
            <Heading slot="title">{text.title(run.name)}</Heading>
            <Button className="button button-icon" aria-label={common.close} isDisabled={isWriting} onPress={close}>
              <X aria-hidden="true" />
            </Button>
          </header>
          <HandOverForm key={run.id} run={run} />
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
