/**
 * @file Before a file is imported: what it was recognised as, its first pair, and shape and columns to choose by hand.
 */
import { Button, Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import {
  columnOf,
  columnRoles,
  importShapes,
  isOpenRole,
  verdictMeanings,
  type Pairing,
} from '../../../data/import/plan';
import { planOfShape, withColumn } from '../../../data/import/plan-of-shape';
import { ChoiceInput } from '../shell/fields';
import type { ImportPreview } from '../../stores/dataset';
import { useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { textsOf } from '../../plain/data/pair-text';

const shownRefusals = 3;
const noColumn = '';

function Fields({ preview: { plan, columns, table } }: { readonly preview: ImportPreview }) {
  const { dataset } = useStudio();
  const { preview: text } = useText().data;
  const { planImport } = dataset.getState();
  return (
    <div className="import-fields">
      <ChoiceInput
        label={text.shape}
        value={plan?.shape ?? ''}
        options={importShapes.map((id) => ({ id, label: text.shapes[id] }))}
        onChange={(id) => {
          const shape = importShapes.find((candidate) => candidate === id);
          if (shape !== undefined) planImport(planOfShape(shape, table, plan));
        }}
      />
      {plan !== null &&
        columnRoles[plan.shape].map((role) => (
          <ChoiceInput
            key={role}
            label={text.columns[role]}
            value={columnOf(plan, role) ?? noColumn}
            options={[
              ...(isOpenRole(plan.shape, role)
                ? [{ id: noColumn, label: role === 'scores' ? text.noScores : text.none }]
                : []),
              ...columns.map((id) => ({ id, label: id })),
            ]}
            onChange={(column) => planImport(withColumn(plan, role, column === noColumn ? null : column, table))}
          />
        ))}
      {plan?.shape === 'compared' && plan.better !== null && (
        <ChoiceInput
          label={text.meaning}
          value={plan.meaning ?? ''}
          options={verdictMeanings.map((id) => ({ id, label: text.meanings[id] }))}
          onChange={(id) => planImport({ ...plan, meaning: verdictMeanings.find((one) => one === id) ?? null })}
        />
      )}
      {plan !== null && (
        <ChoiceInput
          label={text.as}
          value={plan.as ?? 'text'}
          options={(['text', 'chat'] as const).map((id) => ({ id, label: text.forms[id] }))}
          onChange={(as) => planImport({ ...plan, as: as === 'chat' ? 'chat' : 'text' })}
        />
      )}
      {(plan?.shape === 'ranked' || plan?.shape === 'ratings') && (
        <ChoiceInput
          label={text.pairing}
          value={plan.pairing}
          options={(['all', 'ends'] as const satisfies readonly Pairing[]).map((id) => ({
            id,
            label: text.pairings[id],
          }))}
          onChange={(pairing) => planImport({ ...plan, pairing: pairing === 'ends' ? 'ends' : 'all' })}
        />
      )}
    </div>
  );
}

function FirstPair({ preview: { parsed } }: { readonly preview: ImportPreview }) {
  const { common, data } = useText();
  const first = parsed?.pairs[0];
  if (first === undefined) return null;
  const texts = textsOf(first);
  return (
    <dl className="first-pair" aria-label={data.preview.firstPair}>
      {(['prompt', 'chosen', 'rejected'] as const).map((part) => (
        <div key={part}>
          <dt>{common[part]}</dt>
          <dd className="pair-text" tabIndex={0}>
            {texts[part]}
          </dd>
        </div>
      ))}
    </dl>
  );
}

export function ImportDialog() {
  const { dataset } = useStudio();
  const {
    common,
    data: { preview: text },
  } = useText();
  const said = useSaid();
  const preview = useStudioState('dataset', (state) => state.previews[0]);
  if (preview === undefined) return null;
  const { file, table, plan, parsed } = preview;
  const { confirmImport, cancelImport } = dataset.getState();
  const count = parsed?.pairs.length ?? 0;
  return (
    <ModalOverlay className="modal-overlay" isOpen onOpenChange={(isOpen) => isOpen || cancelImport()}>
      <Modal className="modal modal-wide">
        <Dialog className="popover-body" data-testid="import-dialog">
          <Heading slot="title">{text.title(file)}</Heading>
          <p>
            {text.facts(table.format, table.rows.length)}{' '}
            {plan === null ? text.notRecognised : text.recognised(text.shapes[plan.shape])}
          </p>
          <Fields preview={preview} />
          {parsed !== null && (
            <p role="status" className={count === 0 ? 'obstacle' : ''}>
              {text.outcome(count, parsed.errors.length)}
            </p>
          )}
          {parsed !== null && parsed.errors.length > 0 && (
            <ul className="row-list" tabIndex={0}>
              {parsed.errors.slice(0, shownRefusals).map(({ message }, index) => (
                <li key={index}>{said(message)}</li>
              ))}
            </ul>
          )}
          <FirstPair preview={preview} />
          <div className="dialog-actions">
            <Button className="button button-primary" isDisabled={count === 0} onPress={() => void confirmImport()}>
              {text.import(count)}
            </Button>
            <Button className="button" onPress={cancelImport}>
              {common.cancel}
            </Button>
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
