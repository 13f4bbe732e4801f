/**
 * @file What leaves this PC, in the bar: a count where the page is guarded, and otherwise what is missing. What that
 * means is said in short when the chip is pointed at or focused, and in full when it is pressed.
 */
import { ShieldCheck, TriangleAlert } from 'lucide-react';
import { Button, Dialog, DialogTrigger, Heading, Popover, Tooltip, TooltipTrigger } from 'react-aria-components';
import { formatBytes } from '../../text/format';
import { sealOf, type Guarantees } from '../../stores/traffic';
import { useText } from '../../text/text';
import { useStudioState } from '../use-studio';

const sumOf = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);

/** The few words of the chip. */
function useHeadline(): { readonly isGood: boolean; readonly words: string; readonly more: string } {
  const text = useText().shell.sent;
  const traffic = useStudioState('traffic', (state) => state);
  const { elsewhere, posted } = traffic;
  const seal = sealOf(traffic);
  if (seal === 'sealed') return { isGood: true, words: text.none, more: text.noneMore };
  if (seal === 'checking') return { isGood: true, words: text.none, more: text.checking };
  if (seal === 'open') return { isGood: false, words: text.notSealed, more: text.notSealedMore };
  const requests = sumOf(elsewhere);
  if (requests > 0) return { isGood: false, words: text.some(requests), more: '' };
  return { isGood: false, words: text.posted(posted.requests, formatBytes(posted.bytes)), more: '' };
}

function Guards({ guarantees }: { readonly guarantees: Guarantees }) {
  const text = useText().shell.sent;
  return (
    <section className="panel-part" aria-label={text.guards}>
      {(['policy', 'allowlist', 'isolation'] as const).map((guard) => (
        <p key={guard} className={guarantees[guard] === 'holds' ? 'quiet' : 'obstacle'} data-guard={guarantees[guard]}>
          {text[guard][guarantees[guard]]}
        </p>
      ))}
      <p className="quiet">{text.limits}</p>
    </section>
  );
}

export function SentChip() {
  const text = useText().shell.sent;
  const { seen, elsewhere, blocked, posted, guarantees } = useStudioState('traffic', (state) => state);
  const { isGood, words, more } = useHeadline();
  const others = Object.entries(elsewhere);
  const meaning = others.length === 0 ? text.meaning(seen, location.origin) : text.elsewhere;
  return (
    <DialogTrigger>
      <TooltipTrigger delay={400}>
        <Button className="chip chip-sent" data-testid="sent-chip">
          {isGood ? (
            <ShieldCheck className="chip-good" aria-hidden="true" />
          ) : (
            <TriangleAlert className="chip-warning" aria-hidden="true" />
          )}
          <strong>{words}</strong>
          {more !== '' && <span className="chip-more">· {more}</span>}
        </Button>
        <Tooltip className="tooltip" placement="bottom end">
          {meaning}
        </Tooltip>
      </TooltipTrigger>
      <Popover className="popover" placement="bottom end">
        <Dialog className="popover-body">
          <Heading slot="title">{text.title}</Heading>
          <p>{meaning}</p>
          {others.length > 0 && (
            <ul>
              {others.map(([origin, count]) => (
                <li key={origin}>{text.to(origin, count)}</li>
              ))}
            </ul>
          )}
          {posted.requests > 0 && <p className="obstacle">{text.posted(posted.requests, formatBytes(posted.bytes))}</p>}
          {blocked > 0 && <p>{text.blocked(blocked)}</p>}
          {guarantees !== null && <Guards guarantees={guarantees} />}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}
