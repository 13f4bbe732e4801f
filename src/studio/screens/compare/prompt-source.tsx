/** @file Where prompts come from: typed, the pairs, the starter's held-out ones, or elsewhere; and how many. */
import { ChoiceInput, NumberInput, TextInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { ownModel } from '../../stores/open-model';
import { useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import type { NumberProblem } from '../../plain/numbers';
import type { TaskId } from '../../plain/starter/manifest';
import { taskFor, tasksOf } from '../../plain/starter/offered';
import { isStarterModel } from '../../plain/starter/recipe';
import { datasetPrompts } from '../../plain/judge/judge-form';
import { promptSetRows, type PromptChoice, type PromptSource } from '../../plain/compare/choose-prompts';

interface PromptFields<Source> extends Omit<PromptChoice, 'source'> {
  readonly source: PromptSource | Source;
  readonly count: string;
}

export interface PromptSourceProps<Source extends string> {
  readonly form: PromptFields<Source>;
  readonly countProblem: NumberProblem | undefined;
  /** Sources beside those that every form has; their prompts are all taken, in their order. */
  readonly more?: readonly { readonly id: Source; readonly label: string }[];
  readonly onChange: (change: Partial<PromptFields<Source>>) => void;
}

function SourceChoice<Source extends string>({ form, more = [], onChange }: PromptSourceProps<Source>) {
  const { form: text } = useText().promptSet;
  const isSplit = useStudioState('dataset', (state) => state.split !== null);
  const isStarters = isStarterModel(useStudioState('model', ownModel)?.name ?? '');
  const isShipped = useStudioState('starter', (state) => state.manifest !== null);
  const hasStarter = isShipped && (isStarters || form.source === 'starter');
  const options: readonly { readonly id: PromptSource | Source; readonly label: string }[] = [
    { id: 'typed', label: text.typed },
    { id: 'dataset', label: isSplit ? text.heldOut : text.dataset },
    ...(hasStarter ? [{ id: 'starter', label: text.starter } as const] : []),
    ...more,
  ];
  return (
    <RadioRow label={text.source} value={form.source} options={options} onChange={(source) => onChange({ source })} />
  );
}

/** How many different prompts the pairs have that the model can answer. */
function DatasetPromptCount() {
  const { form: text } = useText().promptSet;
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const hasTemplate = useStudioState('model', ownModel)?.hasChatTemplate ?? true;
  const count = datasetPrompts(promptSetRows(rows, split), hasTemplate).length;
  return <p className="quiet">{text.datasetPrompts(count, split !== null)}</p>;
}

/** What else has to be told of the chosen source. */
function SourceFields<Source extends string>({ form, countProblem, onChange }: PromptSourceProps<Source>) {
  const {
    starter,
    promptSet: { form: text },
  } = useText();
  const manifest = useStudioState('starter', (state) => state.manifest);
  const modelName = useStudioState('model', ownModel)?.name ?? '';
  if (form.source === 'typed')
    return (
      <TextInput
        label={text.prompts}
        rows={4}
        placeholder={text.placeholder}
        value={form.prompts}
        onChange={(prompts) => onChange({ prompts })}
      />
    );
  if (form.source !== 'dataset' && form.source !== 'starter') return null;
  return (
    <div className="field-grid">
      {form.source === 'starter' && (
        <ChoiceInput
          label={text.task}
          value={taskFor(form.task, manifest, modelName)}
          options={tasksOf(manifest, modelName).map((id) => ({ id, label: starter.tasks[id].title }))}
          onChange={(task) => onChange({ task: task as TaskId })}
        />
      )}
      <NumberInput
        label={text.count}
        help={text.countHelp}
        value={form.count}
        problem={countProblem}
        onChange={(count) => onChange({ count })}
      />
      {form.source === 'dataset' && <DatasetPromptCount />}
    </div>
  );
}

export function PromptSourceFields<Source extends string = never>(props: PromptSourceProps<Source>) {
  return (
    <div className="prompt-source">
      <SourceChoice {...props} />
      <SourceFields {...props} />
    </div>
  );
}
