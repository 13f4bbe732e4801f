/** @file Opens the hand-over dialog for a run; nothing where the run has no adapter. */
import { PackageCheck } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { useStudio } from '../use-studio';

interface HandOverButtonProps {
  readonly run: Run;
  /** Whether the button is an icon alone, as in the list. */
  readonly isIcon?: boolean;
}

export function HandOverButton({ run, isIcon = false }: HandOverButtonProps) {
  const { handOver } = useStudio();
  const { handOver: text } = useText();
  if (run.adapterBytes === 0) return null;
  return (
    <Button
      className={isIcon ? 'button button-icon' : 'button button-primary'}
      aria-label={text.openOf(run.name)}
      onPress={() => handOver.getState().open(run.id)}
    >
      <PackageCheck aria-hidden="true" /> {!isIcon && text.open}
    </Button>
  );
}
