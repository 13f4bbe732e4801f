/**
 * @file The Judge screen: the form of a round, or the round: how far it is, two answers to compare, what it came to.
 */
import { Download, Play, RotateCcw, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { download } from '../../browser/download';
import { formatDuration } from '../../text/format';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import { Section } from '../shell/section';
import { countUnanswered } from '../../stores/judge';
import { waitingComparison } from '../../stores/round';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { AnnotatorFiles } from './annotator-files';
import { ComparisonView } from './comparison-view';
import { RoundForm } from './round-form';
import { RoundSummaryView } from './round-summary-view';

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
      <Button className="button" onPress={() => void judge.getState().close()}>
        <RotateCcw aria-hidden="true" /> {text.close}
      </Button>
    </>
  );
}

/** How many prompts have no answers, and the way on. */
function Unanswered() {
  const { judge } = useStudio();
  const { progress: text } = useText().judge;
  const round = useStudioState('judge', (state) => state.round);
  const summary = useStudioState('model', (state) => state.summary);
  const busy = useBusyReason();
  if (round === null || round.fingerprint === null || countUnanswered(round) === 0) return null;
  const obstacle = summary?.fingerprint === round.fingerprint ? busy : text.otherModel(round.modelName);
  return (
    <div className="start-row">
      <p>{text.unanswered(countUnanswered(round))}</p>
      <Button className="button" isDisabled={obstacle !== null} onPress={() => void judge.getState().answerRest()}>
        <Play aria-hidden="true" /> {text.goOn}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}

function Answering() {
  const { judge } = useStudio();
  const {
    common,
    judge: { progress: text },
  } = useText();
  const answering = useStudioState('judge', (state) => state.answering);
  const stopping = useStudioState('judge', (state) => state.stopping);
  if (answering === null) return <Unanswered />;
  const { done, total, secondsLeft } = answering;
  return (
    <div className="progress-row" data-testid="answering">
      <ProgressView
        label={text.answering}
        done={done}
        total={total}
        valueText={text.value(done, total, secondsLeft === null ? null : formatDuration(secondsLeft))}
      />
      <Button className="button button-stop" isDisabled={stopping} onPress={() => judge.getState().stop()}>
        <Square aria-hidden="true" /> {stopping ? common.stopping : text.stop}
      </Button>
    </div>
  );
}

function Round() {
  const { judge } = useStudio();
  const { judge: text } = useText();
  const state = useStudioState('judge', (all) => all);
  const { round, comparisons, answering, failure } = state;
  if (round === null) return null;
  const waiting = waitingComparison(state);
  return (
    <>
      <Answering />
      {failure !== null && <FailureNote failure={failure} />}
      {waiting !== null ? (
        <ComparisonView
          comparison={waiting}
          number={round.judgements.length + 1}
          total={comparisons.length}
          last={round.judgements.at(-1)?.verdict ?? null}
          canEdit
          onVerdict={(verdict, edited) => void judge.getState().judge(verdict, edited)}
          onUndo={() => void judge.getState().undo()}
        />
      ) : answering !== null ? (
        <p className="note note-info">{text.compare.waiting}</p>
      ) : (
        <RoundSummaryView round={round} />
      )}
    </>
  );
}

export function JudgeSection() {
  const { judge: text } = useText();
  const hasRound = useStudioState('judge', (state) => state.round !== null);
  return (
    <Section id="judge" title={text.title} lead={text.lead} actions={hasRound && <RoundActions />}>
      {hasRound ? <Round /> : <RoundForm />}
      <AnnotatorFiles />
    </Section>
  );
}
