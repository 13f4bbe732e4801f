/** @file The settings of a run: what matters most first, the rest folded away. */
import { ChevronRight } from 'lucide-react';
import {
  Button, Checkbox, CheckboxGroup, Disclosure, DisclosurePanel, FieldError, Heading, Label, Radio, RadioGroup, Text,
} from 'react-aria-components';
import { ChoiceInput, NumberInput } from '../shell/fields';
import { adaptersFor } from '../stores/compare';
import { useStudio, useStudioState } from '../studio';
import { numberFields, schedulers, type FormProblems, type MethodChoice, type NumberKey, type TrainForm as Form } from './options';

const methods: readonly { id: MethodChoice; label: string; help: string }[] = [
  { id: 'dpo', label: 'DPO', help: 'Learns from both answers: raises the chosen one over the rejected one.' },
  { id: 'sft', label: 'SFT', help: 'Learns to write the chosen answers; the rejected ones are not used.' },
  { id: 'both', label: 'SFT, then DPO', help: 'Two runs on the same pairs, each from a fresh adapter, to compare.' },
];

interface PartProps {
  readonly form: Form;
  readonly problems: FormProblems;
  readonly isDisabled: boolean;
}

function Numbers({ keys, form, problems, isDisabled }: PartProps & { readonly keys: readonly NumberKey[] }) {
  const { training } = useStudio();
  return keys.map((key) => {
    const { label, trl, unit, help } = numberFields[key];
    return (
      <NumberInput
        key={key}
        label={label}
        code={trl}
        unit={unit}
        help={help}
        value={form[key]}
        problem={problems[key]}
        isDisabled={isDisabled}
        onChange={(text) => training.getState().setForm({ [key]: text })}
      />
    );
  });
}

function TargetModules({ form, problems, isDisabled }: PartProps) {
  const { training } = useStudio();
  const linears = useStudioState('model', (state) => state.summary?.linears ?? null);
  return (
    <div className="field field-wide">
      <RadioGroup
        className="inline-radios"
        orientation="horizontal"
        value={form.targets}
        isDisabled={isDisabled}
        onChange={(targets) => training.getState().setForm({ targets: targets as Form['targets'] })}
      >
        <span className="field-head">
          <Label>Adapted layers</Label>
          <code>lora_target_modules</code>
        </span>
        <Radio className="radio" value="all-linear">All linear layers</Radio>
        <Radio className="radio" value="chosen">Chosen ones</Radio>
      </RadioGroup>
      {form.targets === 'chosen' && (
        <CheckboxGroup
          className="inline-checkboxes"
          aria-label="Layers to adapt"
          value={[...form.target_modules]}
          isInvalid={problems.target_modules !== undefined}
          isDisabled={isDisabled}
          onChange={(target_modules) => training.getState().setForm({ target_modules })}
        >
          {linears === null ? (
            <Text className="field-help">Load a model to see its layers.</Text>
          ) : (
            linears.map((name) => (
              <Checkbox key={name} className="checkbox" value={name}>
                <span className="checkbox-box" aria-hidden="true" />
                <code>{name}</code>
              </Checkbox>
            ))
          )}
          <FieldError className="field-problem">{problems.target_modules}</FieldError>
        </CheckboxGroup>
      )}
    </div>
  );
}

/** Continue an adapter of this model instead of starting afresh; for DPO it is then the reference too. */
function StartFrom({ form, isDisabled }: { readonly form: Form; readonly isDisabled: boolean }) {
  const { training } = useStudio();
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const startFrom = useStudioState('training', (state) => state.startFrom);
  const candidates = [...adaptersFor(runs, fingerprint, 'sft'), ...adaptersFor(runs, fingerprint, 'dpo')];
  if (form.method === 'both' || candidates.length === 0) return null;
  return (
    <ChoiceInput
      label="Start from"
      value={candidates.some(({ id }) => id === startFrom) ? (startFrom ?? '') : 'fresh'}
      options={[{ id: 'fresh', label: 'The base, fresh adapter' }, ...candidates.map(({ id, name }) => ({ id, label: `Adapter ${name}` }))]}
      help={
        form.method === 'dpo'
          ? 'An adapter that is continued is also the reference, as it was; with a fresh one the base is.'
          : 'Continue an adapter, or begin a new one.'
      }
      isDisabled={isDisabled}
      onChange={(id) => training.getState().setStartFrom(id === 'fresh' ? null : id)}
    />
  );
}

export function TrainForm({ form, problems, isDisabled }: PartProps) {
  const { training } = useStudio();
  const { setForm } = training.getState();
  const part = { form, problems, isDisabled };
  const isDpo = form.method !== 'sft';
  const isSft = form.method !== 'dpo';
  return (
    <div className="train-form">
      <RadioGroup
        className="method-choice"
        value={form.method}
        isDisabled={isDisabled}
        onChange={(method) => setForm({ method: method as MethodChoice })}
      >
        <Label>Method</Label>
        <div className="method-cards">
          {methods.map(({ id, label, help }) => (
            <Radio key={id} className="method-card" value={id}>
              <span className="method-name">{label}</span>
              <span className="method-help">{help}</span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <div className="field-grid">
        {isDpo && <Numbers {...part} keys={['beta']} />}
        <Numbers {...part} keys={[...(isSft ? (['sft_learning_rate'] as const) : []), ...(isDpo ? (['dpo_learning_rate'] as const) : [])]} />
        <ChoiceInput
          label="Train for"
          value={form.duration}
          options={[{ id: 'epochs', label: 'A number of epochs' }, { id: 'steps', label: 'A number of steps' }]}
          help="Passes over the data, or optimiser steps."
          isDisabled={isDisabled}
          onChange={(duration) => setForm({ duration: duration as Form['duration'] })}
        />
        <Numbers {...part} keys={[form.duration === 'epochs' ? 'num_train_epochs' : 'max_steps']} />
        <Numbers {...part} keys={['per_device_train_batch_size', 'gradient_accumulation_steps', 'max_length', 'lora_r', 'lora_alpha']} />
        <StartFrom form={form} isDisabled={isDisabled} />
        <TargetModules {...part} />
      </div>
      <Disclosure className="disclosure">
        <Heading>
          <Button slot="trigger" className="disclosure-button">
            <ChevronRight aria-hidden="true" /> Schedule, seed and optimiser
          </Button>
        </Heading>
        <DisclosurePanel>
          <div className="field-grid">
            <ChoiceInput
              label="Schedule"
              code="lr_scheduler_type"
              value={form.lr_scheduler_type}
              options={schedulers}
              help="How the learning rate goes from its peak to the end."
              isDisabled={isDisabled}
              onChange={(id) => setForm({ lr_scheduler_type: id as Form['lr_scheduler_type'] })}
            />
            <Numbers {...part} keys={['warmup_steps', 'seed', 'weight_decay', 'max_grad_norm', 'adam_beta1', 'adam_beta2', 'adam_epsilon']} />
            <Checkbox className="checkbox" isSelected={form.shuffle} isDisabled={isDisabled} onChange={(shuffle) => setForm({ shuffle })}>
              <span className="checkbox-box" aria-hidden="true" />
              Shuffle the pairs each epoch
            </Checkbox>
          </div>
        </DisclosurePanel>
      </Disclosure>
    </div>
  );
}
