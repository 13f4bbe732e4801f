/** @file Two buttons that step forward and back, and between them where one is. */
import { ChevronLeft, ChevronRight } from 'lucide-react';
import { Button, Tooltip, TooltipTrigger } from 'react-aria-components';

export interface StepperProps {
  /** "Rows 1 to 5 of 60". */
  readonly place: string;
  readonly names: { readonly previous: string; readonly next: string };
  /** Null at an end. */
  readonly previous: (() => void) | null;
  readonly next: (() => void) | null;
}

export function Stepper({ place, names, previous, next }: StepperProps) {
  const steps = [
    { name: names.previous, Icon: ChevronLeft, go: previous },
    { name: names.next, Icon: ChevronRight, go: next },
  ];
  return (
    <span className="stepper">
      <span className="quiet" role="status">
        {place}
      </span>
      {steps.map(({ name, Icon, go }) => (
        <TooltipTrigger key={name} delay={400}>
          <Button className="button button-icon" aria-label={name} isDisabled={go === null} onPress={() => go?.()}>
            <Icon aria-hidden="true" />
          </Button>
          <Tooltip className="tooltip">{name}</Tooltip>
        </TooltipTrigger>
      ))}
    </span>
  );
}
