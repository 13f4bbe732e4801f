/** @file An error: its sentence, and the details folded away where there are any. */
import type { ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import type { Failure } from '../../text/failure';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

export function FailureNote({ failure, children }: { readonly failure: Failure; readonly children?: ReactNode }) {
  const { shell } = useText();
  const said = useSaid();
  return (
    <div className="note note-error" role="alert">
      <CircleAlert aria-hidden="true" />
      <div className="note-body">
        <p>{said(failure.sentence)}</p>
        {failure.details !== null && (
          <details>
            <summary>{shell.supportDetails}</summary>
            <pre>{failure.details}</pre>
          </details>
        )}
        {children}
      </div>
    </div>
  );
}
