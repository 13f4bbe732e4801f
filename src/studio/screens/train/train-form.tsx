/** @file The settings of a run: what matters most first, the rest folded away. */
import { ChevronRight } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import {
  Button,
  Checkbox,
  CheckboxGroup,
  Disclosure,
  DisclosurePanel,
  FieldError,
  Heading,
  Label,
  Radio,
  RadioGroup,
  Text,
} from 'react-aria-components';
import { ChoiceInput, NumberInput, TextInput } from '../shell/fields';
import { adaptersFor } from '../../plain/compare/columns';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { lossNames, losses, sftFormula, type LossName } from '../../plain/train/losses';
import {
  bestMetrics,
  checkpointingChoices,
  initialForm,
  numberFields,
  schedulerTypes,
  withLoss,
  type FormProblems,
  type MethodChoice,
  type NumberKey,
  type TrainForm as Form,
} from '../../plain/train/options';
import { presetIds, presets } from '../../plain/train/presets';
import { describeProblem } from '../../text/describe-problem';

const optimiserKeys = [
  'warmup_steps',
  'seed',
  'weight_decay',
  'max_grad_norm',
  'adam_beta1',
  'adam_beta2',
  'adam_epsilon',
] as const;
const furtherKeys = ['lora_alpha', 'gradient_accumulation_steps', ...optimiserKeys] as const;

const methods: readonly MethodChoice[] = ['dpo', 'sft', 'both'];

interface PartProps {
  readonly form: Form;
  readonly problems: FormProblems;
  readonly isDisabled: boolean;
}

function Numbers({ keys, form, problems, isDisabled }: PartProps & { readonly keys: readonly NumberKey[] }) {
  const { training } = useStudio();
  const { shell, train } = useText();
  return keys.map((key) => {
    const { label, unit, help } = train.fields[key];
    const problem = problems.numbers[key];
    const { usual } = numberFields[key];
    return (
      <NumberInput
        key={key}
        label={label}
        code={numberFields[key].trl}
        unit={unit}
        help={usual === undefined ? help : `${help} ${train.usual(...usual)}`}
        value={form[key]}
        problem={problem && describeProblem(label, problem, shell.number)}
        isDisabled={isDisabled}
        onChange={(text) => training.getState().setForm({ [key]: text })}
      />
    );
  });
}

function TargetModules({ form, problems, isDisabled }: PartProps) {
  const { training } = useStudio();
  const { targets: text } = useText().train;
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
    </div>
  );
}

interface FoldProps extends Omit<PartProps, 'isDisabled'> {
  readonly title: string;
  readonly keys: readonly NumberKey[];
  readonly isWrong?: boolean;
  readonly children: ReactNode;
}

