/** @file What came of a run: how it ended and how it goes on, warnings, the doctor, charts and answers. */
import { CircleCheck, CirclePause, CircleSlash } from 'lucide-react';
import { useMemo } from 'react';
import { endOf } from '../../plain/runs/run-end';
import { roleOfRun, trainedConfigOf, type Run } from '../../plain/runs/run';
import { formatDuration, formatMetric } from '../../text/format';
import { useSaid } from '../../text/said';
import { useText, type Text } from '../../text/text';
import { FailureNote } from '../shell/failure-note';
import { Warnings } from '../shell/warnings';
import { DoctorNotes, patientOf } from '../train/doctor-notes';
import { MetricCharts } from '../train/metric-charts';
import { OverlayCharts } from '../train/overlay-charts';
import { SampleHistory } from '../train/sample-history';
import { useStudioState } from '../use-studio';
import { ResumeButton } from './resume-button';
import { RunCalibration } from './run-calibration';
import { useRunsOfStart } from './use-runs-of-start';

/** Says in a sentence how the run ended, with its last figures. */
export function describeResult(run: Run, text: Text['train']['result']): string {
  if (run.adapterBytes === 0 && run.status === 'stopped') return text.noAdapter(run.name);
  const loss = run.finalLoss === null ? '' : text.loss(formatMetric(run.finalLoss));
  const margin = run.finalMargin === null ? '' : text.margin(formatMetric(run.finalMargin));
  return `${text.ended(run.name, endOf(run), formatDuration(run.seconds))}${loss}${margin}.`;
}

export function RunStatus({ run }: { readonly run: Run }) {
  const { train } = useText();
  const Icon = run.status === 'finished' ? CircleCheck : run.status === 'paused' ? CirclePause : CircleSlash;
  return (
    <p className={run.status === 'finished' ? 'good' : 'quiet-note'} role="status">
      <Icon aria-hidden="true" />
      {describeResult(run, train.result)}
    </p>
  );
}

/** Why the run came no further than it did. */
function RunFaults({ run }: { readonly run: Run }) {
  const { runs: text } = useText();
  const said = useSaid();
  const failure = useStudioState('training', ({ last }) =>
    last !== null && last.runIds.at(-1) === run.id ? last.failure : null,
  );
  const hasCheckpoint = (run.checkpoints?.length ?? 0) > 0;
  return (
    <>
      {failure !== null ? (
        <FailureNote failure={failure} />
      ) : (
        run.error !== null && <p className="note note-error">{said(run.error)}</p>
      )}
      {run.status === 'interrupted' && (
        <p className="note note-warning">{hasCheckpoint ? text.interruptedWithCheckpoint : text.interrupted}</p>
      )}
    </>
  );
}

/** The charts of all runs of the start over each other, where there is more than this one. */
function ChartsOfStart({ run }: { readonly run: Run }) {
  const { page: text } = useText().runs;
  const runs = useRunsOfStart(run);
  const metrics = useStudioState('library', (state) => state.metrics);
  const overlaid = useMemo(
    () =>
      runs
        .map((run) => ({ name: run.name, role: roleOfRun(run), metrics: metrics[run.id] ?? [] }))
        .filter((each) => each.metrics.length > 0),
    [runs, metrics],
  );
  if (overlaid.length < 2) return null;
  return (
    <section className="run-part" aria-label={text.together}>
      <h3>{text.together}</h3>
      <OverlayCharts runs={overlaid} />
    </section>
  );
}

export function RunResult({ run }: { readonly run: Run }) {
  const { common, runs: text } = useText();
  const metrics = useStudioState('library', (state) => state.metrics[run.id]);
  const samples = useStudioState('library', (state) => state.samples[run.id]);
  return (
    <div className="run-result" data-testid="run-result">
      {run.status !== 'failed' && run.imported === undefined && <RunStatus run={run} />}
      <ResumeButton run={run} />
      <RunFaults run={run} />
      <Warnings warnings={run.warnings} label={common.warningsOf(run.name)} />
      <DoctorNotes patient={patientOf(run, metrics ?? [])} />
      <RunCalibration run={run} />
      <SampleHistory prompts={run.samples?.prompts ?? []} rounds={samples ?? []} />
      {metrics === undefined ? (
        <p className="quiet">{text.readingMetrics}</p>
      ) : metrics.length === 0 ? (
        <p className="quiet">{text.noStep}</p>
      ) : (
        <MetricCharts name={run.name} config={trainedConfigOf(run)} metrics={metrics} />
      )}
      <ChartsOfStart run={run} />
    </div>
  );
}
