/** @file What could not be read, with what a person can do about it: take it away as a file, or delete it. */
import { useState } from 'react';
import { Download, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { SetAside } from '../../../storage/set-aside';
import { whatIsSetAside, whyIsSetAside } from '../../text/set-aside';
import { useText } from '../../text/text';
import { useStudio, useStudioState } from '../use-studio';

function useRunName(): (runId: string) => string {
  const runs = useStudioState('library', (state) => state.runs);
  return (runId) => runs.find(({ id }) => id === runId)?.name ?? runId;
}

/** Asks before it deletes: nothing brings the record back. */
function DeleteRecord({ record, what }: { readonly record: SetAside; readonly what: string }) {
  const { setAside } = useStudio();
  const { setAside: text } = useText();
  const [isAsked, setAsked] = useState(false);
  if (!isAsked) {
    return (
      <Button className="button button-small" aria-label={text.deleteNamed(what)} onPress={() => setAsked(true)}>
        <Trash2 aria-hidden="true" /> {text.delete}
      </Button>
    );
  }
  return (
    <>
      <Button
        className="button button-small button-stop"
        onPress={() => (setAsked(false), void setAside.getState().remove(record))}
      >
        {text.deleteForGood}
      </Button>
      <Button className="button button-small" autoFocus onPress={() => setAsked(false)}>
        {text.keepIt}
      </Button>
    </>
  );
}

function Record({ record }: { readonly record: SetAside }) {
  const { setAside } = useStudio();
  const { setAside: text } = useText();
  const what = whatIsSetAside(text, record, useRunName());
  return (
    <li data-testid="set-aside">
      <p>{text.item(what, whyIsSetAside(text, record.misfit))}</p>
      <div className="start-row">
        {record.misfit?.reason !== 'unreadable' && (
          <Button
            className="button button-small"
            aria-label={text.downloadNamed(what)}
            onPress={() => void setAside.getState().download(record)}
          >
            <Download aria-hidden="true" /> {text.download}
          </Button>
        )}
        <DeleteRecord record={record} what={what} />
      </div>
    </li>
  );
}

/** Nothing where all could be read. */
export function SetAsideList() {
  const { setAside: text } = useText();
  const records = useStudioState('setAside', (state) => state.records);
  if (records.length === 0) return null;
  return (
    <section aria-labelledby="set-aside">
      <h3 id="set-aside">{text.title}</h3>
      <p className="quiet">{text.lead}</p>
      <ul className="set-aside">
        {records.map((record) => (
          <Record key={record.id} record={record} />
        ))}
      </ul>
    </section>
  );
}
