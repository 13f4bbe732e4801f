/** @file The run under way: what it is doing, how long it will take, and its charts as they grow. */
import { Square } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatCount, formatDuration } from '../format';
import { Progress } from '../shell/progress';
import { useKeptFocus } from '../shell/use-kept-focus';
import type { ActiveRun as Active } from '../stores/training';
import { useStudio } from '../studio';
import { MetricCharts } from './metric-charts';

function describePhase({ phase, metrics, totalSteps }: Active): { label: string; done: number; total: number; valueText?: string } {
  const { kind, detail, done, total } = phase;
  const ofTotal = total > 0 ? { valueText: `${formatCount(done)} of ${formatCount(total)}` } : {};
  switch (kind) {
    case 'preparing':
      return { label: detail === '' ? 'Preparing' : detail, done, total };
    case 'encoding':
      return { label: 'Encoding pairs', done, total, ...ofTotal };
    case 'compiling':
      return { label: detail === '' ? 'Compiling' : `Compiling ${detail}`, done, total };
    case 'reference':
      return { label: 'Reference log-probabilities', done, total, ...ofTotal };
    case 'training': {
      const step = metrics.at(-1)?.step ?? done;
      return { label: 'Training', done: step, total: totalSteps, valueText: `step ${formatCount(step)} of ${formatCount(totalSteps)}` };
    }
    case 'saving':
      return { label: 'Saving', done, total };
  }
}

export function ActiveRun({ active }: { readonly active: Active }) {
  const { training } = useStudio();
  const { name, place, places, metrics, method, secondsLeft, secondsPerStep, stopping } = active;
  const focus = useKeptFocus<HTMLDivElement>();
  return (
    <div className="active-run" ref={focus} tabIndex={-1} data-testid="active-run">
      <div className="active-head">
        <h3>
          {name}
          {places > 1 && <span className="quiet"> · run {place} of {places}</span>}
        </h3>
        <Progress {...describePhase(active)} />
        <dl className="active-facts">
          <div>
            <dt>Time left</dt>
            <dd data-testid="time-left">{secondsLeft === null ? '–' : formatDuration(secondsLeft)}</dd>
          </div>
          <div>
            <dt>Per step</dt>
            <dd>{secondsPerStep > 0 ? `${secondsPerStep.toPrecision(2)} s` : '–'}</dd>
          </div>
        </dl>
        <Button className="button button-stop" isDisabled={stopping} onPress={() => training.getState().stop()}>
          <Square aria-hidden="true" /> {stopping ? 'Stopping…' : 'Stop'}
        </Button>
      </div>
      <p className="quiet">Stopping keeps what has been trained so far. Keep this tab open; it may stay in the background.</p>
      {metrics.length > 0 && <MetricCharts method={method} metrics={metrics} />}
    </div>
  );
}
