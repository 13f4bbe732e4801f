/**
 * @file One answer as its tokens, each coloured by its log-ratio; the figures of the token under the pointer, or under
 * the arrow keys, below.
 */
import { useId, useState, type KeyboardEvent } from 'react';
import { formatSigned } from '../../text/format';
import { useText } from '../../text/text';
import { heatShare, type HeatToken } from '../../plain/compare/token-heat';

export interface TokenHeatProps {
  readonly label: string;
  readonly tokens: readonly HeatToken[];
  /** The log-ratio, in nats, at which a token has the full colour. */
  readonly limit: number;
  /** Whether it says how the figures of a token are shown, while none is. */
  readonly hasHint?: boolean;
}

/** Gives line breaks a visible sign, so that a coloured one can be seen. */
const showText = (text: string) => text.replaceAll('\n', '↵\n');

function nextToken(key: string, at: number, last: number): number | null {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(last, at + 1);
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(0, at - 1);
  return key === 'Home' ? 0 : key === 'End' ? last : null;
}

export function TokenHeat({ label, tokens, limit, hasHint = true }: TokenHeatProps) {
  const { heat: text } = useText().compare;
  const id = useId();
  const [active, setActive] = useState<number | null>(null);
  const shown = active === null ? null : (tokens[active] ?? null);

  function onKeyDown(event: KeyboardEvent): void {
    const next = nextToken(event.key, active ?? -1, tokens.length - 1);
    if (next === null) return;
    event.preventDefault();
    setActive(next);
  }

  return (
    <>
      <div
        className="answer-text token-heat"
        role="listbox"
        aria-label={label}
        aria-activedescendant={shown === null ? undefined : `${id}-${active}`}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onFocus={() => setActive((at) => at ?? 0)}
        onBlur={() => setActive(null)}
        onPointerLeave={() => setActive(null)}
      >
        {tokens.map((token, index) => {
          const share = heatShare(token, limit);
          return (
            <span
              key={index}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === active}
              aria-label={text.token(token.text, formatSigned(token.ratio))}
              data-special={token.isSpecial || undefined}
              data-sign={share < 0 ? 'down' : 'up'}
              style={{ '--heat': `${Math.round(Math.abs(share) * 100)}%` } as React.CSSProperties}
              onPointerEnter={() => setActive(index)}
            >
              {showText(token.text)}
            </span>
          );
        })}
      </div>
      <p className="token-figures" data-testid="token-figures">
        {shown === null
          ? hasHint && text.pointAtOne
          : text.figures(
              shown.text,
              formatSigned(shown.ratio),
              formatSigned(shown.logp),
              formatSigned(shown.reference),
            )}
      </p>
    </>
  );
}
