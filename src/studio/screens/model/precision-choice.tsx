/** @file How the model's weights are held: by the plan, or chosen here, with what each way would need. */
import { Label, Radio, RadioGroup } from 'react-aria-components';
import type { MemoryPlan } from '../../../run/memory-plan';
import type { Precision } from '../../../core/dtype';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';

export function PrecisionChoice({ plan }: { readonly plan: MemoryPlan }) {
  const { modelShelf } = useStudio();
  const text = useText().model.plan.precision;
  const chosen = useStudioState('modelShelf', ({ precision }) => precision);
  const isDisabled = useBusyReason() !== null;
  return (
    <RadioGroup
      className="method-choice"
      value={chosen}
      isDisabled={isDisabled}
      onChange={(precision) => void modelShelf.getState().choosePrecision(precision as Precision | 'auto')}
    >
      <Label>{text.label}</Label>
      <div className="method-cards">
        <Radio className="method-card" value="auto">
          <span className="method-name">{text.auto}</span>
          <span className="method-help">{text.autoHelp(plan.estimate.precision, chosen === 'auto')}</span>
        </Radio>
        {plan.options.map(({ estimate, shortages, fitsCheckpointed }) => (
          <Radio key={estimate.precision} className="method-card" value={estimate.precision}>
            <span className="method-name">{text.names[estimate.precision]}</span>
            <span className="method-help">
              {text.needs(Math.max(estimate.total, estimate.answering), shortages.length === 0, fitsCheckpointed)}{' '}
              {text.helps[estimate.precision]}
            </span>
          </Radio>
        ))}
      </div>
      {!plan.grants.takesFloat16 && <p className="quiet">{text.noFloat16}</p>}
    </RadioGroup>
  );
}
