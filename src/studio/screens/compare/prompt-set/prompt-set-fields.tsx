/**
 * @file The form that begins a prompt set: which prompts, at which temperatures, against which column, judged by whom.
 */
import { ChoiceInput, NumberInput } from '../../shell/fields';
import { judges } from '../../../../storage/prompt-set-record';
import { RadioRow } from '../../shell/radio-row';
import { isStarterModel } from '../../../plain/starter/recipe';
import { ownModel } from '../../../stores/open-model';
import { useStudio, useStudioState } from '../../use-studio';
import { useText, type Text } from '../../../text/text';
import { rewardIdSchema } from '../../../plain/compare/best-of';
import { answersIn } from '../../../plain/compare/prompt-set/draws';
import {
  offeredForm,
  planPromptSet,
  type PromptSetPlan,
  type ReadPromptSetForm,
} from '../../../plain/compare/prompt-set/prompt-set-form';
import { JudgingReward } from './reward-judging';
import { promptSetColumnName } from './win-rates';
import { ComparingNote } from '../best-of';
import { PromptSourceFields } from '../prompt-source';
import { StartAnswering, useAnsweringColumns, useSources } from '../start-answering';

function ReferenceChoice() {
  const { promptSet } = useStudio();
  const { compare, promptSet: text } = useText();
  const against = useStudioState('promptSet', (state) => state.form.against);
  const columns = useAnsweringColumns();
  if (columns.length < 2) return null;
  return (
    <ChoiceInput
      label={text.form.against}
      value={String(against < columns.length ? against : 0)}
      options={columns.map((_, index) => ({
        id: String(index),
        label: promptSetColumnName({ columns }, index, compare),
      }))}
      onChange={(index) => promptSet.getState().setForm({ against: Number(index) })}
    />
  );
}

function JudgeChoice() {
  const { promptSet } = useStudio();
  const { promptSet: text } = useText();
  const model = useStudioState('model', ownModel);
  const { judge } = offeredForm(
    useStudioState('promptSet', (state) => state.form),
    model,
  );
  const offered = judges.filter((id) => id !== 'scorer' || isStarterModel(model?.name ?? ''));
  return (
    <>
      <RadioRow
        label={text.judgedBy}
        value={judge}
        options={offered.map((id) => ({ id, label: text.judges[id] }))}
        onChange={(chosen) => promptSet.getState().setForm({ judge: chosen })}
      />
      {judge === 'reward' && <JudgingReward />}
    </>
  );
}

/** How much will be answered. */
function planInWords(plan: PromptSetPlan, text: Text['promptSet']): string {
  const prompts = Array.from({ length: plan.count }, () => '');
  const answers = answersIn(plan.count * plan.temperatures.length, { ...plan, prompts });
  return text.form.plan(plan.count, plan.temperatures.length, plan.columns.length, answers);
}

/** Of each judge that chooses in a column: how many comparisons it takes, and what it needs. */
function ChoosingNotes({ plan }: { readonly plan: PromptSetPlan }) {
  const drawn = plan.count * plan.temperatures.filter((temperature) => temperature > 0).length;
  return plan.columns.map(({ best }, index) => {
    const reward = rewardIdSchema.safeParse(best?.reward).data;
    if (best === undefined || reward === undefined) return null;
    return <ComparingNote key={index} reward={reward} prompts={drawn} answers={best.count} />;
  });
}

function StartRow({ read }: { readonly read: ReadPromptSetForm | null }) {
  const { promptSet } = useStudio();
  const { compare, promptSet: text } = useText();
  const plan = read?.plan ?? null;
  return (
    <StartAnswering
      label={text.start}
      lacks={read?.obstacle ? text.obstacles[read.obstacle] : null}
      plan={plan && planInWords(plan, text)}
      noteOfBest={compare.best.inSets}
      onStart={() => void promptSet.getState().start()}
    />
  );
}

export function PromptSetFields() {
  const { promptSet } = useStudio();
  const { form: text } = useText().promptSet;
  const typed = useStudioState('promptSet', (state) => state.form);
  const model = useStudioState('model', ownModel);
  const form = offeredForm(typed, model);
  const { setForm } = promptSet.getState();
  const sources = useSources();
  const read = sources && planPromptSet(typed, sources);
  const problems = read?.problems ?? {};
  return (
    <>
      <PromptSourceFields form={form} countProblem={problems.count} onChange={setForm} />
      <div className="field-grid">
        <NumberInput
          label={text.temperatures}
          help={text.temperaturesHelp}
          value={form.temperatures}
          problem={problems.temperatures}
          onChange={(value) => setForm({ temperatures: value })}
        />
        <ReferenceChoice />
      </div>
      <JudgeChoice />
      {read?.plan && <ChoosingNotes plan={read.plan} />}
      <StartRow read={read} />
    </>
  );
}
