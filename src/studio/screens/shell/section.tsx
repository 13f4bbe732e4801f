/** @file The frame of a section: its heading, what it is for, and its actions. */
import type { ReactNode } from 'react';
import type { TermId } from '../../text/en/glossary';
import { Terms } from './term';

export interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly lead: string;
  /** Words of the field that the section has need of. */
  readonly terms?: readonly TermId[];
  /** Buttons that concern the whole section; they stand beside its title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Section({ id, title, lead, terms, actions, children }: SectionProps) {
  return (
    <section id={id} className="section" aria-labelledby={`${id}-title`} tabIndex={-1}>
      <header className="section-head">
        <div className="section-titles">
          <h2 id={`${id}-title`}>{title}</h2>
          <p>{lead}</p>
          {terms !== undefined && <Terms ids={terms} />}
        </div>
        {actions && <div className="section-actions">{actions}</div>}
      </header>
      <div className="section-body">{children}</div>
    </section>
  );
}
