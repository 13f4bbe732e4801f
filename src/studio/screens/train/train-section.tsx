/** @file Choose how to train, watch it, stop it. */
import { ChevronRight, Play } from 'lucide-react';
import { useMemo, useState } from 'react';
import { Button } from 'react-aria-components';
import { Section } from '../shell/section';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { formatCount } from '../../text/format';
import { useSaid } from '../../text/engine-sentences';
import { useText } from '../../text/text';
import { ActiveRun } from './active-run';
import { LastStart } from './last-start';
import { countProblems, readForm } from '../../plain/train/options';
import { planRuns } from '../../plain/train/plan';
import { ProbeButton, ProbeResult } from './probe-panel';
import { TrainSettings } from './train-settings';

const noLinears: readonly string[] = [];

export function TrainSection() {
  const { training } = useStudio();
  const { common, faults, train: text } = useText();
  const said = useSaid();
  const form = useStudioState('training', (state) => state.form);
  const active = useStudioState('training', (state) => state.active);
  const refusal = useStudioState('training', (state) => state.refusal);
  const last = useStudioState('training', (state) => state.last);
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const linears = useStudioState('model', (state) => state.summary?.linears ?? noLinears);
  const rows = useStudioState('dataset', (state) => state.rows);
  const split = useStudioState('dataset', (state) => state.split);
  const reports = useStudioState('dataset', (state) => state.check?.reports ?? null);
  const leftOut = useStudioState(
    'dataset',
    (state) => state.check?.reports.filter(({ problem }) => problem !== null).length ?? 0,
  );
  const busy = useBusyReason();
  const [isFormShown, setFormShown] = useState(false);

  const { jobs, problems } = useMemo(() => readForm(form, linears), [form, linears]);
  const plan = useMemo(
    () =>
      planRuns(
        jobs,
        rows.map(({ pair }) => pair),
        reports,
        split,
      ),
    [jobs, rows, reports, split],
  );
  const usable = rows.length - leftOut;
  const isUncounted = plan.some(({ job, tokens }) => job.sameTokensAs !== undefined && tokens === null);
  const wrong = countProblems(problems);
  const obstacle = !hasModel
    ? common.chooseModelFirst
    : rows.length === 0
      ? text.importFirst
      : usable <= 0
        ? text.nonePossible
        : wrong > 0
          ? text.settingsWrong(wrong)
          : refusal !== null
            ? said(refusal)
            : plan.some(({ pairs }) => pairs === 0)
              ? faults.nothingHeldOut
              : (busy ?? (isUncounted ? text.counting : null));
  const planned = plan.map(({ job, steps, tokens }) =>
    text.planned(job.method.toUpperCase(), steps, tokens === null ? null : formatCount(tokens)),
  );

  return (
    <Section id="train" title={text.title} lead={text.lead}>
      {active !== null && <ActiveRun active={active} />}
      {active === null && last !== null && <LastStart last={last} />}
      {active !== null && (
        <Button className="disclosure-button" aria-expanded={isFormShown} onPress={() => setFormShown(!isFormShown)}>
          <ChevronRight aria-hidden="true" /> {text.settings}
        </Button>
      )}
      <div hidden={active !== null && !isFormShown}>
        <TrainSettings form={form} problems={problems} isDisabled={active !== null} />
      </div>
      {active === null && (
        <div className="start">
          <p className={obstacle === null ? '' : 'obstacle'} data-testid="train-plan">
            {obstacle ?? text.plan(planned, plan[0]?.pairs ?? 0, usable - (plan[0]?.pairs ?? 0))}
          </p>
          <ProbeResult />
          <div className="start-row">
            <Button
              className="button button-primary button-large"
              isDisabled={obstacle !== null}
              onPress={() => void training.getState().start()}
            >
              <Play aria-hidden="true" /> {text.start}
            </Button>
            <ProbeButton isDisabled={obstacle !== null} />
          </div>
        </div>
      )}
    </Section>
  );
}
