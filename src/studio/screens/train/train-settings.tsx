/** @file The settings of a run in two levels: the goal and a preset, and all else under Advanced. */
import { ChevronRight } from 'lucide-react';
import {
  Button,
  Checkbox,
  Disclosure,
  DisclosurePanel,
  Heading,
  Label,
  Radio,
  RadioGroup,
} from 'react-aria-components';
import { ChoiceInput } from '../shell/fields';
import { Terms } from '../shell/term';
import { useStudio } from '../use-studio';
import { preferences, usePreference } from '../../text/preferences';
import { useText } from '../../text/text';
import { methods as runMethods, schedulerTypes } from '../../../run/config';
import {
  isOnPolicyMethod,
  klEstimators,
  objectives,
  onlineLossNames,
  onlineLosses,
  onPolicyMethodNames,
  onPolicyMethods,
  rewardMethod,
  sftMethod,
  singleLosses,
} from '../../../run/objectives';
import {
  checkpointingChoices,
  countProblems,
  drawingOptionals,
  drawingOptions,
  drawingSwitchesOf,
  rewardOptions,
  singleOptions,
  withMethod,
  type MethodChoice,
  type TrainForm,
} from '../../plain/train/options';
import { EvaluationFields } from './evaluation-fields';
import { LayerFields } from './layer-fields';
import { LossChoice } from './loss-choice';
import { isOfPresets } from '../../plain/train/presets';
import { PresetCards } from './preset-cards';
import { RewardChoice } from './reward-choice';
import { NumberFields, SettingCheckbox, SettingsFold, type SettingsProps } from './setting-fields';
import { StartFrom } from './start-from';
import { TargetModules } from './target-modules';

const optimiserKeys = [
  'warmup_steps',
  'seed',
  'weight_decay',
  'max_grad_norm',
  'adam_beta1',
  'adam_beta2',
  'adam_epsilon',
] as const;
const furtherKeys = ['lora_alpha', 'layer_count', 'gradient_accumulation_steps', ...optimiserKeys] as const;

const methods: readonly MethodChoice[] = ['dpo', 'sft', 'kto', 'reward', ...onPolicyMethodNames, 'both'];

