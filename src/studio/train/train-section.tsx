/** @file Step 3: choose how to train, watch it, stop it. */
import { Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatCount, plural } from '../format';
import { Section } from '../shell/section';
import { useBusyReason, useStudio, useStudioState } from '../studio';
import { ActiveRun } from './active-run';
import { LastStart } from './last-start';
import { countSteps, readForm } from './options';
import { TrainForm } from './train-form';

const noLinears: readonly string[] = [];

export function TrainSection() {
  const { training } = useStudio();
  const form = useStudioState('training', (state) => state.form);
  const active = useStudioState('training', (state) => state.active);
  const last = useStudioState('training', (state) => state.last);
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const linears = useStudioState('model', (state) => state.summary?.linears ?? noLinears);
  const pairs = useStudioState('dataset', (state) => state.rows.length);
  const leftOut = useStudioState('dataset', (state) => state.check?.reports.filter(({ problem }) => problem !== null).length ?? 0);
  const busy = useBusyReason();

  const { jobs, problems } = readForm(form, linears);
  const usable = pairs - leftOut;
  const wrong = Object.keys(problems).length;
  const obstacle =
    !hasModel ? 'Choose a model first (step 1).'
    : pairs === 0 ? 'Import pairs first (step 2).'
    : usable <= 0 ? 'None of the pairs can be trained on; see the findings in step 2.'
    : wrong > 0 ? `${wrong === 1 ? 'One setting needs' : `${wrong} settings need`} correction.`
    : busy;
  const plan = jobs.map(({ method, config }) => `${method.toUpperCase()} ${plural(countSteps(config, usable), 'step')}`).join(', then ');

  return (
    <Section id="train" number={3} title="Train" lead="A LoRA adapter learns from the pairs; the base model stays as it is.">
      <TrainForm form={form} problems={problems} isDisabled={active !== null} />
      {active === null && (
        <div className="start-row">
          <Button
            className="button button-primary button-large"
            isDisabled={obstacle !== null}
            onPress={() => void training.getState().start()}
          >
            <Play aria-hidden="true" /> Start training
          </Button>
          <p className={obstacle === null ? 'quiet' : 'obstacle'} data-testid="train-plan">
            {obstacle ?? `About ${plan}, over ${formatCount(usable)} ${usable === 1 ? 'pair' : 'pairs'}.`}
          </p>
        </div>
      )}
      {active !== null && <ActiveRun active={active} />}
      {active === null && last !== null && <LastStart last={last} />}
    </Section>
  );
}
