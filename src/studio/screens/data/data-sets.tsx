/** @file Which data set is open, and what is done with data sets as a whole. */
import { useState, type FormEvent } from 'react';
import { CopyPlus, FilePlus2, Pencil, Trash2 } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import type { LucideIcon } from 'lucide-react';
import { keptDaysAfterDeletion, liveSets } from '../../stores/dataset-sets';
import { describeDatasetName } from '../../text/describe-dataset';
import { useText } from '../../text/text';
import { ConfirmButton } from '../shell/confirm-button';
import { ChoiceInput, TextInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';
import { HistoryButtons } from './history-buttons';
import { useOpenDataset } from './use-open-dataset';

interface NameButtonProps {
  readonly Icon: LucideIcon;
  readonly label: string;
  readonly title: string;
  /** What stands in the field at first. */
  readonly initial: string;
  readonly action: string;
  readonly isDisabled: boolean;
  readonly onName: (name: string) => void;
}

function NameForm({ initial, action, onName }: Pick<NameButtonProps, 'initial' | 'action' | 'onName'>) {
  const { common, data } = useText();
  const [name, setName] = useState(initial);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (name.trim() !== '') onName(name);
  }
  return (
    <form className="name-form" onSubmit={submit}>
      <TextInput label={data.sets.name} value={name} onChange={setName} maxLength={80} isSelectedAtFirst />
      <div className="dialog-actions">
        <Button className="button button-primary" type="submit" isDisabled={name.trim() === ''}>
          {action}
        </Button>
        <Button className="button" slot="close">
          {common.cancel}
        </Button>
      </div>
    </form>
  );
}

/** A button that asks for a name first. */
function NameButton({ Icon, label, title, initial, action, isDisabled, onName }: NameButtonProps) {
  return (
    <DialogTrigger>
      <Button className="button button-small" isDisabled={isDisabled}>
        <Icon aria-hidden="true" /> {label}
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body">
          {({ close }) => (
            <>
              <Heading slot="title">{title}</Heading>
              <NameForm initial={initial} action={action} onName={(name) => (close(), onName(name))} />
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function SetPicker({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const text = useText();
  const sets = useStudioState('dataset', (state) => state.sets);
  const openId = useStudioState('dataset', (state) => state.openId);
  const count = useStudioState('dataset', (state) => state.rows.length);
  const options = liveSets(sets).map(({ id, label, pairs }) => ({
    id,
    label: text.data.sets.option(describeDatasetName(label, text), id === openId ? count : pairs),
  }));
  return (
    <ChoiceInput
      label={text.data.sets.label}
      value={openId}
      options={options}
      isDisabled={isLocked}
      onChange={(id) => void dataset.getState().openSet(id)}
    />
  );
}

/** Of which round the pairs are, where they are of one. */
function RoundOfSet() {
  const { rounds: text } = useText();
  const round = useStudioState('dataset', ({ sets, openId }) => sets.find(({ id }) => id === openId)?.label.round);
  return round === undefined ? null : <p className="quiet">{text.ofRound(round.number, round.run)}</p>;
}

export function DataSets({ isLocked }: { readonly isLocked: boolean }) {
  const { dataset } = useStudio();
  const { sets: text } = useText().data;
  const { id, name, pairs } = useOpenDataset();
  const { newSet, renameSet, duplicateSet, deleteSet } = dataset.getState();
  return (
    <div className="data-sets" data-testid="data-sets">
      <SetPicker isLocked={isLocked} />
      <div className="data-sets-actions">
        <NameButton
          Icon={FilePlus2}
          label={text.new}
          title={text.newTitle}
          initial=""
          action={text.create}
          isDisabled={isLocked}
          onName={(given) => void newSet(given)}
        />
        <NameButton
          key={`rename ${name}`}
          Icon={Pencil}
          label={text.rename}
          title={text.renameTitle(name)}
          initial={name}
          action={text.save}
          isDisabled={isLocked}
          onName={(given) => void renameSet(id, given)}
        />
        <NameButton
          key={`duplicate ${name}`}
          Icon={CopyPlus}
          label={text.duplicate}
          title={text.duplicateTitle(name)}
          initial={text.copyOf(name)}
          action={text.create}
          isDisabled={isLocked}
          onName={(given) => void duplicateSet(given)}
        />
        <ConfirmButton
          className="button button-small"
          isDisabled={isLocked}
          title={text.deleteTitle(name)}
          body={text.deleteBody(pairs, keptDaysAfterDeletion)}
          confirm={text.delete}
          cancel={text.keepIt}
          onConfirm={() => void deleteSet(id)}
        >
          <Trash2 aria-hidden="true" /> {text.delete}
        </ConfirmButton>
      </div>
      <HistoryButtons isLocked={isLocked} />
      <RoundOfSet />
    </div>
  );
}
