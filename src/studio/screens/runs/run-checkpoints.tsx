/** @file The checkpoints that a run left, and the buttons that go on from them. */
import { GitFork, Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { precisionOfRun, type Run } from '../../plain/runs/run';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

/** Resumes the run as it was, or forks a new run from a checkpoint with the settings of the training form. */
export function RunCheckpoints({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const { training } = useStudio();
  const text = useText().runs.checkpoints;
  const busy = useBusyReason();
  const precision = useStudioState('model', (state) => state.summary?.precision ?? null);
  const steps = run.checkpoints ?? [];
  if (steps.length === 0 || run.status === 'running') return null;
  const isHeldSo = precision === null || precision === precisionOfRun(run);
  const needed = !isHeldSo ? text.needsPrecision(run.modelName, precisionOfRun(run)) : null;
  const obstacle = busy ?? (precision === null || isOtherModel ? text.needsModel(run.modelName) : needed);
  return (
    <div className="run-checkpoints" data-testid="checkpoints">
      <h4>{text.title}</h4>
      <p className="quiet">{obstacle ?? text.help}</p>
      <div className="button-row">
        {run.status !== 'finished' && (
          <Button
            className="button button-primary"
            isDisabled={obstacle !== null}
            onPress={() => void training.getState().resume(run.id)}
          >
            <Play aria-hidden="true" /> {text.resume(steps.at(-1) ?? 0)}
          </Button>
        )}
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
    </div>
  );
}
