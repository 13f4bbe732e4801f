/**
 * @file The form that begins a prompt set: which prompts, at which temperatures, against which column, judged by whom.
 */
import { ListChecks } from 'lucide-react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import { ChoiceInput, NumberInput, TextInput } from '../../shell/fields';
import { readSampling } from '../../../plain/compare/sampling';
import { trialColumns } from '../../../stores/trial';
import { useBusyReason, useStudio, useStudioState } from '../../use-studio';
import { useText } from '../../../text/text';
import { describeProblem } from '../../../text/describe-problem';
import { taskIds, type TaskId } from '../../../plain/starter/manifest';
import { datasetPrompts } from '../../../plain/judge/judge-form';
import { nameOfAnswerer } from '../use-column-name';
import { planTrial, trialRows, type ReadTrialForm, type TrialForm } from '../../../plain/compare/trial/trial-form';

function useColumns() {
  const compare = useStudioState('compare', (state) => state.columns);
  const runs = useStudioState('library', (state) => state.runs);
  const model = useStudioState('model', (state) => state.summary);
  return trialColumns({ columns: compare }, { runs }, model);
}

function useRead(): ReadTrialForm | null {
  const form = useStudioState('trial', (state) => state.form);
  const model = useStudioState('model', (state) => state.summary);
  const sampling = useStudioState('compare', (state) => state.sampling);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const manifest = useStudioState('starter', (state) => state.manifest);
  const columns = useColumns();
  return model === null
    ? null
    : planTrial(form, { model, columns, sampling: readSampling(sampling).options, rows, split, manifest });
}

function Prompts({ problems }: Pick<ReadTrialForm, 'problems'>) {
  const { trial } = useStudio();
  const {
    shell,
    starter,
    trial: { form: text },
  } = useText();
  const form = useStudioState('trial', (state) => state.form);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const hasTemplate = useStudioState('model', (state) => state.summary?.hasChatTemplate ?? true);
  const hasStarter = useStudioState('starter', (state) => state.manifest !== null);
  const setForm = (change: Partial<TrialForm>) => trial.getState().setForm(change);
  return (
    <div className="trial-prompts">
      <RadioGroup
        className="inline-radios"
        orientation="horizontal"
        value={form.source}
        onChange={(source) => setForm({ source: source as TrialForm['source'] })}
      >
        <Label>{text.source}</Label>
        <Radio className="radio" value="typed">
          {text.typed}
        </Radio>
        <Radio className="radio" value="dataset">
          {split === null ? text.dataset : text.heldOut}
        </Radio>
        {hasStarter && (
          <Radio className="radio" value="starter">
            {text.starter}
          </Radio>
        )}
      </RadioGroup>
      {form.source === 'typed' ? (
        <TextInput
          label={text.prompts}
          rows={4}
          placeholder={text.placeholder}
          value={form.prompts}
          onChange={(prompts) => setForm({ prompts })}
        />
      ) : (
        <div className="field-grid">
          {form.source === 'starter' && (
            <ChoiceInput
              label={text.task}
              value={form.task}
              options={taskIds.map((id) => ({ id, label: starter.tasks[id].title }))}
              onChange={(task) => setForm({ task: task as TaskId })}
            />
          )}
          <NumberInput
            label={text.count}
            help={text.countHelp}
            value={form.count}
            problem={problems.count && describeProblem(text.count, problems.count, shell.number)}
            onChange={(count) => setForm({ count })}
          />
          {form.source === 'dataset' && (
            <p className="quiet">
              {text.datasetPrompts(datasetPrompts(trialRows(rows, split), hasTemplate).length, split !== null)}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

export function TrialFields() {
  const { trial } = useStudio();
  const { common, compare, shell, trial: text } = useText();
  const form = useStudioState('trial', (state) => state.form);
  const columns = useColumns();
  const read = useRead();
  const busy = useBusyReason();
  const plan = read?.plan ?? null;
  const problems = read?.problems ?? {};
  const obstacle =
    read === null ? common.chooseModelFirst : read.obstacle !== null ? text.obstacles[read.obstacle] : busy;
  return (
    <>
      <Prompts problems={problems} />
      <div className="field-grid">
        <NumberInput
          label={text.form.temperatures}
          help={text.form.temperaturesHelp}
          value={form.temperatures}
          problem={
            problems.temperatures && describeProblem(text.form.temperatures, problems.temperatures, shell.number)
          }
          onChange={(temperatures) => trial.getState().setForm({ temperatures })}
        />
        {columns.length > 1 && (
          <ChoiceInput
            label={text.form.against}
            value={String(form.against < columns.length ? form.against : 0)}
            options={columns.map(({ runId, name, strength }, index) => ({
              id: String(index),
              label: nameOfAnswerer(runId === null ? null : { name }, strength, compare),
            }))}
            onChange={(index) => trial.getState().setForm({ against: Number(index) })}
          />
        )}
      </div>
      <RadioGroup
        className="inline-radios"
        orientation="horizontal"
        value={form.judge}
        onChange={(judge) => trial.getState().setForm({ judge: judge as TrialForm['judge'] })}
      >
        <Label>{text.judgedBy}</Label>
        <Radio className="radio" value="analyst">
          {text.judges.analyst}
        </Radio>
        <Radio className="radio" value="scorer">
          {text.judges.scorer}
        </Radio>
      </RadioGroup>
      <div className="start-row">
        <Button
          className="button button-primary"
          isDisabled={obstacle !== null || busy !== null}
          onPress={() => void trial.getState().start()}
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
    </>
  );
}
