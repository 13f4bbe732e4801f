/** @file Which prompts are answered: those of the data set that train, or some that are typed. */
import { trainedRows } from '../../plain/compare/pairs-of-answers';
import { datasetPrompts } from '../../plain/judge/judge-form';
import { useText } from '../../text/text';
import { TextInput } from '../shell/fields';
import { RadioRow } from '../shell/radio-row';
import { ownModel } from '../../stores/open-model';
import { useStudioState } from '../use-studio';

const sources = ['dataset', 'typed'] as const;

interface Chosen {
  readonly source: (typeof sources)[number];
  /** As typed. */
  readonly prompts: string;
}

interface TrainedPromptsProps {
  readonly label: string;
  readonly names: Readonly<Record<Chosen['source'], string>>;
  readonly form: Chosen;
  readonly onChange: (change: Partial<Chosen>) => void;
}

export function TrainedPrompts({ label, names, form, onChange }: TrainedPromptsProps) {
  const { makePairs: text, promptSet } = useText();
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const hasTemplate = useStudioState('model', ownModel)?.hasChatTemplate ?? true;
  return (
    <>
      <RadioRow
        label={label}
        value={form.source}
        options={sources.map((id) => ({ id, label: names[id] }))}
        onChange={(source) => onChange({ source })}
      />
      {form.source === 'typed' ? (
        <TextInput
          label={promptSet.form.prompts}
          rows={4}
          placeholder={promptSet.form.placeholder}
          value={form.prompts}
          onChange={(prompts) => onChange({ prompts })}
        />
      ) : (
        <p className="quiet">
          {text.datasetPrompts(datasetPrompts(trainedRows(rows, split), hasTemplate).length, split !== null)}
        </p>
      )}
    </>
  );
}
