/** @file The form that begins the round after a run: which prompts, how many answers, and who judges them. */
import { Repeat } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from 'react-aria-components';
import type { RewardId } from '../../plain/compare/best-of';
import { numberAfter, referenceAfter } from '../../plain/rounds/lineage';
import { answerCounts, type ReadRoundForm, type RoundForm, type RoundNumber } from '../../plain/rounds/round-form';
import { baseReference, type Run } from '../../plain/runs/run';
import { readForm } from '../../stores/rounds';
import { useText } from '../../text/text';
import { ComparingNote, useRewardProblem, useRewards } from '../compare/best-of';
import { TrainedPrompts } from '../compare/trained-prompts';
import { ChoiceInput, NumberInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { goTo } from '../shell/route';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';

/** The form as read against what is open; null where the run's model is not. */
export function useReadForm(run: Run, form: RoundForm): ReadRoundForm | null {
  const model = useStudioState('model', (state) => state.summary);
  const dataset = useStudioState('dataset', (state) => state);
  const rules = useStudioState('rules', (state) => state);
  const library = useStudioState('library', (state) => state);
  const own = model?.fingerprint === run.modelFingerprint ? model : null;
  const judges = useStudioState('judges', (state) => state);
  const modelShelf = useStudioState('modelShelf', (state) => state);
  return readForm(form, run, own, { dataset, rules, library, judges, modelShelf });
}

function Judges({ form, prompts }: { readonly form: RoundForm; readonly prompts: number }) {
  const { rounds } = useStudio();
  const { makePairs, rounds: text } = useText();
  const rewards = useRewards(form.reward);
  const problem = useRewardProblem(form.reward, form.answers.reward);
  const { setForm } = rounds.getState();
  return (
    <>
      <RadioRow
        label={text.form.judge}
        value={form.judge}
        options={(['analyst', 'reward'] as const).map((id) => ({ id, label: text.form.judges[id] }))}
        onChange={(judge) => setForm({ judge })}
      />
      {form.judge === 'reward' && (
        <div className="reward-field">
          <ChoiceInput
            label={makePairs.reward}
            value={form.reward}
            options={rewards}
            onChange={(reward) => setForm({ reward: reward as RewardId })}
          />
        </div>
      )}
      {form.judge === 'reward' && problem !== null && <p className="obstacle">{problem}</p>}
      {form.judge === 'reward' && (
        <ComparingNote reward={form.reward} prompts={prompts} answers={form.answers.reward} />
      )}
    </>
  );
}

function Numbers({ form, problems }: { readonly form: RoundForm; readonly problems: ReadRoundForm['problems'] }) {
  const { rounds } = useStudio();
  const { promptSet, rounds: words } = useText();
  const { form: text } = words;
  const { setForm } = rounds.getState();
  const help: Readonly<Record<RoundNumber, string>> = {
    count: promptSet.form.countHelp,
    temperature: text.temperatureHelp,
    maxNewTokens: text.maxNewTokensHelp,
  };
  const keys: readonly RoundNumber[] = ['count', 'temperature', 'maxNewTokens'];
  const counts: readonly number[] = answerCounts[form.judge];
  return (
    <div className="field-grid">
      <ChoiceInput
        label={text.answers}
        value={String(form.answers[form.judge])}
        options={counts.map((count) => ({ id: String(count), label: String(count) }))}
        onChange={(id) => setForm({ answers: { ...form.answers, [form.judge]: Number(id) } })}
      />
      {keys
        .filter((key) => key !== 'count' || form.source === 'dataset')
        .map((key) => (
          <NumberInput
            key={key}
            label={text[key]}
            help={help[key]}
            value={form[key]}
            problem={problems[key]}
            onChange={(value) => setForm({ [key]: value })}
          />
        ))}
    </div>
  );
}

/** What the next run is held against, in words; null where that was deleted. */
function useReferenceName(run: Run): string | null {
  const { compare, rounds: text } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  const reference = referenceAfter(run, runs);
  if (reference === null) return text.form.itself(run.name);
  if (reference === baseReference) return compare.columns.base;
  return runs.find(({ id, adapterBytes }) => id === reference && adapterBytes > 0)?.name ?? null;
}

/** What gives way to the round, where anything does. */
function Replaced({ form }: { readonly form: RoundForm }) {
  const { form: text } = useText().rounds;
  const judged = useStudioState('judge', (state) => state.round?.judgements.length ?? 0);
  const round = useStudioState('rounds', (state) => state.round);
  const runs = useStudioState('library', (state) => state.runs);
  const before = runs.find(({ id }) => id === round?.runId);
  return (
    <>
      {before !== undefined && <p className="quiet">{text.replacesRound(numberAfter(before, runs), before.name)}</p>}
      {form.judge === 'analyst' && judged > 0 && <p className="quiet">{text.replacesJudging(judged)}</p>}
    </>
  );
}

interface BeginRowProps {
  readonly run: Run;
  readonly read: ReadRoundForm | null;
  readonly onBegun: () => void;
}

function BeginRow({ run, read, onBegun }: BeginRowProps) {
  const { rounds } = useStudio();
  const { makePairs, rounds: words } = useText();
  const { form: text } = words;
  const busy = useBusyReason();
  const form = useStudioState('rounds', (state) => state.form);
  const isGone = useReferenceName(run) === null;
  const plan = read?.plan ?? null;
  const lacks = read?.obstacle ? makePairs.obstacles[read.obstacle] : null;
  const obstacle = read === null ? text.needsModel(run.modelName) : isGone ? text.referenceGone : (lacks ?? busy);
  function begin(): void {
    void rounds.getState().begin(run.id);
    onBegun();
    if (form.judge === 'analyst') goTo('judge');
  }
  const comparisons = plan === null ? 0 : (plan.prompts.length * plan.answers * (plan.answers - 1)) / 2;
  return (
    <div className="start-row">
      <Button className="button button-primary" isDisabled={obstacle !== null} onPress={begin}>
        <Repeat aria-hidden="true" /> {text.begin}
      </Button>
      {obstacle !== null ? (
        <p className="obstacle">{obstacle}</p>
      ) : (
        plan !== null && (
          <p className="quiet">
            {text.plan(plan.prompts.length, plan.answers, form.judge === 'analyst' ? comparisons : null)}
          </p>
        )
      )}
    </div>
  );
}

export function RoundForm({ run, onBegun }: { readonly run: Run; readonly onBegun: () => void }) {
  const root = useRef<HTMLElement>(null);
  useEffect(() => root.current?.focus(), []);
  const { rounds } = useStudio();
  const { form: text } = useText().rounds;
  const form = useStudioState('rounds', (state) => state.form);
  const runs = useStudioState('library', (state) => state.runs);
  const read = useReadForm(run, form);
  const number = numberAfter(run, runs);
  const reference = useReferenceName(run);
  return (
    <section ref={root} id="next-round" className="run-part round-form" aria-label={text.title(number)} tabIndex={-1}>
      <h3>{text.title(number)}</h3>
      {reference !== null && <p className="quiet">{text.lead(run.name, reference)}</p>}
      <Judges form={form} prompts={read?.plan?.prompts.length ?? 0} />
      <TrainedPrompts label={text.source} names={text} form={form} onChange={rounds.getState().setForm} />
      <Numbers form={form} problems={read?.problems ?? {}} />
      <Replaced form={form} />
      <BeginRow run={run} read={read} onBegun={onBegun} />
    </section>
  );
}
