/** @file A command to be copied. */
import { Copy } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../../text/text';
import { useStudio } from '../use-studio';

export function CommandBox({ label, command }: { readonly label: string; readonly command: string }) {
  const { notices } = useStudio();
  const { handOver: text } = useText();
  async function copy(): Promise<void> {
    try {
      await navigator.clipboard.writeText(command);
      notices.getState().tellDone(text.copied);
    } catch {
      notices.getState().warn(text.copyRefused);
    }
  }
  return (
    <figure className="command">
      <figcaption>
        {label}
        <Button className="button button-small" onPress={() => void copy()}>
          <Copy aria-hidden="true" /> {text.copy}
        </Button>
      </figcaption>
      <pre tabIndex={0} aria-label={label}>
        {command}
      </pre>
    </figure>
  );
}
