/** @file Choose how to train, watch it, stop it. */
import { Play } from 'lucide-react';
import { useMemo } from 'react';
import { Button } from 'react-aria-components';
import { message } from '../../../messages/message';
import { withDefaults } from '../../../run/config';
import { questionsAStep } from '../../../run/steps';
import { Section } from '../shell/section';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { formatBytes, formatCount, formatDuration } from '../../text/format';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { readRuleForms } from '../../plain/data/rule-form';
import { pausedRun } from '../../plain/runs/going-on';
import { judgeIdOf } from '../../plain/compare/best-of';
import { judgeOf, modelToLoad, usableChoiceOf } from '../../plain/compare/rewards';
import { useRewardProblem, useRewardSources } from '../compare/best-of';
import { LastStartNote } from './last-start-note';
import { canEvaluate, countProblems, readForm, type FormProblems, type TrainForm } from '../../plain/train/options';
import { guessTime } from '../../plain/train/guess-time';
import { planRuns, promptsWanted, suits, type PlannedRun } from '../../plain/train/plan';
import { formOfStart } from '../../stores/training-jobs';
import { ProbeButton, ProbeResult } from './probe-panel';
import { TrainSettings } from './train-settings';

const noLinears: readonly string[] = [];

interface Planned {
  readonly problems: FormProblems;
  readonly plan: readonly PlannedRun[];
}

/** The form with the shape of the adapter that it starts from. */
function useStartForm(): TrainForm {
  const form = useStudioState('training', (state) => state.form);
  const startFrom = useStudioState('training', (state) => state.startFrom);
  const startShape = useStudioState('training', (state) => state.startShape);
  const model = useStudioState('model', (state) => state.summary);
  return useMemo(() => formOfStart({ form, startFrom, startShape }, model), [form, startFrom, startShape, model]);
}

/** The form as read for the open model, and the runs that it asks for with the pairs as they stand. */
function usePlannedRuns(): Planned {
  const form = useStartForm();
  const linears = useStudioState('model', (state) => state.summary?.linears ?? noLinears);
  const layers = useStudioState('model', (state) => state.summary?.layers ?? null);
  const ruleForms = useStudioState('rules', (state) => state.rules);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const { runs, judges, model, stored } = useRewardSources();
  const { rules } = useMemo(() => readRuleForms(ruleForms), [ruleForms]);
  const { jobs, problems } = useMemo(
    () => readForm(form, linears, layers, rules, (id) => usableChoiceOf(id, { runs, judges, model, stored })),
    [form, linears, layers, rules, runs, judges, model, stored],
  );
  const pairs = useMemo(() => rows.map(({ pair }) => pair), [rows]);
  const plan = useMemo(() => planRuns(jobs, pairs, reports, split), [jobs, pairs, reports, split]);
  return { problems, plan };
}

/** Counts the pairs that training will not leave out; before they are checked, that is all of them. */
function useUsablePairs(): number {
  const rows = useStudioState('dataset', (state) => state.rows.length);
  const leftOut = useStudioState(
    'dataset',
    (state) => state.check?.reports.filter(({ problem }) => problem !== null).length ?? 0,
  );
  return rows - leftOut;
}

/** Why training cannot start now; null when it can. */
function useTrainObstacle({ problems, plan }: Planned): string | null {
  const { common, compare, train: text } = useText();
  const said = useSaid();
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const hasPairs = useStudioState('dataset', (state) => state.rows.length > 0);
  const refusal = useStudioState('training', (state) => state.refusal);
  const method = useStudioState('training', (state) => state.form.method);
  const usable = useUsablePairs();
  const isOfOtherMethods = useStudioState('dataset', ({ rows }) =>
    rows.every(({ pair }) => !suits(pair, method === 'both' ? 'dpo' : method)),
  );
  const judgeProblem = useRewardProblem(useStudioState('training', (state) => state.form.reward));
  const busy = useBusyReason();
  const wrong = countProblems(problems);
  if (!hasModel) return common.chooseModelFirst;
  if (!hasPairs) return text.importFirst;
  if (problems.lacksRules) return compare.best.noRules;
  if (problems.lacksJudge) return judgeProblem;
  if (usable <= 0 && canEvaluate(method)) return text.nonePossible;
  if (isOfOtherMethods) return text.lacksAnswers;
  if (wrong > 0) return text.settingsWrong(wrong);
  if (refusal !== null) return said(refusal);
  if (plan.some(({ job, pairs, held }) => pairs === 0 || (job.evaluation && held === 0)))
    return said(message('nothingHeldOut'));
  const tooFew = plan.find((each) => promptsWanted(each) !== null);
  if (tooFew !== undefined)
    return said(message('promptsTooFew', { count: tooFew.pairs, wanted: promptsWanted(tooFew) ?? 0 }));
  if (busy !== null) return busy;
  const isUncounted = plan.some(({ job, tokens }) => job.sameTokensAs !== undefined && tokens === null);
  return isUncounted ? text.counting : null;
}

