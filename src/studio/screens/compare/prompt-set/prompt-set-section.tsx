/** @file A prompt set on the Compare screen: its form, or its answers, the judging of them and the win rates. */
import { useMemo } from 'react';
import { Undo2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { sumOf } from '../../../../core/statistics';
import { waitingComparison } from '../../../stores/round';
import { judges, type PromptSet } from '../../../../storage/prompt-set-record';
import { RoundAnswering, RoundSection } from '../../judge/answering';
import { ComparisonView } from '../../judge/comparison-view';
import { judgeKeys } from '../../../plain/judge/judge-keys';
import { useJudgeKeys } from '../../judge/use-judge-keys';
import { RadioRow } from '../../shell/radio-row';
import { useKeptFocus } from '../../shell/use-kept-focus';
import { isTaskId } from '../../../plain/starter/manifest';
import { isStarterModel } from '../../../plain/starter/recipe';
import { scoreAnswer } from '../../../plain/starter/score-answer';
import { useStudio, useStudioState } from '../../use-studio';
import { useText } from '../../../text/text';
import { countCells, isDecided, meanScoresOf, ratesOf, type Rate } from '../../../plain/compare/prompt-set/prompt-set';
import { countDrawn, judgesWaitedFor } from '../../../plain/compare/prompt-set/drawn-cells';
import { answersIn } from '../../../plain/compare/prompt-set/draws';
import { BestNotes } from './best-notes';
import { ModelJudging } from './model-judging';
import { PromptSetAnswers, PromptSetExamples } from './prompt-set-answers';
import { PromptSetFields } from './prompt-set-fields';
import { RewardJudging } from './reward-judging';
import { Verdicts } from './verdicts';
import { WinRates } from './win-rates';

/** How far the columns are with answering the set, and judges with choosing; nothing where all is answered. */
function PromptSetAnswering({ promptSet: record }: { readonly promptSet: PromptSet }) {
  const { modelJudge, promptSet: text } = useText();
  const isChoosing = useStudioState('promptSet', (state) => state.isChoosing);
  const cells = countCells(record);
  const missing = answersIn(cells, record) - answersIn(countDrawn(record), record);
  const unchosen = sumOf([...judgesWaitedFor(record).values()]);
  const sentences = [
    ...(missing === 0 ? [] : [text.unanswered(missing)]),
    ...(unchosen === 0 ? [] : [text.unchosen(unchosen)]),
  ];
  return (
    <RoundAnswering
      of="promptSet"
      missing={sentences.length === 0 ? null : sentences.join(' ')}
      stopLabel={isChoosing ? modelJudge.stop : text.stop}
      goOnLabel={missing === 0 ? modelJudge.goOn : text.goOn}
      needsModel={text.otherModel(record.modelName)}
      {...(isChoosing && { words: { label: modelJudge.judging, value: modelJudge.progress } })}
      data-testid="prompt-set-answering"
    />
  );
}

function AllJudged({ count }: { readonly count: number }) {
  const { promptSet } = useStudio();
  const {
    judge: { compare },
    promptSet: text,
  } = useText();
  const root = useKeptFocus<HTMLDivElement>();
  const undo = () => void promptSet.getState().undo();
  useJudgeKeys((action) => action === 'undo' && undo());
  return (
    <div ref={root} className="start-row" tabIndex={-1}>
      <p>{text.allJudged(count)}</p>
      <Button className="button" onPress={undo}>
        <Undo2 aria-hidden="true" /> {compare.undo} <kbd>{judgeKeys.undo}</kbd>
      </Button>
    </div>
  );
}

function BlindJudging({ promptSet: record }: { readonly promptSet: PromptSet }) {
  const { promptSet } = useStudio();
  const {
    judge: { compare },
    promptSet: text,
  } = useText();
  const comparisons = useStudioState('promptSet', (state) => state.comparisons);
  const isAnswering = useStudioState('promptSet', (state) => state.answering !== null);
  const { judgements } = record;
  const waiting = waitingComparison({ round: record, comparisons });
  if (waiting !== null) {
    return (
      <ComparisonView
        comparison={waiting}
        number={judgements.length + 1}
        total={isAnswering ? null : comparisons.length}
        last={judgements.at(-1)?.verdict ?? null}
        canEdit={false}
        onVerdict={(verdict) => void promptSet.getState().judge(verdict)}
        onUndo={() => void promptSet.getState().undo()}
      />
    );
  }
  if (isAnswering) return <p className="note note-info">{compare.waiting}</p>;
  if (judgements.length > 0) return <AllJudged count={judgements.length} />;
  return record.answered.length < countCells(record) ? null : <p className="note note-info">{text.allSame}</p>;
}

/** Answers told while the analyst still judges, beside a model, would tell whose they are. */
function DecidedAnswers({ promptSet, rates }: { readonly promptSet: PromptSet; readonly rates: readonly Rate[] }) {
  const { modelJudge: text } = useText();
  const comparisons = useStudioState('promptSet', (state) => state.comparisons);
  if (promptSet.judge === 'model' && promptSet.judgements.length < comparisons.length)
    return <p className="quiet">{text.answersWhenBlind}</p>;
  return (
    <>
      <PromptSetExamples promptSet={promptSet} rates={rates} />
      <PromptSetAnswers promptSet={promptSet} />
    </>
  );
}

function PromptSetView({ promptSet: record }: { readonly promptSet: PromptSet }) {
  const { promptSet } = useStudio();
  const words = useText();
  const { promptSet: text } = words;
  const rates = useMemo(() => ratesOf(record, scoreAnswer), [record]);
  const scores = useMemo(() => meanScoresOf(record, scoreAnswer), [record]);
  const canScore = isTaskId(record.task) && isStarterModel(record.modelName);
  const shownJudges = judges.filter((id) => id !== 'scorer' || canScore || record.judge === 'scorer');
  return (
    <>
      <p className="quiet">
        {text.what(record.prompts.length, record.temperatures.length, record.columns.length, record.modelName)}
      </p>
      <BestNotes promptSet={record} text={words} />
      <PromptSetAnswering promptSet={record} />
      {record.answered.length > 0 && (
        <RadioRow
          label={text.judgedBy}
          value={record.judge}
          options={shownJudges.map((id) => ({ id, label: text.judges[id] }))}
          onChange={(judge) => void promptSet.getState().setJudge(judge)}
        />
      )}
      {record.judge === 'analyst' && <BlindJudging promptSet={record} />}
      {record.judge === 'reward' && <RewardJudging promptSet={record} />}
      {record.judge === 'model' && <ModelJudging promptSet={record} />}
      {isDecided(record) ? (
        <>
          <Verdicts promptSet={record} rates={rates} text={words} />
          <WinRates promptSet={record} rates={rates} scores={scores} text={words} />
          <p className="field-help">{text.intervalNote}</p>
          <DecidedAnswers promptSet={record} rates={rates} />
        </>
      ) : (
        record.answered.length > 0 && record.judge === 'analyst' && <p className="quiet">{text.afterJudging}</p>
      )}
    </>
  );
}

export function PromptSetSection() {
  const { promptSet: text } = useText();
  const record = useStudioState('promptSet', (state) => state.round);
  return (
    <RoundSection of="promptSet" id="prompt-set" text={text}>
      {record === null ? <PromptSetFields /> : <PromptSetView promptSet={record} />}
    </RoundSection>
  );
}
