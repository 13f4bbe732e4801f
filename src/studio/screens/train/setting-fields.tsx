/** @file The pieces that the settings of a run are made of: number fields by key, a checkbox, a fold. */
import { ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { Button, Checkbox, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { NumberInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';
import type { TermId } from '../../text/en/glossary';
import { useText } from '../../text/text';
import { heldNumbers } from '../../plain/train/held-shape';
import type { TrainingState } from '../../stores/training-state';
import {
  initialForm,
  numberFields,
  usualOf,
  type FormProblems,
  type MethodChoice,
  type NumberKey,
  type TrainForm,
} from '../../plain/train/options';

export interface SettingsProps {
  readonly form: TrainForm;
  readonly problems: FormProblems;
  readonly isDisabled: boolean;
}

/** The run whose adapter is gone on from, so that its shape is kept, with that shape; null for a fresh adapter. */
export function useHeldShape(): TrainingState['startShape'] {
  return useStudioState('training', ({ form, startFrom, startShape }) =>
    form.method !== 'both' && startShape?.runId === startFrom ? startShape : null,
  );
}

/** Words that an analyst may not have, by the field that has need of them. */
const termOfField: Readonly<Partial<Record<NumberKey, TermId>>> = {
  beta: 'beta',
  dpo_learning_rate: 'learningRate',
  sft_learning_rate: 'learningRate',
  num_train_epochs: 'epoch',
  max_steps: 'step',
  per_device_train_batch_size: 'batch',
  gradient_accumulation_steps: 'batch',
  max_length: 'token',
  lora_r: 'rank',
  lora_alpha: 'alpha',
  warmup_steps: 'warmup',
  seed: 'seed',
  weight_decay: 'weightDecay',
  max_grad_norm: 'gradient',
  eval_share: 'heldOut',
  early_stopping_patience: 'earlyStopping',
  save_steps: 'trainingCheckpoint',
};

export function NumberFields({
  keys,
  form,
  problems,
  isDisabled,
}: SettingsProps & { readonly keys: readonly NumberKey[] }) {
  const { training } = useStudio();
  const { train } = useText();
  const ofMethod: Partial<Record<MethodChoice, typeof train.fieldsOfMethod.rloo>> = train.fieldsOfMethod;
  const isHeld = useHeldShape() !== null;
  return keys.map((key) => {
    const { label, unit, help, empty } = ofMethod[form.method]?.[key] ?? train.fields[key];
    const usual = usualOf(key, form.method);
    const hints = [...(usual === undefined ? [] : [train.usual(...usual)]), ...(empty === undefined ? [] : [empty])];
    const isKept = isHeld && heldNumbers.includes(key);
    return (
      <NumberInput
        key={key}
        label={label}
        code={numberFields[key].trl}
        term={termOfField[key]}
        unit={unit}
        help={help}
        hint={isKept ? train.startFrom.held : hints.join(' ')}
        value={form[key]}
        problem={problems.numbers[key]}
        isDisabled={isDisabled || isKept}
        onChange={(text) => training.getState().setForm({ [key]: text })}
      />
    );
  });
}

/** Keys of the form whose values are yes or no. */
type SwitchKey = { [K in keyof TrainForm]: TrainForm[K] extends boolean ? K : never }[keyof TrainForm];

interface SettingCheckboxProps extends Pick<SettingsProps, 'form' | 'isDisabled'> {
  readonly setting: SwitchKey;
  readonly label: string;
  /** Whether the checkbox takes a whole row of the grid. */
  readonly isWide?: boolean;
}

export function SettingCheckbox({ setting, label, isWide = false, form, isDisabled }: SettingCheckboxProps) {
  const { training } = useStudio();
  return (
    <Checkbox
      className={isWide ? 'checkbox field-wide' : 'checkbox'}
      isSelected={form[setting]}
      isDisabled={isDisabled}
      onChange={(isChosen) => training.getState().setForm({ [setting]: isChosen })}
    >
      <span className="checkbox-box" aria-hidden="true" />
      {label}
    </Checkbox>
  );
}

interface SettingsFoldProps extends Omit<SettingsProps, 'isDisabled'> {
  readonly title: string;
  /** The number fields inside: the fold is open where one is wrong or not as it begins. */
  readonly keys: readonly NumberKey[];
  /** Whether something inside other than a number is wrong. */
  readonly isWrong?: boolean;
  readonly children: ReactNode;
}

/** Holds options that most leave as they are; it is open where one of them is wrong or not as it begins. */
export function SettingsFold({ title, keys, isWrong = false, form, problems, children }: SettingsFoldProps) {
  const [chosen, setChosen] = useState<boolean | null>(null);
  const mustOpen = isWrong || keys.some((key) => problems.numbers[key] !== undefined);
  const isOpen = chosen ?? keys.some((key) => form[key] !== initialForm[key]);
  return (
    <Disclosure className="disclosure" isExpanded={mustOpen || isOpen} onExpandedChange={setChosen}>
      <Heading>
        <Button slot="trigger" className="disclosure-button">
          <ChevronRight aria-hidden="true" /> {title}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="field-grid">{children}</div>
      </DisclosurePanel>
    </Disclosure>
  );
}
