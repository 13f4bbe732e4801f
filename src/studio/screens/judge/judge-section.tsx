/**
 * @file The Judge screen: the form of a round, or the round: how far it is, two answers to compare, what it came to.
 */
import { Download, RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { JudgingRound } from '../../../storage/judging-record';
import { download } from '../../browser/download';
import { ConfirmButton } from '../shell/confirm-button';
import { FailureNote } from '../shell/failure-note';
import { Section } from '../shell/section';
import { countUnanswered } from '../../stores/judge';
import { waitingComparison } from '../../stores/round';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { secondsLeft } from '../../plain/judge/time-left';
import { formatDuration } from '../../text/format';
import { CourierPanel } from './courier-panel';
import { AnnotatorFiles } from './annotator-files';
import { RoundAnswering } from './answering';
import { ComparisonView } from './comparison-view';
import { RoundForm } from './round-form';
import { RoundSummaryView } from './round-summary-view';

/** Puts the round away; where something was judged, it asks first. */
function CloseRound() {
  const { judge } = useStudio();
  const { round: text } = useText().judge;
  const judged = useStudioState('judge', (state) => state.round?.judgements.length ?? 0);
  const close = () => void judge.getState().close();
  const label = (
    <>
      <RotateCcw aria-hidden="true" /> {text.close}
    </>
  );
  if (judged === 0)
    return (
      <Button className="button" onPress={close}>
        {label}
      </Button>
    );
  return (
    <ConfirmButton
      className="button"
      isDisabled={false}
      title={text.closeTitle}
      body={text.closeBody(judged)}
      confirm={text.closeIt}
      cancel={text.keepIt}
      onConfirm={close}
    >
      {label}
    </ConfirmButton>
  );
}

function RoundActions() {
  const { judge } = useStudio();
  const { round: text } = useText().judge;
  function exportRound(): void {
    const file = judge.getState().exportRound();
    if (file !== null) download(file.name, file.text, 'application/jsonl');
  }
  return (
    <>
      <Button className="button" onPress={exportRound}>
        <Download aria-hidden="true" /> {text.export}
      </Button>
      <CloseRound />
    </>
  );
}

/** How far the models are with answering the round; nothing where all is answered or none can. */
function JudgeAnswering({ round }: { readonly round: JudgingRound }) {
  const { progress: text } = useText().judge;
  const missing = countUnanswered(round);
  return (
    <RoundAnswering
      of="judge"
      missing={missing === 0 ? null : text.unanswered(missing)}
      stopLabel={text.stop}
      goOnLabel={text.goOn}
      needsModel={text.otherModel(round.modelName)}
      data-testid="answering"
    />
  );
}

function RoundView() {
  const { judge } = useStudio();
  const { judge: text } = useText();
  const state = useStudioState('judge', (all) => all);
  const { round, comparisons, answering, failure } = state;
  if (round === null) return null;
  const waiting = waitingComparison(state);
  const before = round.judgements.at(-1);
  const left = secondsLeft(round.judgements, comparisons.length - round.judgements.length);
  return (
    <>
      <JudgeAnswering round={round} />
      {failure !== null && <FailureNote failure={failure} />}
      {waiting !== null ? (
        <ComparisonView
          comparison={waiting}
          number={round.judgements.length + 1}
          total={answering === null ? comparisons.length : null}
          timeLeft={left === null ? null : formatDuration(Math.max(1, left))}
          guideline={state.form.guideline}
          last={before === undefined || before.skipped === true ? null : before.verdict}
          canEdit
          onVerdict={(verdict, edited, comment) => void judge.getState().judge(verdict, edited, comment)}
          onSkip={(comment) => void judge.getState().skip(comment)}
          onUndo={() => void judge.getState().undo()}
        />
      ) : answering !== null ? (
        <p className="note note-info">
          {round.judgements.length === 0 ? text.compare.waitingFirst : text.compare.waiting}
        </p>
      ) : (
        <RoundSummaryView round={round} />
      )}
    </>
  );
}

const words = ['pair', 'temperature', 'winRate', 'interval'] as const;

export function JudgeSection() {
  const { judge: text } = useText();
  const hasRound = useStudioState('judge', (state) => state.round !== null);
  return (
    <Section id="judge" title={text.title} lead={text.lead} terms={words} actions={hasRound && <RoundActions />}>
      {hasRound ? <RoundView /> : <RoundForm />}
      <AnnotatorFiles />
      <CourierPanel />
    </Section>
  );
}
