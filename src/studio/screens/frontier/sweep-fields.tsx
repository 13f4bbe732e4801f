/** @file The form that begins a sweep of beta: which betas and labels, which answers, which reward, and how long. */
import { useMemo } from 'react';
import { Gauge, Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import type { ModelSummary } from '../../../worker/protocol';
import { bestCounts, type RewardId } from '../../plain/compare/best-of';
import { readRuleForms } from '../../plain/data/rule-form';
import { countAnswers, countBlocks, referenceRun } from '../../plain/frontier/sweep';
import {
  labelKinds,
  offeredSweepForm,
  readSweepForm,
  type ReadSweepForm,
  type SweepForm,
  type SweepPlan,
} from '../../plain/frontier/sweep-form';
import { secondsOf } from '../../plain/frontier/sweep-time';
import { trialKey } from '../../stores/sweep';
import { chosenRuns } from '../../stores/training-jobs';
import { formatDuration } from '../../text/format';
import { useText } from '../../text/text';
import { useRewards } from '../compare/best-of';
import { StartAnswering } from '../compare/start-answering';
import { FailureNote } from '../shell/failure-note';
import { ChoiceInput, NumberInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { goTo } from '../shell/route';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

/** The form as it is offered, and what it asks for of the open model; null without a model. */
function useReadForm(): { readonly form: SweepForm; readonly read: ReadSweepForm | null } {
  const typed = useStudioState('sweep', (state) => state.form);
  const model = useStudioState('model', (state) => state.summary);
  const trainForm = useStudioState('training', (state) => state.form);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const forms = useStudioState('rules', (state) => state.rules);
  const runs = useStudioState('library', (state) => state.runs);
  return useMemo(() => {
    if (model === null) return { form: typed, read: null };
    const { rules } = readRuleForms(forms);
    const sources = { model, trainForm, rows, split, reports, rules, runs };
    return { form: offeredSweepForm(typed, sources), read: readSweepForm(typed, sources) };
  }, [typed, model, trainForm, rows, split, reports, forms, runs]);
}

interface FieldsProps {
  readonly form: SweepForm;
  readonly read: ReadSweepForm | null;
}

function TrainingFields({ form, read }: FieldsProps) {
  const { sweep } = useStudio();
  const { form: text } = useText().frontier;
  const { setForm } = sweep.getState();
  return (
    <>
      <div className="field-grid">
        <NumberInput
          label={text.betas}
          code="beta"
          help={text.betasHelp}
          value={form.betas}
          problem={read?.problems.betas}
          onChange={(betas) => setForm({ betas })}
        />
      </div>
      <RadioRow
        label={text.labels}
        value={form.labels}
        options={labelKinds.map((id) => ({ id, label: text.kinds[id] }))}
        onChange={(labels) => setForm({ labels })}
      />
    </>
  );
}

function AnswerFields({ form, read }: FieldsProps) {
  const { sweep } = useStudio();
  const { form: text } = useText().frontier;
  const rewards = useRewards(form.reward);
  const { setForm } = sweep.getState();
  const problems = read?.problems ?? {};
  return (
    <div className="field-grid">
      <ChoiceInput
        label={text.reward}
        value={form.reward}
        options={rewards}
        onChange={(reward) => setForm({ reward: reward as RewardId })}
      />
      <NumberInput
        label={text.prompts}
        help={text.promptsHelp(read?.heldOut ?? 0)}
        value={form.prompts}
        problem={problems.prompts}
        onChange={(prompts) => setForm({ prompts })}
      />
      <NumberInput
        label={text.answers}
        help={text.answersHelp}
        value={form.answers}
        problem={problems.answers}
        onChange={(answers) => setForm({ answers })}
      />
      <ChoiceInput
        label={text.referenceAnswers}
        help={text.referenceHelp}
        value={String(form.referenceAnswers)}
        options={bestCounts.map((count) => ({ id: String(count), label: String(count) }))}
        onChange={(id) => {
          const referenceAnswers = bestCounts.find((count) => String(count) === id);
          if (referenceAnswers !== undefined) setForm({ referenceAnswers });
        }}
      />
      <NumberInput
        label={text.maxNewTokens}
        code="max_new_tokens"
        unit={text.tokens}
        help={text.tokensHelp}
        value={form.maxNewTokens}
        problem={problems.maxNewTokens}
        onChange={(maxNewTokens) => setForm({ maxNewTokens })}
      />
    </div>
  );
}

/** What is taken from the Train screen. */
function TrainSettings({ steps }: { readonly steps: number | null }) {
  const { library } = useStudio();
  const { frontier: text } = useText();
  const model = useStudioState('model', (state) => state.summary);
  const startFrom = useStudioState('training', (state) => state.startFrom);
  const reference = useStudioState('training', (state) => state.reference);
  const runs = useStudioState('library', (state) => state.runs);
  if (model === null || steps === null) return null;
  const start = chosenRuns({ startFrom, reference }, [{ method: 'dpo', config: {} }], model, { library });
  const nameOf = (id: string | null) => runs.find((run) => run.id === id)?.name ?? text.base;
  const [from, against] = [nameOf(start.startFrom), nameOf(referenceRun(start))];
  return (
    <p className="quiet">
      {text.asUnderTrain(steps, from)} {against !== from && text.against(against)}{' '}
      <Button className="link-button" onPress={() => goTo('train')}>
        {text.toTrain}
      </Button>
    </p>
  );
}

/** How long a sweep takes, where it was measured, and the button that measures it. */
function TimeRow({ plan, model }: { readonly plan: SweepPlan; readonly model: ModelSummary }) {
  const { sweep } = useStudio();
  const { common, frontier: text } = useText();
  const trial = useStudioState('sweep', (state) => state.trial);
  const busy = useBusyReason();
  if (trial?.isRunning === true)
    return (
      <div className="start-row">
        <Button className="button" onPress={() => sweep.getState().stop()}>
          <Square aria-hidden="true" /> {common.stop}
        </Button>
        <p role="status">{text.measuring}</p>
      </div>
    );
  const pace = trial !== null && trial.of === trialKey(plan, model) ? trial.pace : null;
  const seconds = pace && secondsOf(plan, pace);
  return (
    <>
      <div className="start-row" data-testid="frontier-time">
        <Button className="button" isDisabled={busy !== null} onPress={() => void sweep.getState().measureTime()}>
          <Gauge aria-hidden="true" /> {text.measureTime}
        </Button>
        <p className={seconds === null ? 'quiet' : ''} role="status">
          {seconds === null
            ? text.noTime
            : text.time(
                formatDuration(seconds.training + seconds.answering),
                formatDuration(seconds.training),
                formatDuration(seconds.answering),
              )}
        </p>
      </div>
      {trial?.failure && <FailureNote failure={trial.failure} />}
    </>
  );
}

function RulesLink() {
  const { best } = useText().compare;
  return (
    <Button className="link-button" onPress={() => goTo('data', 'rules')}>
      {best.toRules}
    </Button>
  );
}

export function SweepFields() {
  const { sweep } = useStudio();
  const { frontier: text } = useText();
  const model = useStudioState('model', (state) => state.summary);
  const { form, read } = useReadForm();
  const plan = read?.plan ?? null;
  return (
    <>
      <TrainingFields form={form} read={read} />
      <AnswerFields form={form} read={read} />
      <TrainSettings steps={plan?.steps ?? null} />
      {plan !== null && model !== null && <TimeRow plan={plan} model={model} />}
      <StartAnswering
        label={text.start}
        lacks={read?.obstacle ? text.obstacles[read.obstacle] : null}
        plan={plan && text.plan(plan.betas.length, countAnswers(countBlocks(plan), plan))}
        onStart={() => void sweep.getState().start()}
      />
      {read?.obstacle === 'noRules' && <RulesLink />}
    </>
  );
}
