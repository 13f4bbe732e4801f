/** @file An error: its sentence, and the details folded away where there are any. */
import type { ReactNode } from 'react';
import { CircleAlert } from 'lucide-react';
import type { Failure } from '../failure';

export function FailureNote({ failure, children }: { readonly failure: Failure; readonly children?: ReactNode }) {
  return (
    <div className="note note-error" role="alert">
      <CircleAlert aria-hidden="true" />
      <div className="note-body">
        <p>{failure.sentence}</p>
        {failure.details !== null && (
          <details>
            <summary>Details for support</summary>
            <pre>{failure.details}</pre>
          </details>
        )}
        {children}
      </div>
    </div>
  );
}
