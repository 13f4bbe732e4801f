/**
 * @file The round under way, above the screens that its steps are done on: which step is next, and the button that
 * leads to it. It stands there until the round is ended, after a reload too.
 */
import { ArrowRight, CircleCheck, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { numberAfter } from '../../plain/rounds/lineage';
import { countAnswered } from '../../plain/compare/pairs-of-answers';
import { roundSteps, type RoundPlace, type RoundUnderWay } from '../../plain/rounds/round';
import type { Run } from '../../plain/runs/run';
import { askedForm, isWithoutPairs, readPlace } from '../../stores/rounds';
import { describeDatasetName } from '../../text/describe-dataset';
import { useText } from '../../text/text';
import { MakingPairs } from '../compare/make-pairs-section';
import { FailureNote } from '../shell/failure-note';
import { addressOf, addressOfRun, goTo, useHash } from '../shell/route';
import { useReadForm } from './round-form';
import { useBusyReason, useStudio, useStudioState, useStudioStates } from '../use-studio';

/** The steps in their order, with where the round stands. */
function Steps({ place }: { readonly place: RoundPlace }) {
  const { band: text } = useText().rounds;
  const now = roundSteps.indexOf(place.step);
  const isOver = place.step === 'comparing' && place.isDone;
  return (
    <ol className="round-steps" aria-label={text.stepsLabel}>
      {roundSteps.map((step, at) => {
        const isDone = at < now || isOver;
        return (
          <li key={step} data-done={isDone || undefined} aria-current={at === now && !isOver ? 'step' : undefined}>
            {isDone ? (
              <CircleCheck aria-hidden="true" />
            ) : (
              <span className="round-number" aria-hidden="true">
                {at + 1}
              </span>
            )}
            {text.steps[step]}
            {isDone && <span className="visually-hidden">{text.done}</span>}
          </li>
        );
      })}
    </ol>
  );
}

interface StepProps {
  readonly run: Run;
  readonly round: RoundUnderWay;
  readonly place: RoundPlace;
}

/** The number of pairs that the round has. */
function usePairs({ made }: RoundUnderWay): number {
  return useStudioState('dataset', ({ openId, rows, sets }) =>
    openId === made ? rows.length : (sets.find(({ id }) => id === made)?.pairs ?? 0),
  );
}

/** Prompts whose answers are there, judged or not, where not all are. */
function useKeptAnswers({ judge }: RoundUnderWay): number {
  return useStudioState('makePairs', ({ answered, waiting }) =>
    judge === 'analyst' ? 0 : countAnswered({ answered: answered ?? [], waiting }),
  );
}

/** Whether the reward found no answer better than another, so that there is nothing to go on with. */
function useIsWithoutPairs(run: Run, round: RoundUnderWay): boolean {
  const form = useStudioState('rounds', (state) => state.form);
  const makePairs = useStudioState('makePairs', (state) => state);
  const asked = useReadForm(run, askedForm(round, form));
  return isWithoutPairs(round, { asked, makePairs });
}

/** Where the round stands, in a sentence. */
function useSentence({ run, round, place }: StepProps): string {
  const { band: text } = useText().rounds;
  const pairs = usePairs(round);
  const kept = useKeptAnswers(round);
  const isJudging = useStudioState('makePairs', (state) => state.isJudging);
  const isWithout = useIsWithoutPairs(run, round);
  switch (place.step) {
    case 'answers':
      if (!place.isLost) return isJudging ? text.comparing : text.answering;
      if (isWithout) return text.noPairs;
      return kept === 0 ? text.lost : text.cutOff(kept);
    case 'judging':
      return place.judged === place.compared && pairs === 0
        ? text.noPairs
        : text.judged(place.judged, place.compared, pairs);
    case 'training':
      if (place.run !== null)
        return place.run.status === 'running' ? text.running(place.run.name) : text.unfinished(place.run.name);
      return round.isTraining ? text.set : text.ready(pairs, run.name);
    case 'comparing':
      return place.isDone ? text.ended(place.run.name) : text.compare(place.run.name);
  }
}

interface Way {
  readonly label: string;
  readonly go: () => void;
  /** The address that it leads to, where it does nothing else. */
  readonly to?: string;
  /** Another step may be begun before this one is at its end. */
  readonly isSecond?: boolean;
}

/** A way that only leads somewhere. */
const wayTo = (label: string, to: string): Way => ({ label, to, go: () => (location.hash = to) });

/** What can be done next, the first of it as the main thing; wherever a person stands. */
function useWays({ run, round, place }: StepProps): readonly Way[] {
  const { rounds } = useStudio();
  const { band: text } = useText().rounds;
  const pairs = usePairs(round);
  const kept = useKeptAnswers(round);
  const canAnswer = useStudioState('model', ({ summary }) => summary?.fingerprint === run.modelFingerprint);
  const isWithout = useIsWithoutPairs(run, round);
  const again = {
    label: text.toForm,
    go: () => {
      rounds.getState().ask(run.id);
      location.hash = addressOfRun(run.id);
    },
  };
  const toJudge = wayTo(text.toJudge, addressOf('judge'));
  const toTraining = {
    label: text.toTraining,
    go: () =>
      void rounds
        .getState()
        .prepareTraining()
        .then((isReady) => isReady && goTo('train')),
  };
  switch (place.step) {
    case 'answers':
      if (place.isLost && kept > 0 && canAnswer && !isWithout)
        return [
          { label: text.goOn, go: () => void rounds.getState().goOn() },
          { ...again, isSecond: true },
        ];
      if (place.isLost) return [again];
      return round.judge === 'analyst' ? [toJudge] : [];
    case 'judging': {
      const isOver = place.judged === place.compared;
      if (isOver) return [pairs > 0 ? toTraining : again];
      return [toJudge, ...(pairs > 0 ? [{ ...toTraining, isSecond: true }] : [])];
    }
    case 'training':
      if (place.run !== null) return [wayTo(text.toRun, addressOfRun(place.run.id))];
      return [round.isTraining ? wayTo(text.toTrain, addressOf('train')) : toTraining];
    case 'comparing': {
      const { run: next, isDone } = place;
      if (isDone) return [wayTo(text.toRounds, addressOfRun(next.id))];
      const compare = () => rounds.getState().prepareComparison(next);
      return [
        { label: text.toCompare, go: () => void compare().then((isReady) => isReady && goTo('compare', 'prompt-set')) },
      ];
    }
  }
}

/** Says where pairs would go that are judged now, where that is another data set than the round's. */
function OtherSet({ round, place }: Pick<StepProps, 'round' | 'place'>) {
  const { dataset } = useStudio();
  const text = useText();
  const openId = useStudioState('dataset', (state) => state.openId);
  const label = useStudioState('dataset', ({ sets }) => sets.find(({ id }) => id === round.made)?.label);
  const isJudged = place.step === 'judging' || (place.step === 'answers' && !place.isLost);
  const isOther = round.judge === 'analyst' && isJudged && openId !== round.made;
  if (!isOther || label === undefined) return null;
  return (
    <p className="obstacle">
      {text.rounds.band.otherSet(describeDatasetName(label, text))}{' '}
      <Button className="link-button" onPress={() => void dataset.getState().openSet(round.made ?? '')}>
        {text.rounds.band.openSet}
      </Button>
    </p>
  );
}

/** The answers that a reward judges are written here: no screen of theirs is open. */
function Answering({ round, place }: Pick<StepProps, 'round' | 'place'>) {
  const failure = useStudioState('makePairs', (state) => state.failure);
  if (round.judge === 'analyst' || place.step !== 'answers') return null;
  return (
    <>
      {failure !== null && <FailureNote failure={failure} />}
      <MakingPairs data-testid="round-answering" />
    </>
  );
}

function Band({ run, round }: Omit<StepProps, 'place'>) {
  const { rounds } = useStudio();
  const { band: text } = useText().rounds;
  const states = useStudioStates();
  const busy = useBusyReason();
  const place = readPlace(round, states);
  const here = useHash();
  const ways = useWays({ run, round, place }).filter(({ to }) => to !== here);
  const sentence = useSentence({ run, round, place });
  const label = text.label(numberAfter(run, states.library.runs), run.name);
  return (
    <section className="round-band" aria-label={label} data-testid="round-band" data-step={place.step}>
      <div className="round-head">
        <strong>{label}</strong>
        <Steps place={place} />
        <Button
          className="button button-icon"
          aria-label={text.end}
          isDisabled={place.step === 'answers' && busy !== null}
          onPress={() => rounds.getState().putAway()}
        >
          <X aria-hidden="true" />
        </Button>
      </div>
      <Answering round={round} place={place} />
      <OtherSet round={round} place={place} />
      <div className="start-row">
        <p role="status">{sentence}</p>
        {ways.length > 0 && (
          <div className="round-ways">
            {ways.map(({ label: name, go, isSecond = false }) => (
              <Button key={name} className={isSecond ? 'button' : 'button button-primary'} onPress={go}>
                {name} <ArrowRight aria-hidden="true" />
              </Button>
            ))}
          </div>
        )}
      </div>
    </section>
  );
}

/** Nothing while no round is under way, and where its run was deleted. */
export function RoundBand() {
  const round = useStudioState('rounds', (state) => state.round);
  const run = useStudioState('library', ({ runs }) => runs.find(({ id }) => id === round?.runId));
  if (round === null || run === undefined) return null;
  return <Band run={run} round={round} />;
}
