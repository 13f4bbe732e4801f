/** @file Restoring a backup: the file, its passphrase, what would change here, and then the change. */
import { useState } from 'react';
import { FolderOpen } from 'lucide-react';
import { Button, FileTrigger } from 'react-aria-components';
import { isWritten, type RestorePlan, type UnitPlan } from '../../../storage/backup/restore';
import { describeUnfit, describeUnit } from '../../text/describe-unit';
import { useText } from '../../text/text';
import type { ChosenFile } from '../../stores/backup';
import { FailureNote } from '../shell/failure-note';
import { TextInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { Section } from '../shell/section';
import { useStudio, useStudioState } from '../use-studio';
import { DoingView } from './doing-view';

function Unlock() {
  const { backup } = useStudio();
  const { restore: text, backup: words } = useText().records;
  const isBusy = useStudioState('backup', (state) => state.doing !== null);
  const [passphrase, setPassphrase] = useState('');
  const open = () => void backup.getState().unlock(passphrase);
  return (
    <>
      <p>{text.encrypted}</p>
      <div className="field-row">
        <TextInput
          label={words.passphrase}
          isMasked
          value={passphrase}
          onChange={setPassphrase}
          onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && passphrase !== '' && open()}
        />
        <Button className="button" isDisabled={isBusy || passphrase === ''} onPress={open}>
          {text.unlock}
        </Button>
      </div>
    </>
  );
}

interface UnitListProps {
  readonly title: string;
  readonly units: readonly UnitPlan[];
  readonly describe?: typeof describeUnit;
}

/** Nothing where there is none. */
function UnitList({ title, units, describe = describeUnit }: UnitListProps) {
  const text = useText();
  if (units.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul className="row-list" tabIndex={0} aria-label={title}>
        {units.map((plan) => (
          <li key={plan.unit}>{describe(plan, text)}</li>
        ))}
      </ul>
    </>
  );
}

function ModelList({ models }: Pick<RestorePlan, 'models'>) {
  const { restore: text } = useText().records;
  if (models.length === 0) return null;
  return (
    <>
      <h3>{text.models}</h3>
      <ul className="row-list">
        {models.map(({ model, fate }) => (
          <li key={model.id}>
            <strong>{model.name}</strong> {text.model[fate]}{' '}
            <span className="quiet">({text.modelFacts(model.sizeBytes, model.sha256)})</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What would become of the file's content here; nothing is written yet. */
function Preview({ plan }: { readonly plan: RestorePlan }) {
  const { backup } = useStudio();
  const { restore: text } = useText().records;
  const isBusy = useStudioState('backup', (state) => state.doing !== null);
  const [takesTheirs, setTakesTheirs] = useState(false);
  // The names that runs had are joined without a word.
  const units = plan.units.filter(({ kind }) => kind !== 'run-numbers');
  const having = (fate: UnitPlan['fate']) => units.filter((unit) => unit.fate === fate);
  const [same, differs] = [having('same'), having('differs')];
  const count =
    units.filter((unit) => isWritten(unit, takesTheirs)).length +
    plan.models.filter(({ fate }) => fate === 'included').length;
  return (
    <div className="restore-preview" data-testid="restore-preview">
      <UnitList title={text.added} units={having('added')} />
      <UnitList title={text.merged} units={having('merged')} />
      <UnitList title={text.differs} units={differs} />
      {differs.length > 0 && (
        <RadioRow
          label={text.conflict}
          value={takesTheirs ? 'theirs' : 'mine'}
          options={[
            { id: 'mine', label: text.keepMine },
            { id: 'theirs', label: text.takeTheirs },
          ]}
          onChange={(id) => setTakesTheirs(id === 'theirs')}
        />
      )}
      <UnitList title={text.unfit} units={having('unfit')} describe={describeUnfit} />
      <ModelList models={plan.models} />
      {same.length > 0 && <p className="quiet">{text.same(same.length)}</p>}
      <div className="start-row">
        {count > 0 ? (
          <Button
            className="button button-primary"
            isDisabled={isBusy}
            onPress={() => void backup.getState().accept(takesTheirs)}
          >
            {text.accept(count)}
          </Button>
        ) : (
          <p>{text.nothing}</p>
        )}
        <Button className="button" isDisabled={isBusy} onPress={() => backup.getState().putAway()}>
          {text.cancel}
        </Button>
      </div>
    </div>
  );
}

function Chosen({ chosen }: { readonly chosen: ChosenFile }) {
  const { restore: text } = useText().records;
  const doing = useStudioState('backup', (state) => state.doing);
  const { name, closed, plan } = chosen;
  const { madeAt, label, encryption } = closed.header;
  return (
    <>
      <p>
        <strong>{text.made(name, madeAt)}</strong> {label}
      </p>
      {plan !== null ? <Preview plan={plan} /> : encryption !== null && doing?.kind !== 'checking' && <Unlock />}
    </>
  );
}

export function RestoreSection() {
  const { backup } = useStudio();
  const { restore: text } = useText().records;
  const { chosen, failure, restored, doing } = useStudioState('backup', (state) => state);
  return (
    <Section id="restore" title={text.title} lead={text.lead}>
      {restored !== null ? (
        <div className="note note-info" role="status">
          <div className="note-body">
            <p>{text.done(restored)}</p>
            <Button className="button button-primary" autoFocus onPress={() => location.reload()}>
              {text.reload}
            </Button>
          </div>
        </div>
      ) : (
        <>
          {chosen === null && (
            <div className="start-row">
              <FileTrigger
                acceptedFileTypes={['.airlock']}
                onSelect={(list) => {
                  const file = list?.[0];
                  if (file !== undefined) void backup.getState().choose(file);
                }}
              >
                <Button className="button" isDisabled={doing !== null}>
                  <FolderOpen aria-hidden="true" /> {text.choose}
                </Button>
              </FileTrigger>
            </div>
          )}
          {chosen !== null && <Chosen chosen={chosen} />}
        </>
      )}
      <DoingView kinds={['opening', 'checking', 'restoring']} />
      {failure?.of === 'restore' && <FailureNote failure={failure.failure} />}
    </Section>
  );
}
