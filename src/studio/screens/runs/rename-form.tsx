/** @file The field that takes a heading's place while a run is given another name. */
import { useState, type FormEvent } from 'react';
import { Button } from 'react-aria-components';
import { TextInput } from '../shell/fields';
import type { Run } from '../../plain/runs/run';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';

export function RenameForm({ run, onDone }: { readonly run: Run; readonly onDone: () => void }) {
  const { library } = useStudio();
  const { common, runs: text } = useText();
  const [name, setName] = useState(run.name);
  const isTaken = !library.getState().isNameFree(name, run.id);
  function submit(event: FormEvent): void {
    event.preventDefault();
    if (isTaken) return;
    void library.getState().label(run.id, { name });
    onDone();
  }
  return (
    <form
      className="rename-form"
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && onDone()}
    >
      <TextInput
        label={text.newName(run.name)}
        isLabelHidden
        value={name}
        onChange={setName}
        maxLength={80}
        isSelectedAtFirst
      />
      <Button className="button button-small" type="submit" isDisabled={name.trim() === '' || isTaken}>
        {text.saveName}
      </Button>
      <Button className="button button-small" onPress={onDone}>
        {common.cancel}
      </Button>
      {isTaken && (
        <p className="field-problem" role="alert">
          {text.nameTaken(name.trim())}
        </p>
      )}
    </form>
  );
}
