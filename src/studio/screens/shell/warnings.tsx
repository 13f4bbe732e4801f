/** @file A list of warnings, each a sentence; a long list is folded after the first few. */
import { TriangleAlert } from 'lucide-react';
import type { Sayable } from '../../../messages/message';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';

const shownAtOnce = 2;

export function Warnings({ warnings, label }: { readonly warnings: readonly Sayable[]; readonly label: string }) {
  const { shell } = useText();
  const said = useSaid();
  if (warnings.length === 0) return null;
  const folded = warnings.slice(shownAtOnce);
  const list = (items: readonly Sayable[], name: string) => (
    <ul aria-label={name}>
      {items.map((warning, index) => (
        <li key={index}>{said(warning)}</li>
      ))}
    </ul>
  );
  return (
    <div className="note note-warning">
      <TriangleAlert aria-hidden="true" />
      <div className="note-body">
        {list(warnings.slice(0, shownAtOnce), label)}
        {folded.length > 0 && (
          <details>
            <summary>{shell.moreWarnings(folded.length)}</summary>
            {list(folded, shell.warningsContinued(label))}
          </details>
        )}
      </div>
    </div>
  );
}
