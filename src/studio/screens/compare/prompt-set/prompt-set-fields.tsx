/**
 * @file The form that begins a prompt set: which prompts, at which temperatures, against which column, judged by whom.
 */
import { ListChecks } from 'lucide-react';
import { Button } from 'react-aria-components';
import { ChoiceInput, NumberInput } from '../../shell/fields';
import { RadioRow } from '../../shell/radio-row';
import { isStarterModel } from '../../../plain/starter/recipe';
import { readSampling } from '../../../plain/compare/sampling';
import { promptSetColumns } from '../../../stores/prompt-set';
import { useBusyReason, useStudio, useStudioState } from '../../use-studio';
import { useText } from '../../../text/text';
import { nameOfAnswerer } from '../use-column-name';
import { offeredForm, planPromptSet, type ReadPromptSetForm } from '../../../plain/compare/prompt-set/prompt-set-form';
import { PromptSourceFields } from '../prompt-source';

/** The columns of the comparison that can answer now. */
function useColumns() {
  const compare = useStudioState('compare', (state) => state.columns);
  const runs = useStudioState('library', (state) => state.runs);
  const model = useStudioState('model', (state) => state.summary);
  return promptSetColumns({ columns: compare }, { runs }, model);
}

/** The form as read against the open model, the columns and the pairs; null without a model. */
function useReadPromptSetForm(): ReadPromptSetForm | null {
  const form = useStudioState('promptSet', (state) => state.form);
  const model = useStudioState('model', (state) => state.summary);
  const sampling = useStudioState('compare', (state) => state.sampling);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const manifest = useStudioState('starter', (state) => state.manifest);
  const columns = useColumns();
  return model === null
    ? null
    : planPromptSet(form, { model, columns, sampling: readSampling(sampling).options, rows, split, manifest });
}

function ReferenceChoice() {
  const { promptSet } = useStudio();
  const { compare, promptSet: text } = useText();
  const against = useStudioState('promptSet', (state) => state.form.against);
  const columns = useColumns();
  if (columns.length < 2) return null;
  return (
    <ChoiceInput
      label={text.form.against}
      value={String(against < columns.length ? against : 0)}
      options={columns.map(({ runId, name, strength }, index) => ({
        id: String(index),
        label: nameOfAnswerer(runId === null ? null : { name }, strength, compare),
      }))}
      onChange={(index) => promptSet.getState().setForm({ against: Number(index) })}
    />
  );
}

function JudgeChoice() {
  const { promptSet } = useStudio();
  const { promptSet: text } = useText();
  const judge = useStudioState('promptSet', (state) => state.form.judge);
  const isStarters = useStudioState('model', (state) => isStarterModel(state.summary?.name ?? ''));
  if (!isStarters) return null;
  return (
    <RadioRow
      label={text.judgedBy}
      value={judge}
      options={(['analyst', 'scorer'] as const).map((id) => ({ id, label: text.judges[id] }))}
      onChange={(chosen) => promptSet.getState().setForm({ judge: chosen })}
    />
  );
}

/** Begins the answering, or says what it lacks; else how many answers there will be. */
function StartAnswering({ read }: { readonly read: ReadPromptSetForm | null }) {
  const { promptSet } = useStudio();
  const { common, promptSet: text } = useText();
  const busy = useBusyReason();
  const plan = read?.plan ?? null;
  const obstacle =
    read === null ? common.chooseModelFirst : read.obstacle !== null ? text.obstacles[read.obstacle] : busy;
  return (
    <div className="start-row">
      <Button
        className="button button-primary"
        isDisabled={obstacle !== null || busy !== null}
        onPress={() => void promptSet.getState().start()}
      >
        <ListChecks aria-hidden="true" /> {text.start}
      </Button>
      {obstacle !== null ? (
        <p className="obstacle">{obstacle}</p>
      ) : (
        plan !== null && (
          <p className="quiet">{text.form.plan(plan.count, plan.temperatures.length, plan.columns.length)}</p>
        )
      )}
    </div>
  );
}

export function PromptSetFields() {
  const { promptSet } = useStudio();
  const { form: text } = useText().promptSet;
  const typed = useStudioState('promptSet', (state) => state.form);
  const model = useStudioState('model', (state) => state.summary);
  const form = offeredForm(typed, model);
  const { setForm } = promptSet.getState();
  const read = useReadPromptSetForm();
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
      <StartAnswering read={read} />
    </>
  );
}
