/** @file Settings of what happens while a run trains: evaluation on held-out pairs, early stopping, checkpoints. */
import { ChevronRight } from 'lucide-react';
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components';
import { ChoiceInput, TextInput } from '../shell/fields';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { bestMetrics } from '../../../run/evaluation';
import { answers, canEvaluate, type TrainForm } from '../../plain/train/options';
import { NumberFields, SettingCheckbox, type SettingsProps } from './setting-fields';

/** Sets how often the run is evaluated, which metric tells its best step, and whether that step is taken at the end. */
function BestStepFields(settings: SettingsProps) {
  const { form, isDisabled } = settings;
  const { training } = useStudio();
  const { evaluation: text } = useText().train;
  const isSplit = useStudioState('dataset', (state) => state.split !== null);
  return (
    <>
      {isSplit ? <p className="quiet">{text.split}</p> : <NumberFields {...settings} keys={['eval_share']} />}
      <NumberFields {...settings} keys={['eval_steps', 'early_stopping_patience']} />
      <ChoiceInput
        label={text.metric}
        code="metric_for_best_model"
        value={form.metric_for_best_model}
        options={bestMetrics.map((id) => ({ id, label: text.metrics[id] }))}
        help={text.metricHelp}
        isHelpFolded
        isDisabled={isDisabled}
        onChange={(id) =>
          training.getState().setForm({ metric_for_best_model: id as TrainForm['metric_for_best_model'] })
        }
      />
      <SettingCheckbox {...settings} setting="load_best_model_at_end" label={text.best} />
    </>
  );
}

/** Sets whether the run answers prompts at each evaluation, and which. */
function SampleFields(settings: SettingsProps) {
  const { form, isDisabled } = settings;
  const { training } = useStudio();
  const { evaluation: text } = useText().train;
  return (
    <>
      <SettingCheckbox {...settings} setting="sample" label={text.sample} isWide />
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
              onChange={(sample_prompts) => training.getState().setForm({ sample_prompts })}
            />
          </div>
          <NumberFields {...settings} keys={['sample_tokens']} />
        </>
      )}
    </>
  );
}

export function EvaluationFields(settings: SettingsProps) {
  const { evaluate, method } = settings.form;
  const { evaluation: text, answers: ofAnswers } = useText().train;
  const isEvaluated = evaluate && canEvaluate(method);
  return (
    <Disclosure className="disclosure">
      <Heading>
        <Button slot="trigger" className="disclosure-button">
          <ChevronRight aria-hidden="true" /> {text.title}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className="field-grid">
          {canEvaluate(method) ? (
            <SettingCheckbox {...settings} setting="evaluate" label={text.evaluate} isWide />
          ) : (
            <p className="quiet field-wide">{ofAnswers.noEvaluation}</p>
          )}
          {isEvaluated && <BestStepFields {...settings} />}
          <NumberFields {...settings} keys={['save_steps']} />
          {isEvaluated && answers(method) && <SampleFields {...settings} />}
        </div>
      </DisclosurePanel>
    </Disclosure>
  );
}
