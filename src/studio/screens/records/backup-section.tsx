/** @file "Back up everything": with or without models, encrypted or not. */
import { useState } from 'react';
import { Archive } from 'lucide-react';
import { Button, Checkbox } from 'react-aria-components';
import { useText } from '../../text/text';
import { dueBackup } from '../../stores/backup-reminder';
import { FailureNote } from '../shell/failure-note';
import { TextInput } from '../shell/fields';
import { Section } from '../shell/section';
import { useStudio, useStudioState, useStudioStates } from '../use-studio';
import { DoingView } from './doing-view';

/** How old the last backup is, and what the one just made holds. */
function BackupFacts() {
  const { backup: text } = useText().records;
  const states = useStudioStates();
  const { written, last, failure } = states.backup;
  const due = dueBackup(states);
  return (
    <>
      {failure?.of === 'backup' && <FailureNote failure={failure.failure} />}
      {written !== null && (
        <div className="note note-info" role="status" data-testid="backup-done">
          <div className="note-body">
            <p className="hash">{text.done(written.fileName, written.sha256)}</p>
            <p>{text.holds(written.counts.dataset, written.counts.run, written.models)}</p>
            {written.leftOut.length > 0 && <p>{text.leftOut(written.leftOut.join(', '))}</p>}
          </div>
        </div>
      )}
      {due !== null && <p className="note note-warning">{text.due(due.days)}</p>}
      {due === null && written === null && <p className="quiet">{last === null ? text.never : text.last(last.at)}</p>}
    </>
  );
}

interface Passphrases {
  readonly first: string;
  readonly second: string;
}

interface PassphraseFieldsProps {
  readonly value: Passphrases;
  readonly onChange: (value: Passphrases) => void;
}

function PassphraseFields({ value, onChange }: PassphraseFieldsProps) {
  const { backup: text } = useText().records;
  const { first, second } = value;
  return (
    <>
      <div className="field-row">
        <TextInput
          label={text.passphrase}
          isMasked
          value={first}
          onChange={(typed) => onChange({ ...value, first: typed })}
        />
        <TextInput
          label={text.repeat}
          isMasked
          value={second}
          onChange={(typed) => onChange({ ...value, second: typed })}
        />
      </div>
      <p className="field-help">{second !== '' && first !== second ? text.differ : text.passphraseHelp}</p>
    </>
  );
}

const noPassphrase: Passphrases = { first: '', second: '' };

export function BackupSection() {
  const { backup } = useStudio();
  const { backup: text } = useText().records;
  const models = useStudioState('modelShelf', (state) => state.stored);
  const isBusy = useStudioState('backup', (state) => state.doing !== null);
  const [withModels, setWithModels] = useState(false);
  const [isEncrypted, setEncrypted] = useState(false);
  const [passphrase, setPassphrase] = useState(noPassphrase);
  const bytes = models.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const isReady = !isEncrypted || (passphrase.first !== '' && passphrase.first === passphrase.second);
  async function start(): Promise<void> {
    await backup.getState().backUp({ withModels, passphrase: isEncrypted ? passphrase.first : null });
    setPassphrase(noPassphrase);
  }
  return (
    <Section id="backup" title={text.title} lead={text.lead}>
      {models.length > 0 && (
        <div>
          <Checkbox className="checkbox" isSelected={withModels} isDisabled={isBusy} onChange={setWithModels}>
            <span className="checkbox-box" aria-hidden="true" />
            {text.withModels(models.length, bytes)}
          </Checkbox>
          <p className="field-help">{text.modelsNamed}</p>
        </div>
      )}
      <Checkbox className="checkbox" isSelected={isEncrypted} isDisabled={isBusy} onChange={setEncrypted}>
        <span className="checkbox-box" aria-hidden="true" />
        {text.encrypt}
      </Checkbox>
      {isEncrypted && <PassphraseFields value={passphrase} onChange={setPassphrase} />}
      <div className="start-row">
        <Button className="button button-primary" isDisabled={isBusy || !isReady} onPress={() => void start()}>
          <Archive aria-hidden="true" /> {text.start}
        </Button>
      </div>
      <DoingView kinds={['records', 'models']} />
      <BackupFacts />
    </Section>
  );
}
