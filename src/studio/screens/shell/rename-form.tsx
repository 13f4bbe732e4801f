/** @file The field that takes a heading's place while something is given another name. */
import { useState, type FormEvent } from 'react';
import { Button } from 'react-aria-components';
import { useText } from '../../text/text';
import { TextInput } from './fields';

interface RenameFormProps {
  readonly label: string;
  readonly name: string;
  /** Says why a name cannot be taken; null where it can. */
  readonly problemOf?: (name: string) => string | null;
  readonly onSave: (name: string) => void;
  readonly onDone: () => void;
}

export function RenameForm({ label, name: before, problemOf = () => null, onSave, onDone }: RenameFormProps) {
  const { common } = useText();
  const [name, setName] = useState(before);
  const problem = problemOf(name.trim());
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (problem !== null || name.trim() === '') return;
    onSave(name.trim());
    onDone();
  }
  return (
    <form
      className="rename-form"
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && onDone()}
    >
      <TextInput label={label} isLabelHidden value={name} onChange={setName} maxLength={80} isSelectedAtFirst />
      <Button className="button button-small" type="submit" isDisabled={name.trim() === '' || problem !== null}>
        {common.saveName}
      </Button>
      <Button className="button button-small" onPress={onDone}>
        {common.cancel}
      </Button>
      {problem !== null && (
        <p className="field-problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}
