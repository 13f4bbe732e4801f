/** @file The run under way: what it is doing, how long it will take, and its charts as they grow. */
import { Bell, Pause, Square } from 'lucide-react';
import { useState } from 'react';
import { Button } from 'react-aria-components';
import { askForNotices, canAskForNotices } from '../../browser/notification';
import { formatDuration } from '../../text/format';
import { ProgressView } from '../shell/progress-view';
import { useKeptFocus } from '../shell/use-kept-focus';
import type { ActiveRun } from '../../stores/active-run';
import { useStudio } from '../use-studio';
import { describePhase } from '../../text/describe-phase';
import { useText } from '../../text/text';
import { DoctorNotes } from './doctor-notes';
import { MetricCharts } from './metric-charts';
import { SampleHistory } from './sample-history';
import { trainedConfigOf } from '../../plain/runs/run';

/** Offers a notice of the system at the end, as long as the person has neither allowed nor refused them. */
function NoticeButton() {
  const { active: words } = useText().train;
  const [canAsk, setCanAsk] = useState(canAskForNotices);
  if (!canAsk) return null;
  return (
    <Button
      className="button button-small"
      onPress={() => void askForNotices().finally(() => setCanAsk(canAskForNotices()))}
    >
      <Bell aria-hidden="true" /> {words.tellMe}
    </Button>
  );
}

export function ActiveRunView({ active }: { readonly active: ActiveRun }) {
  const { training } = useStudio();
  const text = useText();
  const { active: words } = text.train;
  const { name, place, places, metrics, secondsLeft, secondsPerStep, stopping } = active;
  const config = trainedConfigOf(active);
  const focus = useKeptFocus<HTMLDivElement>(true);
  return (
    <div className="active-run" ref={focus} tabIndex={-1} data-testid="active-run">
      <div className="active-head">
        {places > 1 && <span className="quiet">{words.place(place, places)}</span>}
        <ProgressView {...describePhase(active, text)} />
        <dl className="active-facts">
          <div>
            <dt>{words.timeLeft}</dt>
            <dd data-testid="time-left">{secondsLeft === null ? text.common.unknown : formatDuration(secondsLeft)}</dd>
          </div>
          <div>
            <dt>{words.perStep}</dt>
            <dd>{secondsPerStep > 0 ? words.seconds(secondsPerStep.toPrecision(2)) : text.common.unknown}</dd>
          </div>
        </dl>
        {active.canPause && (
          <Button className="button" isDisabled={stopping} onPress={() => training.getState().pause()}>
            <Pause aria-hidden="true" /> {words.pause}
          </Button>
        )}
        <Button className="button button-stop" isDisabled={stopping} onPress={() => training.getState().stop()}>
          <Square aria-hidden="true" /> {stopping ? text.common.stopping : text.common.stop}
        </Button>
      </div>
      <div className="active-note">
        <p className="quiet">{words.note}</p>
        <NoticeButton />
      </div>
      {metrics.length > 0 && (
        <>
          <DoctorNotes
            patient={{
              config,
              metrics,
              totalSteps: active.totalSteps,
              error: null,
              lengths: active.lengths,
              hasEnded: false,
              keptStep: null,
            }}
          />
          <SampleHistory prompts={active.prompts} rounds={active.samples} />
          <MetricCharts name={name} config={config} metrics={metrics} />
        </>
      )}
    </div>
  );
}
