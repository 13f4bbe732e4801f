/**
 * @file The show of a demonstration, over the whole window and, where it is allowed, the whole screen. It begins where
 * the audience stopped, so a reload in the middle loses nothing.
 */
import { useEffect, useState } from 'react';
import type { Demonstration } from '../../../storage/demonstration-record';
import { onFullScreenTaken, toggleFullScreen } from '../../browser/full-screen';
import { canTakeBack, letterOf, orderAt, phaseOf, type Phase } from '../../plain/demonstration/show';
import type { ShowAction } from '../../plain/demonstration/show-keys';
import { votesOf } from '../../plain/demonstration/votes';
import { useText } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { useKeptFocus } from '../shell/use-kept-focus';
import { useStudio, useStudioState } from '../use-studio';
import { ShowControls } from './show-controls';
import { ShowPrompt, ShowWaiting } from './show-prompt';
import { ShowResult } from './show-result';
import { leaveShow } from './start-show';
import { useShowKeys } from './use-show-keys';
import { useCannotCompute } from './use-demonstration';
import { usePlayback, type Playback } from './use-playback';

interface StandingProps {
  readonly demonstration: Demonstration;
  readonly at: number;
}

/** Plays the answers of a prompt that is voted on, from their beginning. */
function usePromptPlayback({ demonstration, at }: StandingProps, phase: Phase): Playback {
  const isLive = useStudioState('demonstration', (state) => Object.keys(state.live).length > 0);
  const texts = (demonstration.answered[at] ?? []).map(({ text }) => text);
  return usePlayback(`${demonstration.orderSeed} ${at}`, texts, phase === 'voting' && !isLive);
}

/** What a key or a button does. The first step forward shows the rest of what is still playing. */
function useActing({ demonstration, at }: StandingProps, phase: Phase, playback: Playback) {
  const studio = useStudio();
  const cannot = useCannotCompute();
  const [showsChanges, setShowsChanges] = useState(true);
  const store = studio.demonstration.getState();
  function act(action: ShowAction): void {
    if (typeof action === 'object') {
      const column = orderAt(demonstration, at)[action.vote];
      if (column !== undefined) void store.vote(column);
    } else if (action === 'forward') {
      if (playback.isPlaying) playback.finish();
      else void store.forward();
    } else if (action === 'back') store.back();
    else if (action === 'undo') void store.takeBack();
    else if (action === 'changes') setShowsChanges(phase === 'revealed' ? !showsChanges : showsChanges);
    else if (action === 'live') {
      if (cannot === null && (phase === 'voting' || phase === 'revealed')) void store.answerLive();
    } else if (action === 'fullScreen') toggleFullScreen();
    else leaveShow(studio);
  }
  return { act, showsChanges };
}

/** Tells screen readers what a person sees change. */
function Spoken({ demonstration, at, phase }: StandingProps & { readonly phase: Phase }) {
  const { stage: text } = useText().demonstration;
  const votes = votesOf(demonstration, at);
  const places = orderAt(demonstration, at);
  const words =
    phase === 'result'
      ? text.result
      : [
          `${text.place(at + 1, demonstration.script.length)}.`,
          ...places.map((column, place) => text.voted(letterOf(place), votes[column] ?? 0)),
        ].join(' ');
  return (
    <span className="visually-hidden" role="status">
      {words}
    </span>
  );
}

function ShowHead({ demonstration, at }: StandingProps) {
  const { stage: text } = useText().demonstration;
  const prompts = demonstration.script.length;
  return (
    <header className="show-head">
      <h1 data-testid="show-place">{at < prompts ? text.place(at + 1, prompts) : text.result}</h1>
      <ol className="show-steps" aria-hidden="true">
        {demonstration.script.map((_, index) => (
          <li key={index} data-state={index < at ? 'past' : index === at ? 'now' : 'ahead'} />
        ))}
      </ol>
    </header>
  );
}

function Show({ demonstration }: { readonly demonstration: Demonstration }) {
  const studio = useStudio();
  const { stage: text } = useText().demonstration;
  const at = useStudioState('demonstration', (state) => state.at);
  const failure = useStudioState('demonstration', (state) => state.failure);
  const phase = phaseOf(demonstration, at);
  const playback = usePromptPlayback({ demonstration, at }, phase);
  const { act, showsChanges } = useActing({ demonstration, at }, phase, playback);
  const main = useKeptFocus<HTMLElement>();
  useShowKeys(act);
  useEffect(() => onFullScreenTaken(() => leaveShow(studio)), [studio]);
  const place = { demonstration, at };
  return (
    <main ref={main} id="work" className="show" tabIndex={-1} aria-label={text.label} data-phase={phase}>
      <ShowHead {...place} />
      <div className="show-body">
        {phase === 'result' && <ShowResult demonstration={demonstration} />}
        {phase === 'waiting' && <ShowWaiting {...place} />}
        {(phase === 'voting' || phase === 'revealed') && (
          <ShowPrompt {...place} phase={phase} playback={playback} showsChanges={showsChanges} />
        )}
        {failure !== null && <FailureNote failure={failure} />}
      </div>
      <ShowControls
        phase={phase}
        columns={demonstration.columns.length}
        isLast={at === demonstration.script.length - 1}
        isFirst={at === 0}
        canUndo={canTakeBack(demonstration, at)}
        showsChanges={showsChanges}
        act={act}
      />
      <Spoken {...place} phase={phase} />
    </main>
  );
}

export function ShowScreen() {
  const { demonstration: store } = useStudio();
  const round = useStudioState('demonstration', (state) => state.round);
  // After a reload the show goes on where it stood.
  useEffect(() => store.getState().open(), [store]);
  return round === null ? null : <Show demonstration={round} />;
}
