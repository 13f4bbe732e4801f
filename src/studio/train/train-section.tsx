/** @file Choose how to train, watch it, stop it. */
import { Play } from 'lucide-react';
import { Button } from 'react-aria-components';
import { Section } from '../shell/section';
import { useBusyReason, useStudio, useStudioState } from '../studio';
import { useText } from '../text/text';
import { ActiveRun } from './active-run';
import { LastStart } from './last-start';
import { countProblems, countSteps, readForm } from './options';
import { TrainForm } from './train-form';

const noLinears: readonly string[] = [];

export function TrainSection() {
  const { training } = useStudio();
  const { common, train: text } = useText();
  const form = useStudioState('training', (state) => state.form);
  const active = useStudioState('training', (state) => state.active);
  const refusal = useStudioState('training', (state) => state.refusal);
  const last = useStudioState('training', (state) => state.last);
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const linears = useStudioState('model', (state) => state.summary?.linears ?? noLinears);
  const pairs = useStudioState('dataset', (state) => state.rows.length);
  const leftOut = useStudioState('dataset', (state) => state.check?.reports.filter(({ problem }) => problem !== null).length ?? 0);
  const busy = useBusyReason();

  const { jobs, problems } = readForm(form, linears);
  const usable = pairs - leftOut;
  const wrong = countProblems(problems);
  const obstacle =
    !hasModel ? common.chooseModelFirst
    : pairs === 0 ? text.importFirst
    : usable <= 0 ? text.nonePossible
    : wrong > 0 ? text.settingsWrong(wrong)
    : refusal !== null ? refusal
    : busy;
  const plan = jobs.map(({ method, config }) => text.planned(method.toUpperCase(), countSteps(config, usable)));

  return (
    <Section id="train" title={text.title} lead={text.lead}>
      <TrainForm form={form} problems={problems} isDisabled={active !== null} />
      {active === null && (
        <div className="start-row">
          <Button
            className="button button-primary button-large"
            isDisabled={obstacle !== null}
            onPress={() => void training.getState().start()}
          >
            <Play aria-hidden="true" /> {text.start}
          </Button>
          <p className={obstacle === null ? 'quiet' : 'obstacle'} data-testid="train-plan">
            {obstacle ?? text.plan(plan, usable)}
          </p>
        </div>
      )}
      {active !== null && <ActiveRun active={active} />}
      {active === null && last !== null && <LastStart last={last} />}
    </Section>
  );
}
