/** @file A model judges a prompt set: which one and what it is asked, how far it is, how well it judges. */
import { EyeOff, Gavel, Play, RotateCcw } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { JudgeAgreement } from '../../../../evaluation/judge';
import type { PromptSet, PromptSetModelJudge } from '../../../../storage/prompt-set-record';
import {
  agreementWithAnalyst,
  boundRule,
  chosenCandidate,
  countTooLong,
  judgeCandidates,
  judgeHabits,
  judgesItself,
  missingJudgements,
  readJudgeForm,
  type JudgeCandidate,
} from '../../../plain/compare/prompt-set/model-judge';
import type { PromptSetForm } from '../../../plain/compare/prompt-set/prompt-set-form';
import { parseNumber } from '../../../plain/numbers';
import { useText } from '../../../text/text';
import { AnsweringView } from '../../judge/answering';
import { ChoiceInput, NumberInput, TextInput } from '../../shell/fields';
import { useBusyReason, useStudio, useStudioState } from '../../use-studio';
import { describeJudge, describeStanding, JudgeMeasures } from './judge-measures';

function useJudgeSources() {
  const model = useStudioState('model', (state) => state.summary);
  const runs = useStudioState('library', (state) => state.runs);
  const stored = useStudioState('modelShelf', (state) => state.stored);
  const openId = useStudioState('modelShelf', (state) => state.opened?.id ?? null);
  return { model, runs, stored, openId };
}

/** The least agreement that is asked of the judge, before and after it was asked. */
function BoundField() {
  const { promptSet } = useStudio();
  const { modelJudge: text } = useText();
  const bound = useStudioState('promptSet', (state) => state.form.judgeBound);
  return (
    <NumberInput
      label={text.bound}
      unit="%"
      help={text.boundHelp}
      value={bound}
      problem={parseNumber(bound, boundRule).problem ?? undefined}
      onChange={(typed) => void promptSet.getState().setBound(typed)}
    />
  );
}

function WhoField({
  who,
  candidates,
}: {
  readonly who: JudgeCandidate;
  readonly candidates: readonly JudgeCandidate[];
}) {
  const { promptSet } = useStudio();
  const { modelJudge: text } = useText();
  const open = useStudioState('model', (state) => state.summary?.name ?? null);
  const nameOf = (candidate: JudgeCandidate): string =>
    candidate.kind === 'open'
      ? text.open(open ?? '')
      : candidate.kind === 'run'
        ? candidate.run.name
        : text.stored(candidate.stored.name);
  return (
    <ChoiceInput
      label={text.who}
      value={who.id}
      options={candidates.map((candidate) => ({ id: candidate.id, label: nameOf(candidate) }))}
      onChange={(judgeWho) => promptSet.getState().setForm({ judgeWho })}
      {...(who.kind === 'stored' && { help: text.storedHelp(who.stored.name, open) })}
    />
  );
}

function QuestionFields({ form }: { readonly form: PromptSetForm }) {
  const { promptSet } = useStudio();
  const { modelJudge: text } = useText();
  const { setForm } = promptSet.getState();
  const names = Object.keys(text.questions) as readonly PromptSetForm['judgeQuestion'][];
  return (
    <ChoiceInput
      label={text.question}
      value={form.judgeQuestion}
      options={names.map((id) => ({ id, label: text.questions[id] }))}
      onChange={(id) => setForm({ judgeQuestion: names.find((name) => name === id) ?? form.judgeQuestion })}
    />
  );
}

/** Which model is asked what; and the start, or what is in the way. */
function AskFields({ comparisons }: { readonly comparisons: number }) {
  const { promptSet } = useStudio();
  const { common, modelJudge: text } = useText();
  const form = useStudioState('promptSet', (state) => state.form);
  const busy = useBusyReason();
  const candidates = judgeCandidates(useJudgeSources());
  const who = chosenCandidate(form, candidates);
  const { obstacle } = readJudgeForm(form, candidates);
  if (who === null) return <p className="note note-info">{common.chooseModelFirst}</p>;
  const lacks = obstacle === null || obstacle === 'noModel' ? busy : text.obstacles[obstacle];
  return (
    <>
      <div className="field-grid">
        <WhoField who={who} candidates={candidates} />
        <QuestionFields form={form} />
        <BoundField />
      </div>
      {form.judgeQuestion === 'rubric' && (
        <TextInput
          label={text.rubric}
          rows={3}
          placeholder={text.rubricPlaceholder}
          value={form.judgeRubric}
          onChange={(judgeRubric) => promptSet.getState().setForm({ judgeRubric })}
        />
      )}
      <div className="start-row">
        <Button
          className="button button-primary"
          isDisabled={lacks !== null}
          onPress={() => void promptSet.getState().askModel()}
        >
          <Gavel aria-hidden="true" /> {text.ask}
        </Button>
        {lacks === null ? <p className="quiet">{text.plan(comparisons)}</p> : <p className="obstacle">{lacks}</p>}
      </div>
    </>
  );
}

