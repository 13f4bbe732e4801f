/** @file Which loss a preference run has: what it does in a line, its formula, and the options that belong to it. */
import { ChoiceInput } from '../shell/fields';
import { useStudio } from '../use-studio';
import { useText } from '../../text/text';
import { lossNames, losses, sftFormula, type LossName } from '../../plain/train/losses';
import { withLoss } from '../../plain/train/options';
import { NumberFields, SettingsFold, type SettingsProps } from './setting-fields';

export function LossChoice(settings: SettingsProps) {
  const { form, isDisabled } = settings;
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
        <NumberFields {...settings} keys={options.filter((key) => !further.includes(key))} />
      </div>
      {further.length > 0 && (
        <SettingsFold key={form.loss_type} {...settings} title={train.loss.more} keys={further}>
          <NumberFields {...settings} keys={further} />
        </SettingsFold>
      )}
    </div>
  );
}
