/** @file Which linear layers of the model get an adapter: all of them, or those that are ticked. */
import { Checkbox, CheckboxGroup, FieldError, Label, Radio, RadioGroup, Text } from 'react-aria-components';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import type { TrainForm } from '../../plain/train/options';
import { useHeldShape, type SettingsProps } from './setting-fields';

export function TargetModules({ form, problems, isDisabled: isOff }: SettingsProps) {
  const isHeld = useHeldShape() !== null;
  const isDisabled = isOff || isHeld;
  const { training } = useStudio();
  const { targets: text, startFrom } = useText().train;
  const { held } = startFrom;
  const linears = useStudioState('model', (state) => state.summary?.linears ?? null);
  return (
    <div className="field field-wide">
      <RadioGroup
        className="inline-radios"
        orientation="horizontal"
        value={form.targets}
        isDisabled={isDisabled}
        onChange={(targets) => training.getState().setForm({ targets: targets as TrainForm['targets'] })}
      >
        <span className="field-head">
          <Label>{text.label}</Label>
          <code>lora_target_modules</code>
        </span>
        <Radio className="radio" value="all-linear">
          {text.all}
        </Radio>
        <Radio className="radio" value="chosen">
          {text.chosen}
        </Radio>
      </RadioGroup>
      {form.targets === 'chosen' && (
        <CheckboxGroup
          className="inline-checkboxes"
          aria-label={text.choose}
          value={[...form.target_modules]}
          isInvalid={problems.hasNoTargets}
          isDisabled={isDisabled}
          onChange={(target_modules) => training.getState().setForm({ target_modules })}
        >
          {linears === null ? (
            <Text className="field-help">{text.needsModel}</Text>
          ) : (
            linears.map((name) => (
              <Checkbox key={name} className="checkbox" value={name}>
                <span className="checkbox-box" aria-hidden="true" />
                <code>{name}</code>
              </Checkbox>
            ))
          )}
          <FieldError className="field-problem">{text.chooseOne}</FieldError>
        </CheckboxGroup>
      )}
      {isHeld && <p className="field-help">{held}</p>}
    </div>
  );
}
