/** @file What the browser keeps for this address, as a list. */
import type { Kept } from '../../../storage/erase';
import { describeKept } from '../../text/describe-kept';
import { useText } from '../../text/text';

export function KeptList({ kept }: { readonly kept: Kept }) {
  const text = useText();
  const lines = describeKept(kept, text);
  if (lines.length === 0) return <p className="quiet">{text.erase.nothing}</p>;
  return (
    <ul className="kept-list">
      {lines.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