function MethodCards({ form, isDisabled }: SettingsProps) {
  const { training } = useStudio();
  const { train: text } = useText();
  return (
    <RadioGroup
      className="method-choice"
      value={form.method}
      isDisabled={isDisabled}
      onChange={(method) => training.getState().setForm(withMethod(form, method as MethodChoice))}
    >
      <span className="field-label">
        <Label>{text.method}</Label>
        <Terms ids={runMethods.filter((id) => methods.includes(id))} />
      </span>
      <div className="method-cards">
        {methods.map((id) => (
          <Radio key={id} className="method-card" value={id}>
            <span className="method-name">{text.methods[id].name}</span>
            <span className="method-help">{text.methods[id].help}</span>
            {id === 'sft' && <code className="method-formula">{sftMethod.formula}</code>}
            {id === 'kto' && <code className="method-formula">{singleLosses.kto.formula}</code>}
            {id === 'reward' && <code className="method-formula">{rewardMethod.formula}</code>}
            {isOnPolicyMethod(id) && (
              <code className="method-formula">
                {(id === 'online_dpo' ? onlineLosses[form.online_loss] : onPolicyMethods[id]).formula}
              </code>
            )}
            {id === 'dpo' && <code className="method-formula">{objectives[form.loss_type].formula}</code>}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  );
}

/**
 * Sets how long to train, in epochs or steps, and for twin runs (SFT and DPO) which of tokens and steps they have in
 * common.
 */
function DurationFields(settings: SettingsProps) {
  const { form, isDisabled } = settings;
  const { training } = useStudio();
  const { duration, budget } = useText().train;
  return (
    <>
      <ChoiceInput
        label={duration.label}
        value={form.duration}
        options={(['epochs', 'steps'] as const).map((id) => ({ id, label: duration[id] }))}
        help={duration.help}
        isHelpFolded
        isDisabled={isDisabled}
        onChange={(id) => training.getState().setForm({ duration: id as TrainForm['duration'] })}
      />
      <NumberFields {...settings} keys={[form.duration === 'epochs' ? 'num_train_epochs' : 'max_steps']} />
      {form.method === 'both' && (
        <ChoiceInput
          label={budget.label}
          value={form.budget}
          options={(['tokens', 'steps'] as const).map((id) => ({ id, label: budget[id] }))}
          help={budget.help}
          isHelpFolded
          isDisabled={isDisabled}
          onChange={(id) => training.getState().setForm({ budget: id as TrainForm['budget'] })}
        />
      )}
    </>
  );
}

function MainFields(settings: SettingsProps) {
  const { form } = settings;
  return (
    <div className="field-grid">
      {(form.method === 'sft' || form.method === 'both') && <NumberFields {...settings} keys={['sft_learning_rate']} />}
      {form.method !== 'sft' && <NumberFields {...settings} keys={['dpo_learning_rate']} />}
      <DurationFields {...settings} />
      <NumberFields {...settings} keys={['per_device_train_batch_size', 'max_length', 'lora_r']} />
    </div>
  );
}

function FurtherFields(settings: SettingsProps) {
  const { form, problems, isDisabled } = settings;
  const { training } = useStudio();
  const { train: text } = useText();
  const { setForm } = training.getState();
  return (
    <SettingsFold
      {...settings}
      title={text.more}
      keys={furtherKeys}
      isWrong={problems.hasNoTargets || problems.layers !== null}
    >
      <NumberFields {...settings} keys={['lora_alpha', 'gradient_accumulation_steps']} />
      <TargetModules {...settings} />
      <LayerFields {...settings} />
      <ChoiceInput
        label={text.schedule.label}
        code="lr_scheduler_type"
        value={form.lr_scheduler_type}
        options={schedulerTypes.map((id) => ({ id, label: text.schedulers[id] }))}
        help={text.schedule.help}
        isHelpFolded
        isDisabled={isDisabled}
        onChange={(id) => setForm({ lr_scheduler_type: id as TrainForm['lr_scheduler_type'] })}
      />
      <NumberFields {...settings} keys={optimiserKeys} />
      <ChoiceInput
        label={text.checkpointing.label}
        code="gradient_checkpointing"
        value={form.gradient_checkpointing}
        options={checkpointingChoices.map((id) => ({ id, label: text.checkpointing.choices[id] }))}
        help={text.checkpointing.help}
        isHelpFolded
        isDisabled={isDisabled}
        onChange={(id) => setForm({ gradient_checkpointing: id as TrainForm['gradient_checkpointing'] })}
      />
      <SettingCheckbox {...settings} setting="shuffle" label={text.shuffle} />
    </SettingsFold>
  );
}

/** The options of the loss of judged answers. */
function SingleLossFields(settings: SettingsProps) {
  return (
    <div className="field-grid">
      <NumberFields {...settings} keys={singleOptions} />
    </div>
  );
}

/** The options of a reward model's loss. */
function RewardFields(settings: SettingsProps) {
  const { train: text } = useText();
  return (
    <div className="field-grid">
      <NumberFields {...settings} keys={rewardOptions} />
      <SettingCheckbox {...settings} setting="score_margins" label={text.scoreMargins} isWide />
    </div>
  );
}

/** An option of such a method that is one of some names. */
function DrawingChoice<Id extends string>({
  setting,
  code,
  ids,
  text: { label, choices, help },
  form,
  isDisabled,
}: SettingsProps & {
  readonly setting: 'online_loss' | 'kl_estimator';
  readonly code: string;
  readonly ids: readonly Id[];
  readonly text: { readonly label: string; readonly choices: Readonly<Record<Id, string>>; readonly help: string };
}) {
  const { training } = useStudio();
  return (
    <ChoiceInput
      label={label}
      code={code}
      value={form[setting]}
      options={ids.map((id) => ({ id, label: choices[id] }))}
      help={help}
      isHelpFolded
      isDisabled={isDisabled}
      onChange={(id) => training.getState().setForm({ [setting]: id })}
    />
  );
}

/** The options of a method that learns from answers of its own. */
function DrawingFields(settings: SettingsProps) {
  const { answers: text } = useText().train;
  const { method } = settings.form;
  if (!isOnPolicyMethod(method)) return null;
  const switches = {
    ...{ normalize_advantages: text.normalize, mask_truncated_completions: text.mask, whiten_rewards: text.whiten },
  };
  return (
    <div className="field-grid">
      {method === 'online_dpo' && (
        <DrawingChoice
          {...settings}
          setting="online_loss"
          code="loss_type"
          ids={onlineLossNames}
          text={text.onlineLoss}
        />
      )}
      <NumberFields {...settings} keys={[...drawingOptions(method), ...drawingOptionals(method)]} />
      {method === 'ppo' && (
        <DrawingChoice
          {...settings}
          setting="kl_estimator"
          code="kl_estimator"
          ids={klEstimators}
          text={text.estimator}
        />
      )}
      {drawingSwitchesOf(method).map((key) => (
        <SettingCheckbox key={key} {...settings} setting={key} label={switches[key]} isWide />
      ))}
    </div>
  );
}

/** Shows or hides TRL's names and the formulas, for those who look them up. */
function NamesSwitch() {
  const { train: text } = useText();
  const isOn = usePreference('trlNames');
  return (
    <Checkbox className="checkbox" isSelected={isOn} onChange={(trlNames) => preferences.setState({ trlNames })}>
      <span className="checkbox-box" aria-hidden="true" />
      {text.showNames}
    </Checkbox>
  );
}

/** All else that can be set; it is open where something of it needs correction. */
function AdvancedSettings(settings: SettingsProps) {
  const { train: text } = useText();
  const { form, problems } = settings;
  const isOpen = usePreference('advanced');
  return (
    <Disclosure
      className="disclosure advanced"
      isExpanded={isOpen || countProblems({ ...problems, lacksRules: false, lacksJudge: false }) > 0}
      onExpandedChange={(advanced) => preferences.setState({ advanced })}
    >
      <Heading>
        <Button slot="trigger" className="disclosure-button">
          <ChevronRight aria-hidden="true" /> {text.advanced}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="train-form">
          <NamesSwitch />
          {form.method === 'kto' && <SingleLossFields {...settings} />}
          {form.method === 'reward' && <RewardFields {...settings} />}
          <DrawingFields {...settings} />
          {(form.method === 'dpo' || form.method === 'both') && <LossChoice {...settings} />}
          <MainFields {...settings} />
          <EvaluationFields {...settings} />
          <FurtherFields {...settings} />
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}

export function TrainSettings(settings: SettingsProps) {
  const { isDisabled, form } = settings;
  const hasNames = usePreference('trlNames');
  return (
    <div className="train-form" data-names={hasNames || undefined}>
      <MethodCards {...settings} />
      {isOnPolicyMethod(form.method) && <RewardChoice {...settings} />}
      {isOfPresets(form.method) && <PresetCards />}
      <div className="field-grid start-from">
        <StartFrom form={form} isDisabled={isDisabled} />
      </div>
      <AdvancedSettings {...settings} />
    </div>
  );
}
