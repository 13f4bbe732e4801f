/** @file How far a sweep is, with the time that is left and a pause; or how to go on with it. */
import { Pause, Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { Sweep } from '../../../storage/sweep-record';
import { answersLeft, isMeasurable, runsLeft } from '../../plain/frontier/sweep';
import { paceOf, secondsLeft, shareDone } from '../../plain/frontier/sweep-time';
import { fitsModel } from '../../stores/sweep';
import { formatDuration } from '../../text/format';
import { useText } from '../../text/text';
import { ProgressView } from '../shell/progress-view';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { usePolicyNames } from './names';

/** The run under way, where it is one of the sweep's. */
function useActiveRun(sweep: Sweep) {
  const active = useStudioState('training', (state) => state.active);
  return active !== null && sweep.runs.includes(active.id) ? active : null;
}

function useWork(sweep: Sweep) {
  const active = useActiveRun(sweep);
  const runs = useStudioState('library', (state) => state.runs);
  const known = useStudioState('sweep', (state) => state.pace);
  const answering = useStudioState('sweep', (state) => state.answering);
  const ended = sweep.runs.filter((id) => isMeasurable(runs.find((run) => run.id === id))).length;
  const step = active?.metrics.at(-1)?.step ?? 0;
  const part = active === null || active.totalSteps === 0 ? 0 : step / active.totalSteps;
  const activeSeconds = active?.secondsPerStep == null ? null : active.secondsPerStep * active.totalSteps;
  const pace = paceOf({ sweep, known, runs, activeSeconds });
  return {
    ...{ active, step, answering },
    share: shareDone(sweep, ended + part, answering?.done ?? answersLeft(sweep).done),
    left: pace && secondsLeft(sweep, pace, sweep.betas.length - ended - part),
  };
}

function Working({ sweep }: { readonly sweep: Sweep }) {
  const store = useStudio().sweep;
  const { common, frontier: text } = useText();
  const nameOf = usePolicyNames(sweep);
  const stopping = useStudioState('sweep', (state) => state.stopping);
  const { active, step, share, left } = useWork(sweep);
  const policy = answersLeft(sweep).next;
  const doing =
    active === null
      ? text.working.answering(nameOf(policy))
      : text.working.training(nameOf(sweep.runs.indexOf(active.id) + 1), step, active.totalSteps);
  const time = left === null ? '' : ` · ${text.working.left(formatDuration(left))}`;
  return (
    <div className="progress-row" data-testid="frontier-working">
      <ProgressView label={text.working.label} done={share} total={1} valueText={`${doing}${time}`} />
      <Button className="button button-stop" isDisabled={stopping} onPress={() => store.getState().stop()}>
        <Pause aria-hidden="true" /> {stopping ? common.stopping : text.working.pause}
      </Button>
    </div>
  );
}

export function SweepProgress({ sweep }: { readonly sweep: Sweep }) {
  const store = useStudio().sweep;
  const { frontier: text } = useText();
  const isWorking = useStudioState('sweep', (state) => state.isWorking);
  const model = useStudioState('model', (state) => state.summary);
  const library = useStudioState('library', (state) => state.runs);
  const busy = useBusyReason();
  if (isWorking) return <Working sweep={sweep} />;
  const { count } = answersLeft(sweep);
  if (count === 0) return null;
  const obstacle = fitsModel(sweep, model) ? busy : text.otherModel(sweep.modelName, sweep.precision);
  return (
    <div className="start-row">
      <p>{text.missing(runsLeft(sweep, library), count)}</p>
      <Button
        className="button button-primary"
        isDisabled={obstacle !== null}
        onPress={() => void store.getState().goOn()}
      >
        <Play aria-hidden="true" /> {text.goOn}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}
