/** @file Shown instead of the studio where another program's service worker stood between the page and its server. */
import { RotateCw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../../text/text';

export function ForeignWorker({ script }: { readonly script: string }) {
  const { foreignWorker } = useText().shell;
  return (
    <main className="unsupported">
      <h1>{foreignWorker.title}</h1>
      <p className="note note-error" role="alert">
        {foreignWorker.body(script)}
      </p>
      <p>{foreignWorker.meaning}</p>
      <Button className="button button-primary" onPress={() => location.reload()}>
        <RotateCw aria-hidden="true" /> {foreignWorker.reload}
      </Button>
    </main>
  );
}
