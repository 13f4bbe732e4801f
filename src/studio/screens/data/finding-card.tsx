/** @file One finding about the pairs as a card: what it is, how many pairs it concerns, why it matters, what to do. */
import type { ReactNode } from 'react';
import { formatCount } from '../../text/format';

export interface FindingCardProps {
  readonly name: string;
  /** How many pairs it concerns; absent where it is about all of them together. */
  readonly count?: number;
  readonly why: ReactNode;
  /** What training leaves out is an error, all else a warning. */
  readonly tone: 'warning' | 'error';
  readonly actions?: ReactNode;
  readonly testId?: string;
}

export function FindingCard({ name, count, why, tone, actions, testId }: FindingCardProps) {
  return (
    <li className="finding" data-tone={tone} data-testid={testId}>
      <h4 className="finding-head">
        {name} {count !== undefined && <span className="finding-count">{formatCount(count)}</span>}
      </h4>
      <p className="finding-why">{why}</p>
      {actions && <div className="finding-actions">{actions}</div>}
    </li>
  );
}
