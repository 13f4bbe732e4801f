/** @file Where the prompts of a set come from: typed, the pairs, or the starter's held-out ones; and how many. */
import { ChoiceInput, NumberInput, TextInput } from '../../shell/fields';
import { RadioRow } from '../../shell/radio-row';
import { useStudio, useStudioState } from '../../use-studio';
import { useText } from '../../../text/text';
import { taskIds, type TaskId } from '../../../plain/starter/manifest';
import { datasetPrompts } from '../../../plain/judge/judge-form';
import { promptSetRows, type ReadPromptSetForm } from '../../../plain/compare/prompt-set/prompt-set-form';

function SourceChoice() {
  const { promptSet } = useStudio();
  const { form: text } = useText().promptSet;
  const source = useStudioState('promptSet', (state) => state.form.source);
  const isSplit = useStudioState('dataset', (state) => state.split !== null);
  const hasStarter = useStudioState('starter', (state) => state.manifest !== null);
  return (
    <RadioRow
      label={text.source}
      value={source}
      options={[
        { id: 'typed', label: text.typed },
        { id: 'dataset', label: isSplit ? text.heldOut : text.dataset },
        ...(hasStarter ? [{ id: 'starter', label: text.starter } as const] : []),
      ]}
      onChange={(chosen) => promptSet.getState().setForm({ source: chosen })}
    />
  );
}

/** How many different prompts the pairs have that the model can answer. */
function DatasetPromptCount() {
  const { form: text } = useText().promptSet;
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const hasTemplate = useStudioState('model', (state) => state.summary?.hasChatTemplate ?? true);
  const count = datasetPrompts(promptSetRows(rows, split), hasTemplate).length;
  return <p className="quiet">{text.datasetPrompts(count, split !== null)}</p>;
}

export function PromptSource({ problems }: Pick<ReadPromptSetForm, 'problems'>) {
  const { promptSet } = useStudio();
  const {
    starter,
    promptSet: { form: text },
  } = useText();
  const form = useStudioState('promptSet', (state) => state.form);
  const { setForm } = promptSet.getState();
  return (
    <div className="prompt-source">
      <SourceChoice />
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
            problem={problems.count}
            onChange={(count) => setForm({ count })}
          />
          {form.source === 'dataset' && <DatasetPromptCount />}
        </div>
      )}
    </div>
  );
}
