/** @file What came of the last start: a sentence a run, its warnings and charts, and where to go next. */
import { CircleCheck, CirclePause, CircleSlash } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { formatDuration, formatMetric } from '../../text/format';
import { FailureNote } from '../shell/failure-note';
import { useKeptFocus } from '../shell/use-kept-focus';
import { Warnings } from '../shell/warnings';
import type { Run } from '../../plain/runs/run';
import { endOf } from '../../plain/runs/run-end';
import type { LastStart } from '../../stores/training-state';
import { addressOf } from '../shell/route';
import { useStudioState } from '../use-studio';
import { useText, type Text } from '../../text/text';
import { ResumeButton } from '../runs/resume-button';
import { DoctorNotes, patientOf } from './doctor-notes';
import { MetricCharts } from './metric-charts';
import { OverlayCharts } from './overlay-charts';
import { SampleHistory } from './sample-history';
import { trainedConfigOf } from '../../plain/runs/run';

function describeRun(run: Run, text: Text['train']['result']): string {
  const loss = run.finalLoss === null ? '' : text.loss(formatMetric(run.finalLoss));
  const margin = run.finalMargin === null ? '' : text.margin(formatMetric(run.finalMargin));
  if (run.adapterBytes === 0) return text.noAdapter(run.name);
  return `${text.ended(run.name, endOf(run), formatDuration(run.seconds))}${loss}${margin}.`;
}

function EndIcon({ status }: Pick<Run, 'status'>) {
  const Icon = status === 'finished' ? CircleCheck : status === 'paused' ? CirclePause : CircleSlash;
  return <Icon aria-hidden="true" />;
}

/**
 * Folds its content away under a summary, or shows it openly where there is none. What is folded is not drawn, because
 * charts measure the place that they are drawn in.
 */
function Folded({ summary, children }: { readonly summary: string | null; readonly children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  if (summary === null) return children;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children}
    </details>
  );
}

export function LastStartView({ last }: { readonly last: LastStart }) {
  const { common, train } = useText();
  const text = train.result;
  const runs = useStudioState('library', (state) => state.runs);
  const metrics = useStudioState('library', (state) => state.metrics);
  // While the engine is down, the note above all sections says why.
  const isSaidAbove = useStudioState(
    'model',
    (state) => state.down !== null && state.down.sentence === last.failure?.sentence,
  );
  const started = last.runIds.flatMap((id) => runs.filter((run) => run.id === id));
  const samples = useStudioState('library', (state) => state.samples);
  const overlaid = useMemo(
    () =>
      last.runIds.flatMap((id) =>
        runs
          .filter((run) => run.id === id && (metrics[id]?.length ?? 0) > 0)
          .map(({ name }) => ({ name, metrics: metrics[id] ?? [] })),
      ),
    [last, runs, metrics],
  );
  const hasAdapter = started.some(({ adapterBytes }) => adapterBytes > 0);
  const focus = useKeptFocus<HTMLDivElement>();
  return (
    <div className="last-start" ref={focus} tabIndex={-1} data-testid="last-start">
      {last.failure !== null && !isSaidAbove && <FailureNote failure={last.failure} />}
      {overlaid.length > 1 && <OverlayCharts runs={overlaid} />}
      {started.map((run) => (
        <article key={run.id} aria-label={text.label(run.name)}>
          {run.status !== 'failed' && (
            <p className={run.status === 'finished' ? 'good' : 'quiet-note'} role="status">
              <EndIcon status={run.status} />
              {describeRun(run, text)}
            </p>
          )}
          <ResumeButton run={run} />
          <Warnings warnings={run.warnings} label={common.warningsOf(run.name)} />
          <DoctorNotes patient={patientOf(run, metrics[run.id] ?? [])} />
          <Folded summary={started.length > 1 ? text.details(run.name) : null}>
            <SampleHistory prompts={run.samples?.prompts ?? []} rounds={samples[run.id] ?? []} />
            {(metrics[run.id]?.length ?? 0) > 0 && (
              <MetricCharts name={run.name} config={trainedConfigOf(run)} metrics={metrics[run.id] ?? []} />
            )}
          </Folded>
        </article>
      ))}
      {hasAdapter && (
        <p>
          {text.next} <a href={addressOf('compare')}>{text.compare}</a> {text.or}{' '}
          <a href={addressOf('train', 'runs')}>{text.download}</a>
        </p>
      )}
    </div>
  );
}
