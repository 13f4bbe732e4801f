/** @file The small question beside a word of the field: what it means, where the word stands. */
import { Button, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components';
import { CircleHelp } from 'lucide-react';
import type { TermId } from '../../text/en/glossary';
import { useText } from '../../text/text';

/** What a field is for, and the word that its label has need of, where there is one. */
export function FieldQuestion({
  label,
  help,
  term,
}: {
  readonly label: string;
  readonly help: string;
  readonly term?: TermId | undefined;
}) {
  const { glossary } = useText();
  return (
    <DialogTrigger>
      <Button slot={null} className="term" aria-label={glossary.about(label)}>
        <CircleHelp aria-hidden="true" />
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body term-body">
          <Heading slot="title">{label}</Heading>
          <p>{help}</p>
          {term !== undefined && <p className="quiet">{glossary.terms[term].meaning}</p>}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

interface TermProps {
  readonly id: TermId;
  /** Whether the word stands in the button, where the place does not say it itself. */
  readonly isNamed?: boolean;
}

export function Term({ id, isNamed = false }: TermProps) {
  const { glossary } = useText();
  const { name, meaning } = glossary.terms[id];
  return (
    <DialogTrigger>
      {/* No slot: fields and selects give their own buttons what they do. */}
      <Button slot={null} className={isNamed ? 'term term-named' : 'term'} aria-label={glossary.what(name)}>
        {isNamed && name}
        <CircleHelp aria-hidden="true" />
      </Button>
      <Popover className="popover" placement="bottom start">
        <Dialog className="popover-body term-body">
          <Heading slot="title">{name}</Heading>
          <p>{meaning}</p>
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

/** Several words in a row, where one place has more than one. */
export function Terms({ ids }: { readonly ids: readonly TermId[] }) {
  return (
    <span className="terms">
      {ids.map((id) => (
        <Term key={id} id={id} isNamed />
      ))}
    </span>
  );
}