/** How far it is; or how to have it go on; nothing where all is judged. */
function JudgingProgress({
  judge,
  comparisons,
}: {
  readonly judge: PromptSetModelJudge;
  readonly comparisons: number;
}) {
  const { promptSet } = useStudio();
  const { modelJudge: text } = useText();
  const busy = useBusyReason();
  const { model, stored } = useJudgeSources();
  const missing = comparisons - judge.verdicts.length;
  if (missing <= 0) return null;
  const canLoad = [model, ...stored].some((each) => each?.fingerprint === judge.fingerprint);
  const obstacle = canLoad ? busy : text.needsModel(judge.modelName);
  return (
    <div className="start-row">
      <p>{text.rest(missing)}</p>
      <Button className="button" isDisabled={obstacle !== null} onPress={() => void promptSet.getState().askModelOn()}>
        <Play aria-hidden="true" /> {text.goOn}
      </Button>
      {obstacle !== null && <p className="obstacle">{obstacle}</p>}
    </div>
  );
}

const noteOfStanding = { accepted: 'note-success', refused: 'note-warning', unknown: 'note-info' } as const;

interface StandingProps {
  readonly promptSet: PromptSet;
  readonly agreement: JudgeAgreement;
  readonly bound: number;
  readonly comparisons: number;
}

/** Whether its verdicts count; where not, why and what to do. */
function Standing({ promptSet: record, agreement, bound, comparisons }: StandingProps) {
  const { promptSet } = useStudio();
  const { modelJudge: text } = useText();
  const { standing } = agreement;
  const missing = standing === 'unknown' ? missingJudgements(record, comparisons) : null;
  const advice =
    standing === 'refused'
      ? text.advice.refused
      : missing === null
        ? ''
        : missing.kind === 'comparisons'
          ? text.advice.comparisons(missing.there)
          : missing.kind === 'judgements'
            ? text.advice.judgements(missing.toGo)
            : text.advice.verdicts;
  return (
    <div className={`note ${noteOfStanding[standing]}`} data-testid="judge-standing" data-standing={standing}>
      <div className="note-body">
        <p role="status">
          {describeStanding(agreement, bound, text)} {advice}
        </p>
        {missing?.kind === 'judgements' && (
          <Button className="button" onPress={() => void promptSet.getState().setJudge('analyst')}>
            <EyeOff aria-hidden="true" /> {text.judgeMyself}
          </Button>
        )}
      </div>
    </div>
  );
}

function JudgeView({
  promptSet: record,
  judge,
}: {
  readonly promptSet: PromptSet;
  readonly judge: PromptSetModelJudge;
}) {
  const { promptSet } = useStudio();
  const { modelJudge: text } = useText();
  const comparisons = useStudioState('promptSet', (state) => state.comparisons.length);
  const isJudging = useStudioState('promptSet', (state) => state.modelJudging !== null);
  const agreement = agreementWithAnalyst(record, judge);
  const habits = judgeHabits(judge);
  const tooLong = countTooLong(judge);
  return (
    <>
      <p>
        {describeJudge(judge, text)} {judgesItself(record, judge) && <span className="quiet">{text.itself}</span>}
      </p>
      {!isJudging && <JudgingProgress judge={judge} comparisons={comparisons} />}
      <Standing promptSet={record} agreement={agreement} bound={judge.bound} comparisons={comparisons} />
      {habits === null && tooLong > 0 && <p className="note note-warning">{text.allTooLong(tooLong)}</p>}
      {habits !== null && (
        <div className="judge-numbers">
          <JudgeMeasures agreement={agreement} habits={habits} tooLong={tooLong} text={text} />
          <BoundField />
        </div>
      )}
      {agreement.standing === 'accepted' && judge.verdicts.length < comparisons && (
        <p className="quiet">{text.whenAllJudged}</p>
      )}
      {!isJudging && (
        <Button className="button" onPress={() => void promptSet.getState().dropModel()}>
          <RotateCcw aria-hidden="true" /> {text.another}
        </Button>
      )}
    </>
  );
}

export function ModelJudging({ promptSet: record }: { readonly promptSet: PromptSet }) {
  const { promptSet } = useStudio();
  const { modelJudge: text, promptSet: setText } = useText();
  const progress = useStudioState('promptSet', (state) => state.modelJudging);
  const isStopping = useStudioState('promptSet', (state) => state.modelStopping);
  const comparisons = useStudioState('promptSet', (state) => state.comparisons.length);
  if (comparisons === 0) return <p className="note note-info">{setText.allSame}</p>;
  return (
    <div className="model-judging" data-testid="model-judging">
      <p className="quiet">{text.lead}</p>
      {progress !== null && (
        <AnsweringView
          progress={progress}
          isStopping={isStopping}
          stopLabel={text.stop}
          onStop={() => promptSet.getState().stopModel()}
          words={{ label: text.judging, value: text.progress }}
          data-testid="model-judging-progress"
        />
      )}
      {record.modelJudge !== null ? (
        <JudgeView promptSet={record} judge={record.modelJudge} />
      ) : (
        progress === null && <AskFields comparisons={comparisons} />
      )}
    </div>
  );
}
