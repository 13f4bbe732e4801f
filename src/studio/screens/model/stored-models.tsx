/** @file The models at hand: those kept in this browser and those that the server offers. */
import { Pencil, ShieldCheck, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import type { StoredModel } from '../../../storage/models/stored-model';
import { formatBytes, formatDate } from '../../text/format';
import { RenameForm } from '../shell/rename-form';
import { ConfirmButton } from '../shell/confirm-button';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { AdapterNames } from './model-adapters';

function DeleteButton({ stored }: { readonly stored: StoredModel }) {
  const { modelShelf } = useStudio();
  const { model: text } = useText();
  const isOpening = useStudioState('modelShelf', (state) => state.isOpening);
  const busy = useBusyReason();
  return (
    <ConfirmButton
      className="button button-icon"
      label={text.deleteNamed(stored.name)}
      isDisabled={busy !== null || isOpening}
      title={text.deleteTitle(stored.name)}
      body={text.deleteBody(formatBytes(stored.sizeBytes))}
      confirm={text.delete}
      cancel={text.keepIt}
      onConfirm={() => void modelShelf.getState().remove(stored.id)}
    >
      <Trash2 aria-hidden="true" />
    </ConfirmButton>
  );
}

function CheckButton({ stored: { id, name } }: { readonly stored: StoredModel }) {
  const { modelShelf, notices } = useStudio();
  const { model: text } = useText();
  const isChecking = useStudioState('modelShelf', (state) => state.checking !== null);
  async function check(): Promise<void> {
    if (await modelShelf.getState().check(id)) notices.getState().tellDone(text.sound(name));
  }
  return (
    <Button
      className="button button-icon"
      aria-label={text.checkNamed(name)}
      isDisabled={isChecking}
      onPress={() => void check()}
    >
      <ShieldCheck aria-hidden="true" />
    </Button>
  );
}

function StoredRow({ stored }: { readonly stored: StoredModel }) {
  const [isRenaming, setRenaming] = useState(false);
  const { modelShelf } = useStudio();
  const { model: text } = useText();
  const isOpen = useStudioState('modelShelf', ({ opened }) => opened?.id === stored.id);
  const isOpening = useStudioState('modelShelf', (state) => state.isOpening);
  const busy = useBusyReason();
  return (
    <li className="model-row" data-testid="stored-model">
      <div className="model-row-words">
        {isRenaming ? (
          <RenameForm
            label={text.newName(stored.name)}
            name={stored.name}
            onSave={(name) => void modelShelf.getState().rename(stored.id, name)}
            onDone={() => setRenaming(false)}
          />
        ) : (
          <h4>
            {stored.name}
            {isOpen && (
              <span className="tag" data-tone="running">
                {text.isOpen}
              </span>
            )}
          </h4>
        )}
        <p className="quiet">
          {formatBytes(stored.sizeBytes)} · {formatDate(stored.addedAt)} ·{' '}
          <code title={text.hash(stored.sha256)}>{stored.sha256.slice(0, 12)}</code>
        </p>
        {stored.fingerprint !== undefined && <AdapterNames fingerprint={stored.fingerprint} />}
      </div>
      <div className="model-row-buttons">
        {!isOpen && (
          <Button
            className="button"
            aria-label={text.openNamed(stored.name)}
            isDisabled={busy !== null || isOpening}
            onPress={() => void modelShelf.getState().open(stored.id)}
          >
            {text.open}
          </Button>
        )}
        <Button className="button button-icon" aria-label={text.rename(stored.name)} onPress={() => setRenaming(true)}>
          <Pencil aria-hidden="true" />
        </Button>
        <CheckButton stored={stored} />
        <DeleteButton stored={stored} />
      </div>
    </li>
  );
}

export function StoredModels() {
  const { model: text } = useText();
  const stored = useStudioState('modelShelf', (state) => state.stored);
  const openName = useStudioState('model', (state) => state.summary?.name ?? null);
  return (
    <section className="model-list" aria-labelledby="stored-models">
      <h3 id="stored-models">{text.stored}</h3>
      {stored.length === 0 ? (
        <p className="quiet">{openName === null ? text.nothingStored : text.openNotStored(openName)}</p>
      ) : (
        <ul>
          {stored.map((model) => (
            <StoredRow key={model.id} stored={model} />
          ))}
        </ul>
      )}
    </section>
  );
}

export function ServerModels() {
  const { modelShelf } = useStudio();
  const { model: text } = useText();
  const offered = useStudioState('modelShelf', (state) => state.server);
  const isOpening = useStudioState('modelShelf', (state) => state.isOpening);
  const busy = useBusyReason();
  if (offered.length === 0) return null;
  return (
    <section className="model-list" aria-labelledby="server-models">
      <h3 id="server-models">{text.onServer}</h3>
      <ul>
        {offered.map((model) => (
          <li className="model-row" key={model.name} data-testid="server-model">
            <div className="model-row-words">
              <h4>{model.name}</h4>
              <p className="quiet">{formatBytes(model.sizeBytes)}</p>
            </div>
            <Button
              className="button"
              aria-label={text.fetchNamed(model.name)}
              isDisabled={busy !== null || isOpening}
              onPress={() => void modelShelf.getState().addFromServer(model)}
            >
              {text.fetch}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
