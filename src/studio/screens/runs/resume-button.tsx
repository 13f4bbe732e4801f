/** @file The button that goes on with a run, or with what was to follow it; it says why where that cannot be now. */
import { Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { goingOn } from '../../plain/runs/going-on';
import { precisionOfRun, type Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

/** Why no run can go on from the run's checkpoints now; null where one can. */
export function useGoingOnObstacle(run: Run): string | null {
  const text = useText().runs.checkpoints;
  const busy = useBusyReason();
  const model = useStudioState('model', (state) => state.summary);
  if (busy !== null) return busy;
  if (model === null || model.fingerprint !== run.modelFingerprint) return text.needsModel(run.modelName);
  return model.precision === precisionOfRun(run) ? null : text.needsPrecision(run.modelName, precisionOfRun(run));
}

/** Nothing where the run has come to its end. */
export function ResumeButton({ run }: { readonly run: Run }) {
  const { training } = useStudio();
  const { compare, runs: words } = useText();
  const text = words.checkpoints;
  const runs = useStudioState('library', (state) => state.runs);
  const obstacle = useGoingOnObstacle(run);
  const way = goingOn(run, runs);
  if (way === null) return null;
  const then = way.then.map((method) => compare.columns[method]);
  return (
    <div className="resume" data-testid="resume">
      <Button
        className="button button-primary"
        isDisabled={obstacle !== null}
        onPress={() => void training.getState().resume(run.id)}
      >
        <Play aria-hidden="true" /> {way.step === null ? text.next(then) : text.resume(way.step)}
      </Button>
      {obstacle !== null && <p className="quiet">{obstacle}</p>}
      {obstacle === null && way.step !== null && then.length > 0 && <p className="quiet">{text.then(then)}</p>}
    </div>
  );
}