/** Options that most leave as they are; open where one of them is wrong or not as it begins. */
function Fold({ title, keys, isWrong = false, form, problems, children }: FoldProps) {
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

/** Continue an adapter of this model instead of starting afresh; for DPO it is then the reference too. */
function StartFrom({ form, isDisabled }: { readonly form: Form; readonly isDisabled: boolean }) {
  const { training } = useStudio();
  const { startFrom: text } = useText().train;
  const runs = useStudioState('library', (state) => state.runs);
  const fingerprint = useStudioState('model', (state) => state.summary?.fingerprint);
  const startFrom = useStudioState('training', (state) => state.startFrom);
  const candidates = [...adaptersFor(runs, fingerprint, 'sft'), ...adaptersFor(runs, fingerprint, 'dpo')];
  const reference = useStudioState('training', (state) => state.reference);
  if (form.method === 'both' || candidates.length === 0) return null;
  const adapters = candidates.map(({ id, name }) => ({ id, label: text.adapter(name) }));
  const start = (
    <ChoiceInput
      label={text.label}
      value={candidates.some(({ id }) => id === startFrom) ? (startFrom ?? '') : 'fresh'}
      options={[{ id: 'fresh', label: text.fresh }, ...adapters]}
      help={form.method === 'dpo' ? text.helpDpo : text.help}
      isDisabled={isDisabled}
      onChange={(id) => training.getState().setStartFrom(id === 'fresh' ? null : id)}
    />
  );
  if (form.method !== 'dpo') return start;
  return (
    <>
      {start}
      <ChoiceInput
        label={text.reference}
        value={candidates.some(({ id }) => id === reference) ? (reference ?? '') : 'start'}
        options={[{ id: 'start', label: text.referenceStart }, ...adapters]}
        help={text.helpReference}
        isDisabled={isDisabled}
        onChange={(id) => training.getState().setReference(id === 'start' ? null : id)}
      />
    </>
  );
}

/** Fills the form in for a kind of data; a preset that cannot be told from the settings is no state of its own. */
function Presets({ isDisabled }: { readonly isDisabled: boolean }) {
  const { training, notices } = useStudio();
  const { train } = useText();
  return (
    <div className="presets" role="group" aria-label={train.preset.label}>
      <span className="presets-label">{train.preset.label}</span>
      {presetIds.map((id) => (
        <Button
          key={id}
          className="preset"
          isDisabled={isDisabled}
          onPress={() => {
            const { form } = training.getState();
            const before = form;
            training.getState().setForm(presets[id]);
            notices
              .getState()
              .tell(train.preset.applied(train.presets[id].name), () => training.getState().setForm(before));
          }}
        >
          <span className="method-name">{train.presets[id].name}</span>
          <span className="method-help">{train.presets[id].help}</span>
        </Button>
      ))}
    </div>
  );
}

/** Which loss, what it does in a line, its formula, and the options that belong to it. */
function LossChoice(part: PartProps) {
  const { form, isDisabled } = part;
  const { training } = useStudio();
  const { train } = useText();
  const { formula, options, start } = losses[form.loss_type];
  // What most losses have; smoothing is of a loss's own where it begins with some.
  const further = options.filter(
    (key) =>
      key === 'ld_alpha' || key === 'sft_weight' || (key === 'label_smoothing' && start?.label_smoothing === undefined),
  );
  const weight =
    options.includes('sft_weight') && Number(form.sft_weight) > 0
      ? ` + ${form.sft_weight.trim()} · (${sftFormula})`
      : '';
  return (
    <div className="loss-choice">
      <ChoiceInput
        label={train.loss.label}
        code="loss_type"
        value={form.loss_type}
        options={lossNames.map((id) => ({ id, label: `${id} · ${losses[id].title}` }))}
        help={train.losses[form.loss_type]}
        isDisabled={isDisabled}
        onChange={(id) => training.getState().setForm(withLoss(id as LossName))}
      />
      <div className="formula" data-testid="formula">
        <span className="formula-label">{train.loss.formula}</span>
        <code>{formula + weight}</code>
        {losses[form.loss_type].usesReference && <span className="method-help">{train.loss.symbols}</span>}
      </div>
      <div className="field-grid loss-options">
        <Numbers {...part} keys={options.filter((key) => !further.includes(key))} />
      </div>
      {further.length > 0 && (
        <Fold key={form.loss_type} {...part} title={train.loss.more} keys={further}>
          <Numbers {...part} keys={further} />
        </Fold>
      )}
    </div>
  );
}

/** Evaluation on held-out pairs, early stopping, checkpoints. */
function EvaluationFields(part: PartProps) {
  const { form, isDisabled } = part;
  const { training } = useStudio();
  const { evaluation: text } = useText().train;
  const { setForm } = training.getState();
  const isSplit = useStudioState('dataset', (state) => state.split !== null);
  return (
    <Disclosure className="disclosure">
      <Heading>
        <Button slot="trigger" className="disclosure-button">
          <ChevronRight aria-hidden="true" /> {text.title}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="field-grid">
          <Checkbox
            className="checkbox field-wide"
            isSelected={form.evaluate}
            isDisabled={isDisabled}
            onChange={(evaluate) => setForm({ evaluate })}
          >
            <span className="checkbox-box" aria-hidden="true" />
            {text.evaluate}
          </Checkbox>
          {form.evaluate && (
            <>
              {isSplit ? <p className="quiet">{text.split}</p> : <Numbers {...part} keys={['eval_share']} />}
              <Numbers {...part} keys={['eval_steps', 'early_stopping_patience']} />
              <ChoiceInput
                label={text.metric}
                code="metric_for_best_model"
                value={form.metric_for_best_model}
                options={bestMetrics.map((id) => ({ id, label: text.metrics[id] }))}
                help={text.metricHelp}
                isDisabled={isDisabled}
                onChange={(id) => setForm({ metric_for_best_model: id as Form['metric_for_best_model'] })}
              />
              <Checkbox
                className="checkbox"
                isSelected={form.load_best_model_at_end}
                isDisabled={isDisabled}
                onChange={(load_best_model_at_end) => setForm({ load_best_model_at_end })}
              >
                <span className="checkbox-box" aria-hidden="true" />
                {text.best}
              </Checkbox>
            </>
          )}
          <Numbers {...part} keys={['save_steps']} />
          {form.evaluate && (
            <>
              <Checkbox
                className="checkbox field-wide"
                isSelected={form.sample}
                isDisabled={isDisabled}
                onChange={(sample) => setForm({ sample })}
              >
                <span className="checkbox-box" aria-hidden="true" />
                {text.sample}
              </Checkbox>
              {form.sample && (
                <>
                  <div className="field-wide">
                    <TextInput
                      label={text.prompts}
                      rows={3}
                      maxLength={4000}
                      placeholder={text.promptsDefault}
                      value={form.sample_prompts}
                      isDisabled={isDisabled}
                      onChange={(sample_prompts) => setForm({ sample_prompts })}
                    />
                  </div>
                  <Numbers {...part} keys={['sample_tokens']} />
                </>
              )}
            </>
          )}
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}

export function TrainForm({ form, problems, isDisabled }: PartProps) {
  const { training } = useStudio();
  const { train } = useText();
  const { setForm } = training.getState();
  const part = { form, problems, isDisabled };
  const isDpo = form.method !== 'sft';
  const isSft = form.method !== 'dpo';
  return (
    <div className="train-form">
      <Presets isDisabled={isDisabled} />
      <RadioGroup
        className="method-choice"
        value={form.method}
        isDisabled={isDisabled}
        onChange={(method) => setForm({ method: method as MethodChoice })}
      >
        <Label>{train.method}</Label>
        <div className="method-cards">
          {methods.map((id) => (
            <Radio key={id} className="method-card" value={id}>
              <span className="method-name">{train.methods[id].name}</span>
              <span className="method-help">{train.methods[id].help}</span>
              {id === 'sft' && <code className="method-formula">{sftFormula}</code>}
              {id === 'dpo' && <code className="method-formula">{losses[form.loss_type].formula}</code>}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      {isDpo && <LossChoice {...part} />}
      <div className="field-grid">
        <Numbers
          {...part}
          keys={[
            ...(isSft ? (['sft_learning_rate'] as const) : []),
            ...(isDpo ? (['dpo_learning_rate'] as const) : []),
          ]}
        />
        <ChoiceInput
          label={train.duration.label}
          value={form.duration}
          options={[
            { id: 'epochs', label: train.duration.epochs },
            { id: 'steps', label: train.duration.steps },
          ]}
          help={train.duration.help}
          isDisabled={isDisabled}
          onChange={(duration) => setForm({ duration: duration as Form['duration'] })}
        />
        <Numbers {...part} keys={[form.duration === 'epochs' ? 'num_train_epochs' : 'max_steps']} />
        {form.method === 'both' && (
          <ChoiceInput
            label={train.budget.label}
            value={form.budget}
            options={[
              { id: 'tokens', label: train.budget.tokens },
              { id: 'steps', label: train.budget.steps },
            ]}
            help={train.budget.help}
            isDisabled={isDisabled}
            onChange={(budget) => setForm({ budget: budget as Form['budget'] })}
          />
        )}
        <Numbers {...part} keys={['per_device_train_batch_size', 'max_length', 'lora_r']} />
        <StartFrom form={form} isDisabled={isDisabled} />
      </div>
      <EvaluationFields {...part} />
      <Fold {...part} title={train.more} keys={furtherKeys} isWrong={problems.hasNoTargets}>
        <Numbers {...part} keys={['lora_alpha', 'gradient_accumulation_steps']} />
        <TargetModules {...part} />
        <ChoiceInput
          label={train.schedule.label}
          code="lr_scheduler_type"
          value={form.lr_scheduler_type}
          options={schedulerTypes.map((id) => ({ id, label: train.schedulers[id] }))}
          help={train.schedule.help}
          isDisabled={isDisabled}
          onChange={(id) => setForm({ lr_scheduler_type: id as Form['lr_scheduler_type'] })}
        />
        <Numbers {...part} keys={optimiserKeys} />
        <ChoiceInput
          label={train.checkpointing.label}
          code="gradient_checkpointing"
          value={form.gradient_checkpointing}
          options={checkpointingChoices.map((id) => ({ id, label: train.checkpointing.choices[id] }))}
          help={train.checkpointing.help}
          isDisabled={isDisabled}
          onChange={(id) => setForm({ gradient_checkpointing: id as Form['gradient_checkpointing'] })}
        />
        <Checkbox
          className="checkbox"
          isSelected={form.shuffle}
          isDisabled={isDisabled}
          onChange={(shuffle) => setForm({ shuffle })}
        >
          <span className="checkbox-box" aria-hidden="true" />
          {train.shuffle}
        </Checkbox>
      </Fold>
    </div>
  );
}
