/** @file Models at work on a round of judging or a prompt set: how far they are, and how to go on if they stopped. */
import { Play, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatDuration } from '../../text/format';
import { ProgressView } from '../shell/progress-view';
import type { AnswerProgress } from '../../stores/round';
import { useBusyReason, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export interface AnsweringViewProps {
  readonly progress: AnswerProgress;
  readonly isStopping: boolean;
  readonly stopLabel: string;
  readonly onStop: () => void;
  readonly 'data-testid': string;
}

export function AnsweringView({ progress, isStopping, stopLabel, onStop, ...rest }: AnsweringViewProps) {
  const {
    common,
    judge: { progress: text },
  } = useText();
  const { done, total, secondsLeft } = progress;
  return (
    <div className="progress-row" {...rest}>
      <ProgressView
        label={text.answering}
        done={done}
        total={total}
        valueText={text.value(done, total, secondsLeft === null ? null : formatDuration(secondsLeft))}
      />
      <Button className="button button-stop" isDisabled={isStopping} onPress={onStop}>
        <Square aria-hidden="true" /> {isStopping ? common.stopping : stopLabel}
      </Button>
    </div>
  );
}

export interface MissingAnswersProps {
  /** Says how many answers are missing. */
  readonly sentence: string;
  /** What the button that goes on is called. */
  readonly goOnLabel: string;
  /** Fingerprint of the model that answers; another one may be loaded. */
  readonly fingerprint: string;
  /** Says that this model has to be loaded first. */
  readonly needsModel: string;
  readonly onGoOn: () => void;
}

export function MissingAnswers({ sentence, goOnLabel, fingerprint, needsModel, onGoOn }: MissingAnswersProps) {
  const loaded = useStudioState('model', (state) => state.summary?.fingerprint);
  const busy = useBusyReason();
  const obstacle = loaded === fingerprint ? busy : needsModel;
  return (
    <div className="start-row">
      <p>{sentence}</p>
      <Button className="button" isDisabled={obstacle !== null} onPress={onGoOn}>
        <Play aria-hidden="true" /> {goOnLabel}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}
