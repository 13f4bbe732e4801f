/** @file What came of the last import: the count, and every refused row with its reason. */
import { X } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { ImportOutcome } from '../../stores/dataset';
import { useStudio } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

/** A wholly wrong file of a million rows would make a list that nobody reads and the page cannot lay out. */
const maxListed = 200;

export function ImportOutcomeNote({ outcome }: { readonly outcome: ImportOutcome }) {
  const { dataset } = useStudio();
  const { data } = useText();
  const said = useSaid();
  const { file, imported, refused, failure, isKept } = outcome;
  const tone = failure !== null ? 'error' : refused.length > 0 || !isKept ? 'warning' : 'success';
  const done = isKept ? data.imported : data.inPageOnly;
  const sentence = failure !== null ? said(failure) : done(imported, file, refused.length);
  return (
    <div className={`note note-${tone}`} data-testid="import-outcome">
      <div className="note-body">
        <p role={failure === null ? 'status' : 'alert'}>{sentence}</p>
        {refused.length > 0 && (
          <ul className="row-list" aria-label={data.refusedRows} tabIndex={0}>
            {refused.slice(0, maxListed).map(({ message }, index) => (
              <li key={index}>{said(message)}</li>
            ))}
            {refused.length > maxListed && <li>{data.moreRows(refused.length - maxListed)}</li>}
          </ul>
        )}
      </div>
      <Button
        className="button button-icon"
        aria-label={data.dismissImport}
        onPress={() => dataset.getState().forgetImport()}
      >
        <X aria-hidden="true" />
      </Button>
    </div>
  );
}
