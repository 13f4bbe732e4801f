/** @file A round for an annotator without a network: out in one file, and the judged answers back in one. */
import { useState } from 'react';
import { FolderOpen, Send } from 'lucide-react';
import { Button, FileTrigger } from 'react-aria-components';
import { partOf } from '../../plain/judge/courier';
import type { JudgedAnswers } from '../../stores/courier';
import { useText } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { TextInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';

/** What came back: its pairs, all or those that nobody here decided otherwise. */
function Judged({ judged }: { readonly judged: JudgedAnswers }) {
  const { courier } = useStudio();
  const { courier: text } = useText().records;
  // The numbers follow the pairs that are there.
  useStudioState('dataset', (state) => state.rows);
  const { rowsToAdd, add, putAway } = courier.getState();
  const [all, agreed] = [rowsToAdd(judged, false).length, rowsToAdd(judged, true).length];
  return (
    <div className="note note-info" role="status" data-testid="courier-judged">
      <div className="note-body">
        <p>{text.cameBack(judged.name, all)}</p>
        <div className="start-row">
          {agreed > 0 && (
            <Button className="button button-primary" onPress={() => void add(true)}>
              {agreed === all ? text.addAll(all) : text.addUndisputed(agreed)}
            </Button>
          )}
          {all > agreed && (
            <Button className="button" onPress={() => void add(false)}>
              {text.addAll(all)}
            </Button>
          )}
          <Button className="button" onPress={putAway}>
            {text.addNothing}
          </Button>
        </div>
      </div>
    </div>
  );
}

export function CourierPanel() {
  const { courier } = useStudio();
  const { records } = useText();
  const { courier: text } = records;
  const { failure, waiting, judged, written } = useStudioState('courier', (state) => state);
  const part = useStudioState('judge', ({ round }) => (round === null ? null : partOf(round)));
  const [passphrase, setPassphrase] = useState('');
  return (
    <div className="judge-files">
      <h3>{text.title}</h3>
      <p className="quiet">{text.lead}</p>
      <div className="field-row">
        <TextInput label={text.passphrase} isMasked value={passphrase} onChange={setPassphrase} />
      </div>
      <div className="start-row">
        {part !== null && (
          <Button className="button" onPress={() => void courier.getState().write(passphrase)}>
            <Send aria-hidden="true" /> {text.write[part]}
          </Button>
        )}
        <FileTrigger
          acceptedFileTypes={['.airlock']}
          onSelect={(list) => {
            const file = list?.[0];
            if (file !== undefined) void courier.getState().open(file);
          }}
        >
          <Button className="button">
            <FolderOpen aria-hidden="true" /> {text.open}
          </Button>
        </FileTrigger>
        {waiting !== null && (
          <Button
            className="button button-primary"
            isDisabled={passphrase === ''}
            onPress={() => void courier.getState().unlock(passphrase)}
          >
            {text.unlock(waiting.name)}
          </Button>
        )}
      </div>
      {waiting !== null && passphrase === '' && <p className="quiet">{text.needsPassphrase(waiting.name)}</p>}
      {written !== null && <p role="status">{text.written(written)}</p>}
      {failure !== null && <FailureNote failure={failure} />}
      {judged !== null && <Judged judged={judged} />}
    </div>
  );
}
