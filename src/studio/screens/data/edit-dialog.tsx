/**
 * @file One pair in full, to read and to change: a field a text, or one a message. What is no pair is said, not saved.
 */
import type { Message } from '../../../messages/message';
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { checkCandidate, checkOneAnswer, type Checked } from '../../../data/import/check-record';
import { hasAnswer, type ChatMessage, type PreferencePair } from '../../../data/preference-pair';
import { TextInput } from '../shell/fields';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

const parts = ['prompt', 'chosen', 'rejected'] as const;
type Part = (typeof parts)[number];
const names = { prompt: 'prompt', chosen: 'chosen', rejected: 'rejected' };
/** Lines that a field shows for a text, estimated at 90 characters a line. */
const rowsOf = (text: string) => Math.min(10, Math.max(2, Math.ceil(text.length / 90)));

interface PartFieldsProps {
  readonly part: Part;
  readonly value: PreferencePair[Part];
  readonly onChange: (value: string | readonly ChatMessage[]) => void;
}

/** One part of the pair as fields: a single one for a text, one for each message of a conversation. */
function PartFields({ part, value, onChange }: PartFieldsProps) {
  const { common } = useText();
  if (typeof value === 'string')
    return <TextInput label={common[part]} rows={rowsOf(value)} value={value} onChange={onChange} />;
  return (
    <fieldset className="messages">
      <legend>{common[part]}</legend>
      {value.map(({ role, content }, i) => (
        <TextInput
          key={i}
          label={role}
          rows={rowsOf(content)}
          value={content}
          onChange={(words) => onChange(value.with(i, { role, content: words }))}
        />
      ))}
    </fieldset>
  );
}

/** What is wrong with an edit. A pair that never had one of its answers may go on without it. */
function checkEdit(before: PreferencePair, draft: PreferencePair): Checked {
  const absent = (['chosen', 'rejected'] as const).find((side) => !hasAnswer(before, side) && !hasAnswer(draft, side));
  if (absent === undefined) return checkCandidate(draft, names);
  const side = absent === 'chosen' ? 'rejected' : 'chosen';
  return checkOneAnswer(
    { prompt: draft.prompt, answer: draft[side] },
    { prompt: 'prompt', answer: side },
    side === 'chosen',
  );
}

export interface EditDialogProps {
  readonly number: number;
  readonly place: string;
  readonly pair: PreferencePair;
  readonly isLocked: boolean;
  /** Whether another tab changed or deleted the pair meanwhile. */
  readonly isGone: boolean;
  readonly onSave: (pair: PreferencePair) => void;
  readonly onClose: () => void;
}

export function EditDialog({ number, place, pair, isLocked, isGone, onSave, onClose }: EditDialogProps) {
  const { common, data, quality: text } = useText();
  const said = useSaid();
  const [draft, setDraft] = useState(pair);
  const [problem, setProblem] = useState<Message | null>(null);
  const [isLeaving, setLeaving] = useState(false);
  const leave = () => (JSON.stringify(draft) === JSON.stringify(pair) ? onClose() : setLeaving(true));
  const change = (part: Part, value: string | readonly ChatMessage[]) =>
    setDraft({ ...draft, [part]: value } as PreferencePair);

  function save(): void {
    const checked = checkEdit(pair, draft);
    if ('problem' in checked) setProblem(checked.problem);
    else onSave(checked.pair);
  }

  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => isOpen || leave()}>
      <Modal className="modal modal-wide">
        <Dialog className="popover-body" data-testid="edit-dialog">
          <Heading slot="title">{text.pairTitle(number)}</Heading>
          <p className="quiet">{place}</p>
          {parts.map((part) => (
            <PartFields key={part} part={part} value={draft[part]} onChange={(value) => change(part, value)} />
          ))}
          {problem !== null && (
            <p className="note note-error" role="alert">
              {text.thisPair(number)} {said(problem)}
            </p>
          )}
          {isGone && (
            <p className="note note-error" role="alert">
              {text.gone}
            </p>
          )}
          {isLeaving && (
            <div className="note note-warning" role="alert">
              <p className="note-body">{text.unsaved}</p>
              <Button className="button button-small" autoFocus onPress={onClose}>
                {text.discard}
              </Button>
            </div>
          )}
          {isLocked && <p className="quiet">{data.locked}</p>}
          <div className="dialog-actions">
            <Button className="button button-primary" isDisabled={isLocked || isGone} onPress={save}>
              {text.save}
            </Button>
            <Button className="button" onPress={onClose}>
              {common.cancel}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
