/** @file The checkpoints that a run left, and the buttons that go on from them. */
import { GitFork } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Run } from '../../plain/runs/run';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';
import { useGoingOnObstacle } from './resume-button';

/** Resumes the run as it was, or forks a new run from a checkpoint with the settings of the training form. */
export function RunCheckpoints({ run }: { readonly run: Run }) {
  const { training } = useStudio();
  const text = useText().runs.checkpoints;
  const obstacle = useGoingOnObstacle(run);
  const steps = run.checkpoints ?? [];
  if (steps.length === 0 || run.status === 'running') return null;
  return (
    <section className="run-part run-checkpoints" aria-label={text.title} data-testid="checkpoints">
      <h3>{text.title}</h3>
      <p className="quiet">{obstacle ?? text.help}</p>
      <div className="button-row">
        {steps.map((step) => (
          <Button
            key={step}
            className="button"
            isDisabled={obstacle !== null}
            onPress={() => void training.getState().fork(run.id, step)}
          >
            <GitFork aria-hidden="true" /> {text.fork(step)}
          </Button>
        ))}
      </div>
    </section>
  );
}
