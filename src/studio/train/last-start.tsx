/** @file What came of the last start: a sentence a run, its warnings and charts, and where to go next. */
import { CircleCheck, CircleSlash } from 'lucide-react';
import { formatDuration, formatMetric, plural } from '../format';
import { FailureNote } from '../shell/failure-note';
import { useKeptFocus } from '../shell/use-kept-focus';
import { Warnings } from '../shell/warnings';
import type { Run } from '../stores/library';
import type { LastStart as Last } from '../stores/training';
import { useStudioState } from '../studio';
import { MetricCharts } from './metric-charts';

function describe(run: Run): string {
  const steps = `${plural(run.steps, 'step')} in ${formatDuration(run.seconds)}`;
  const loss = run.finalLoss === null ? '' : `, loss ${formatMetric(run.finalLoss)}`;
  const margin = run.finalMargin === null ? '' : `, margin ${formatMetric(run.finalMargin)}`;
  if (run.adapterBytes === 0) return `${run.name} was stopped before there was an adapter.`;
  return `${run.name} ${run.status === 'stopped' ? `was stopped after` : 'finished:'} ${steps}${loss}${margin}.`;
}

export function LastStart({ last }: { readonly last: Last }) {
  const runs = useStudioState('library', (state) => state.runs);
  const metrics = useStudioState('library', (state) => state.metrics);
  // While the engine is down, the note above all sections says why.
  const isSaidAbove = useStudioState('model', (state) => state.down !== null && state.down.sentence === last.failure?.sentence);
  const started = last.runIds.flatMap((id) => runs.filter((run) => run.id === id));
  const hasAdapter = started.some(({ adapterBytes }) => adapterBytes > 0);
  const focus = useKeptFocus<HTMLDivElement>();
  return (
    <div className="last-start" ref={focus} tabIndex={-1} data-testid="last-start">
      {last.failure !== null && !isSaidAbove && <FailureNote failure={last.failure} />}
      {started.map((run) => (
        <article key={run.id} aria-label={`Result of ${run.name}`}>
          {run.status !== 'failed' && (
            <p className={run.status === 'finished' ? 'good' : 'quiet-note'} role="status">
              {run.status === 'finished' ? <CircleCheck aria-hidden="true" /> : <CircleSlash aria-hidden="true" />}
              {describe(run)}
            </p>
          )}
          <Warnings warnings={run.warnings} label={`Warnings of ${run.name}`} />
          {(metrics[run.id]?.length ?? 0) > 0 && <MetricCharts method={run.method} metrics={metrics[run.id] ?? []} />}
        </article>
      ))}
      {hasAdapter && (
        <p>
          Next: <a href="#compare">compare the answers</a>, or <a href="#runs">download the adapter</a>.
        </p>
      )}
    </div>
  );
}