/** Brings the first field that needs correction into view, ready to be typed in. */
function showFirstProblem(): void {
  const field = document.querySelector<HTMLElement>('#train [aria-invalid="true"], #train [data-invalid] input');
  field?.scrollIntoView({ block: 'center' });
  field?.focus({ preventScroll: true });
}

/** What memory a run of drawn answers needs, which no probe measures, and what this device lacks. */
function DrawingMemory() {
  const {
    model: { plan },
    train: { answers: text },
  } = useText();
  const memory = useStudioState('training', (state) => state.memory);
  const reward = useStudioState('training', (state) => state.form.reward);
  const sources = useRewardSources();
  if (memory === null || memory.estimate.answers === 0) return null;
  const { total, answers, answers_at_once, judge } = memory.estimate;
  const comparing = judgeOf(reward, sources.judges);
  const beside = comparing && modelToLoad(comparing, sources);
  const precision = memory.judgePrecision;
  const judgeNote =
    beside === null || precision === undefined
      ? text.judgeMemory(formatBytes(judge))
      : text.judgeModelMemory(beside.name, plan.precision.names[precision], formatBytes(judge));
  return (
    <div data-testid="train-memory">
      <p className="quiet">
        {text.memory(formatBytes(total), answers_at_once, formatBytes(answers))}
        {judge > 0 && ` ${judgeNote}`}
      </p>
      {memory.shortages.map((shortage) => (
        <p className="obstacle" key={shortage.kind}>
          {plan.short(shortage)}
        </p>
      ))}
    </div>
  );
}

/** Says what a start would do, or why there can be none; below it are the buttons that start and that probe. */
function StartPanel({ planned }: { readonly planned: Planned }) {
  const { training } = useStudio();
  const { compare, train: text } = useText();
  const obstacle = useTrainObstacle(planned);
  const { plan } = planned;
  const [first] = plan;
  const isOfAnswers = useStudioState('training', (state) => !canEvaluate(state.form.method));
  const runs = plan.map(({ job, steps, tokens }) =>
    text.planned(compare.columns[job.method], steps, tokens === null ? null : formatCount(tokens)),
  );
  const library = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const time = guessTime(plan, library, fingerprint);
  return (
    <div className="start">
      <p className={obstacle === null ? '' : 'obstacle'} data-testid="train-plan">
        {obstacle !== null &&
        countProblems(planned.problems) > 0 &&
        obstacle === text.settingsWrong(countProblems(planned.problems)) ? (
          <Button className="link-button" onPress={showFirstProblem}>
            {obstacle}
          </Button>
        ) : (
          obstacle
        )}
        {obstacle === null &&
          (isOfAnswers
            ? text.planOfPrompts(runs, first?.pairs ?? 0)
            : text.plan(runs, first?.pairs ?? 0, first?.held ?? 0))}
        {obstacle === null && time !== null && ` ${text.guess(formatDuration(time.seconds), time.by)}`}
      </p>
      {isOfAnswers && obstacle === null && <DrawingMemory />}
      {obstacle === null && <JudgeCost plan={plan} />}
      <ProbeResult />
      <div className="start-row">
        <Button
          className="button button-primary button-large"
          isDisabled={obstacle !== null}
          onPress={() => void training.getState().start()}
        >
          <Play aria-hidden="true" /> {text.start}
        </Button>
        {!isOfAnswers && <ProbeButton isDisabled={obstacle !== null} />}
        {isOfAnswers && time === null && <p className="quiet">{text.answers.noProbe}</p>}
      </div>
    </div>
  );
}

/** What a judge is asked in all, where one compares the answers that the run draws. */
function JudgeCost({ plan }: Pick<Planned, 'plan'>) {
  const { answers: text } = useText().train;
  const { judges } = useRewardSources();
  const reward = useStudioState('training', (state) => state.form.reward);
  const [first] = plan;
  const config = first && withDefaults(first.job.config);
  const questions = config && questionsAStep(config);
  if (first === undefined || config === undefined || questions == null) return null;
  const all = (questions * first.steps) / config.num_iterations;
  const secondsEach = judges.find(({ id }) => id === judgeIdOf(reward))?.secondsEach ?? null;
  const time = secondsEach === null ? null : formatDuration(Math.max(1, (secondsEach * all) / 2));
  return (
    <p className="quiet" data-testid="judge-cost">
      {text.judgeAsks(questions, all, time)} {config.method === 'ppo' ? text.judgeMeanOne : text.judgeMean}
    </p>
  );
}

export function TrainSection() {
  const { train: text } = useText();
  const form = useStartForm();
  const active = useStudioState('training', (state) => state.active);
  const last = useStudioState('training', (state) => state.last);
  const paused = pausedRun(useStudioState('library', (state) => state.runs));
  const planned = usePlannedRuns();
  // What another visit paused is shown as what was paused just now.
  const shown = last ?? (paused === null ? null : { runIds: [paused.id], stopped: false, failure: null });
  return (
    <Section id="train" title={text.title} lead={text.lead}>
      {active === null && shown !== null && <LastStartNote last={shown} />}
      <TrainSettings form={form} problems={planned.problems} isDisabled={false} />
      <StartPanel planned={planned} />
    </Section>
  );
}
