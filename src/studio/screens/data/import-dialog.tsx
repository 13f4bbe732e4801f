/**
 * @file Before a file is imported: its first rows with the use of each column above them, what it was recognised as,
 * what would come of it, and what is to be said by hand.
 */
import { useState } from 'react';
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { columnOf, columnRoles } from '../../../data/import/plan';
import { leftOverOf } from '../../../data/import/recognise';
import { isChatPair } from '../../../data/preference-pair';
import type { ImportPreview } from '../../stores/dataset';
import { useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { textsOf } from '../../plain/data/pair-text';
import { ImportChoices } from './import-choices';
import { ImportTable } from './import-table';
import { Stepper } from './stepper';
import { TemplateButton } from './template-button';

const shownRefusals = 3;

/** The sentences about a file: what it was taken for, and what a person should look at. */
function Facts({ preview: { table, plan, origin, doubt, undecoded } }: { readonly preview: ImportPreview }) {
  const { preview: text } = useText().data;
  const said = useSaid();
  const shape = text.shapes[plan.shape];
  const sentences = {
    recognised: text.recognised(shape),
    remembered: text.remembered(shape),
    unknown: text.notRecognised,
  };
  const unsure = table.decoded?.isSure === false ? text.encodingUnsure(table.decoded.encoding) : null;
  const notes = [doubt === null ? null : said(doubt), unsure, undecoded ? said(undecoded) : null];
  return (
    <>
      <p>
        {text.facts(table.format, table.rows.length)} {doubt === null ? sentences[origin] : ''}
      </p>
      {notes.map(
        (note, i) =>
          note !== null && (
            <p key={i} className="note note-warning" role="status">
              {note}
            </p>
          ),
      )}
    </>
  );
}

/** What the plan makes of the file: pairs, rows refused, ties; or what is still to be chosen. */
function Outcome({ preview: { plan, parsed, filled } }: { readonly preview: ImportPreview }) {
  const { preview: text } = useText().data;
  const said = useSaid();
  const leftOver = leftOverOf(plan, filled);
  const open = columnRoles[plan.shape].filter((role) => columnOf(plan, role) === '').map((role) => text.uses[role]);
  const isMeaningOpen = plan.shape === 'compared' && Boolean(plan.better) && plan.meaning === null;
  const toChoose = isMeaningOpen ? [...open, text.meaning] : open;
  const count = parsed?.pairs.length ?? 0;
  return (
    <>
      {leftOver.length > 0 && <p className="quiet">{text.leftOver(leftOver.join(', '))}</p>}
      {parsed === null ? (
        <p role="status">{text.toChoose(toChoose.join(', '))}</p>
      ) : (
        <p role="status" className={count === 0 ? 'obstacle' : ''}>
          {text.outcome(count, parsed.errors.length)} {parsed.ties.length > 0 && text.ties(parsed.ties.length)}
        </p>
      )}
      {parsed !== null && parsed.errors.length > 0 && (
        <ul className="row-list" tabIndex={0}>
          {parsed.errors.slice(0, shownRefusals).map(({ message }, index) => (
            <li key={index}>{said(message)}</li>
          ))}
        </ul>
      )}
    </>
  );
}

/** Each pair that comes of the file in full, one after another. */
function WholePair({ preview: { parsed } }: { readonly preview: ImportPreview }) {
  const { common, data, quality } = useText();
  const [step, setStep] = useState(0);
  const pairs = parsed?.pairs ?? [];
  const at = Math.min(step, pairs.length - 1);
  const pair = pairs[at];
  if (pair === undefined) return null;
  const texts = textsOf(pair, common.roles);
  return (
    <>
      <Stepper
        place={data.preview.pairOf(at + 1, pairs.length)}
        names={{ previous: quality.previousPair, next: quality.nextPair }}
        previous={at === 0 ? null : () => setStep(at - 1)}
        next={at + 1 === pairs.length ? null : () => setStep(at + 1)}
      />
      <dl className="first-pair" aria-label={data.preview.wholePair}>
        {(['prompt', 'chosen', 'rejected'] as const).map((part) => (
          <div key={part}>
            <dt>{common[part]}</dt>
            <dd className="pair-text" tabIndex={0}>
              {texts[part] === '' && part !== 'prompt' ? (
                <span className="quiet">{data.preview.absent}</span>
              ) : (
                texts[part]
              )}
            </dd>
          </div>
        ))}
      </dl>
    </>
  );
}

export function ImportDialog() {
  const { dataset } = useStudio();
  const { common, data } = useText();
  const { preview: text } = data;
  const preview = useStudioState('dataset', (state) => state.previews[0]);
  const hasTemplate = useStudioState('model', (state) => state.summary?.hasChatTemplate ?? false);
  if (preview === undefined) return null;
  const { file, plan, parsed } = preview;
  const { confirmImport, cancelImport } = dataset.getState();
  const count = parsed?.pairs.length ?? 0;
  const becomesChat = hasTemplate && plan.as === 'chat' && parsed?.pairs.some(isChatPair) === true;
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => isOpen || cancelImport()}>
      <Modal className="modal modal-import">
        <Dialog className="popover-body" data-testid="import-dialog">
          <Heading slot="title">{text.title(file)}</Heading>
          <Facts preview={preview} />
          <ImportTable key={preview.file} preview={preview} />
          <ImportChoices preview={preview} />
          {becomesChat && <p className="quiet">{text.asChat}</p>}
          <Outcome preview={preview} />
          <WholePair preview={preview} />
          <div className="dialog-actions">
            <Button className="button button-primary" isDisabled={count === 0} onPress={() => void confirmImport()}>
              {text.import(count)}
            </Button>
            <Button className="button" onPress={cancelImport}>
              {common.cancel}
            </Button>
            {preview.origin === 'unknown' && <TemplateButton />}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
