/** @file Which layers of the model get an adapter: all, the first or the last ones, or a list. */
import { layerChoices, type LayerChoice, type LayersProblem } from '../../plain/train/layers';
import { useText, type Text } from '../../text/text';
import { ChoiceInput, NumberInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';
import { NumberFields, useHeldShape, type SettingsProps } from './setting-fields';

function describeProblem(problem: LayersProblem, text: Text['train']['layers']): string {
  if (problem.kind === 'syntax') return text.syntax(problem.given);
  return problem.kind === 'beyond'
    ? text.beyond(problem.layer, problem.last)
    : text.many(problem.count, problem.layers);
}

export function LayerFields(settings: SettingsProps) {
  const { form, problems } = settings;
  const isHeld = useHeldShape() !== null;
  const isDisabled = settings.isDisabled || isHeld;
  const { training } = useStudio();
  const { layers: text, startFrom } = useText().train;
  const layers = useStudioState('model', (state) => state.summary?.layers ?? null);
  const problem = problems.layers === null ? undefined : describeProblem(problems.layers, text);
  return (
    <>
      <ChoiceInput
        label={text.label}
        code="layers_to_transform"
        value={form.layers}
        options={layerChoices.map((id) => ({ id, label: text.choices[id] }))}
        help={isHeld ? startFrom.held : text.help}
        isHelpFolded={!isHeld}
        isDisabled={isDisabled}
        onChange={(id) => training.getState().setForm({ layers: id as LayerChoice })}
      />
      {(form.layers === 'first' || form.layers === 'last') && (
        <div className="field">
          <NumberFields {...settings} keys={['layer_count']} />
          {problem !== undefined && (
            <p className="field-problem" role="alert">
              {problem}
            </p>
          )}
        </div>
      )}
      {form.layers === 'listed' && (
        <NumberInput
          label={text.list}
          help={text.listHelp}
          hint={layers === null ? text.listHelp : text.range(layers - 1)}
          value={form.layer_list}
          problem={problem}
          isDisabled={isDisabled}
          onChange={(layer_list) => training.getState().setForm({ layer_list })}
        />
      )}
    </>
  );
}
