/**
 * @file Models at work on a round of judging, a prompt set or a demonstration: how far they are, how to go on if they
 * stopped; and the frame that a prompt set and a demonstration stand in.
 */
import type { ReactNode } from 'react';
import { Play, RotateCcw, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatDuration } from '../../text/format';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import { Section } from '../shell/section';
import type { AnswerProgress } from '../../stores/round';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

interface AnsweringViewProps {
  readonly progress: AnswerProgress;
  readonly isStopping: boolean;
  readonly stopLabel: string;
  readonly onStop: () => void;
  /** What is being done, and how far it is; of answers where it is not given. */
  readonly words?: {
    readonly label: string;
    readonly value: (done: number, total: number, left: string | null) => string;
  };
  readonly 'data-testid': string;
}

export function AnsweringView({ progress, isStopping, stopLabel, onStop, words, ...rest }: AnsweringViewProps) {
  const { common, compare, judge } = useText();
  const { done, total, secondsLeft, comparing } = progress;
  const text = words ?? { label: judge.progress.answering, value: judge.progress.value };
  return (
    <div className="progress-row" {...rest}>
      <ProgressView
        label={text.label}
        done={done}
        total={total}
        valueText={
          text.value(done, total, secondsLeft === null ? null : formatDuration(secondsLeft)) +
          (comparing === undefined ? '' : ` · ${compare.best.compared(comparing.done, comparing.total)}`)
        }
      />
      <Button className="button button-stop" isDisabled={isStopping} onPress={onStop}>
        <Square aria-hidden="true" /> {isStopping ? common.stopping : stopLabel}
      </Button>
    </div>
  );
}

interface MissingAnswersProps {
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

function MissingAnswers({ sentence, goOnLabel, fingerprint, needsModel, onGoOn }: MissingAnswersProps) {
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

/** The stores whose round models answer. */
type RoundName = 'judge' | 'promptSet' | 'demonstration';

interface RoundAnsweringProps extends Pick<AnsweringViewProps, 'words'> {
  readonly of: RoundName;
  /** Says how many answers are missing; null where all are there. */
  readonly missing: string | null;
  readonly stopLabel: string;
  readonly goOnLabel: string;
  /** Says that this model has to be loaded first. */
  readonly needsModel: string;
  readonly 'data-testid': string;
}

/** How far the models are with answering a round; nothing where all is answered or none can. */
export function RoundAnswering({ of, missing, stopLabel, goOnLabel, needsModel, words, ...rest }: RoundAnsweringProps) {
  const store = useStudio()[of];
  const answering = useStudioState(of, (state) => state.answering);
  const stopping = useStudioState(of, (state) => state.stopping);
  const fingerprint = useStudioState(of, (state) => state.round?.fingerprint ?? null);
  if (answering !== null)
    return (
      <AnsweringView
        progress={answering}
        isStopping={stopping}
        stopLabel={stopLabel}
        onStop={() => store.getState().stop()}
        {...(words && { words })}
        {...rest}
      />
    );
  if (missing === null || fingerprint === null) return null;
  return (
    <MissingAnswers
      sentence={missing}
      goOnLabel={goOnLabel}
      fingerprint={fingerprint}
      needsModel={needsModel}
      onGoOn={() => void store.getState().answerRest()}
    />
  );
}

interface RoundSectionProps {
  readonly of: Exclude<RoundName, 'judge'>;
  readonly id: string;
  readonly text: { readonly title: string; readonly lead: string; readonly close: string };
  /** The form, while nothing is begun; the round where something is. */
  readonly children: ReactNode;
}

/** A section with a form, or what was begun with it and can be put away. */
export function RoundSection({ of, id, text, children }: RoundSectionProps) {
  const store = useStudio()[of];
  const isBegun = useStudioState(of, (state) => state.round !== null);
  const failure = useStudioState(of, (state) => state.failure);
  const note = failure !== null && <FailureNote failure={failure} />;
  return (
    <Section
      id={id}
      title={text.title}
      lead={text.lead}
      actions={
        isBegun && (
          <Button className="button" onPress={() => void store.getState().close()}>
            <RotateCcw aria-hidden="true" /> {text.close}
          </Button>
        )
      }
    >
      {isBegun && note}
      {children}
      {!isBegun && note}
    </Section>
  );
}
