/** @file Which loss a preference run has: what it does in a line, its formula, and the options that belong to it. */
import { ChoiceInput } from '../shell/fields';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';
import { fDivergenceTypes, objectives, type FDivergenceType } from '../../../run/objectives';
import { activeFields, lossNames, optionsOf, takes, withLoss, type LossName } from '../../plain/train/options';
import { NumberFields, SettingCheckbox, SettingsFold, type SettingsProps } from './setting-fields';

export function LossChoice(settings: SettingsProps) {
  const { form, isDisabled } = settings;
  const { training } = useStudio();
  const { train } = useText();
  const { formula, start, objective } = objectives[form.loss_type];
  const active = activeFields(form);
  const options = optionsOf(form.loss_type).filter((key) => active.includes(key));
  // What most losses have; smoothing is of a loss's own where it begins with some.
  const further = options.filter(
    (key) =>
      ['ld_alpha', 'sft_weight', 'f_alpha_divergence_coef', 'soft_label_temperature'].includes(key) ||
      (key === 'label_smoothing' && start?.label_smoothing === undefined),
  );
  const weight =
    options.includes('sft_weight') && Number(form.sft_weight) > 0
      ? ` + ${form.sft_weight.trim()} · (${objectives.sft.formula})`
      : '';
  return (
    <div className="loss-choice">
      <ChoiceInput
        label={train.loss.label}
        code="loss_type"
        value={form.loss_type}
        options={lossNames.map((id) => ({ id, label: `${id} · ${objectives[id].title}` }))}
        help={train.losses[form.loss_type]}
        isDisabled={isDisabled}
        onChange={(id) => training.getState().setForm(withLoss(id as LossName))}
      />
      <div className="formula" data-testid="formula">
        <span className="formula-label">{train.loss.formula}</span>
        <code>{formula + weight}</code>
        {objective.usesReference && <span className="method-help">{train.loss.symbols}</span>}
      </div>
      <div className="field-grid loss-options">
        <NumberFields {...settings} keys={options.filter((key) => !further.includes(key))} />
      </div>
      {further.length > 0 && (
        <SettingsFold key={form.loss_type} {...settings} title={train.loss.more} keys={further}>
          {takes(form, 'f_divergence_type') && <DivergenceChoice {...settings} />}
          {takes(form, 'soft_labels') && (
            <SettingCheckbox {...settings} setting="soft_labels" label={train.loss.softLabels} isWide />
          )}
          {takes(form, 'use_weighting') && (
            <SettingCheckbox {...settings} setting="use_weighting" label={train.loss.useWeighting} isWide />
          )}
          <NumberFields {...settings} keys={further} />
        </SettingsFold>
      )}
    </div>
  );
}

/** By what the policy is held to the reference; nearly everybody leaves it as it is. */
function DivergenceChoice({ form, isDisabled }: SettingsProps) {
  const { training } = useStudio();
  const { divergence } = useText().train;
  return (
    <ChoiceInput
      label={divergence.label}
      code="f_divergence_type"
      value={form.f_divergence_type}
      options={fDivergenceTypes.map((id) => ({ id, label: divergence.choices[id] }))}
      help={divergence.help}
      isDisabled={isDisabled}
      onChange={(id) => training.getState().setForm({ f_divergence_type: id as FDivergenceType })}
    />
  );
}
