/** @file Shown instead of the studio where the browser lacks something that it cannot do without. */
import { findLacks, type Environment } from '../../browser/capabilities';
import { useText } from '../../text/text';

export function Unsupported({ environment }: { readonly environment: Environment }) {
  const { shell } = useText();
  return (
    <main className="unsupported">
      <h1>{shell.unsupported}</h1>
      {findLacks(environment, shell.lacks).fatal.map((lack) => (
        <p key={lack} className="note note-error" role="alert">
          {lack}
        </p>
      ))}
    </main>
  );
}
