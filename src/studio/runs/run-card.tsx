/** @file One run in the list: its figures at a glance; opened, its charts, settings and downloads. */
import { useState, type FormEvent } from 'react';
import { ChevronRight, Download, FileDown, Pencil, Trash2 } from 'lucide-react';
import { Button, Input, Label, TextField } from 'react-aria-components';
import { download, toFileName, writeJsonLines, zipAdapter } from '../download';
import { describeFailure } from '../failure';
import { formatBytes, formatDate, formatDuration, formatMetric } from '../format';
import { Warnings } from '../shell/warnings';
import type { Run } from '../stores/library';
import { useStudio, useStudioState } from '../studio';
import { MetricCharts } from '../train/metric-charts';
import { RunSettings } from './run-settings';

const statusWords: Readonly<Record<Run['status'], string>> = {
  running: 'running', finished: 'finished', stopped: 'stopped', failed: 'failed', interrupted: 'interrupted',
};

function RenameForm({ run, onDone }: { readonly run: Run; readonly onDone: () => void }) {
  const { library } = useStudio();
  const [name, setName] = useState(run.name);
  function submit(event: FormEvent): void {
    event.preventDefault();
    void library.getState().rename(run.id, name);
    onDone();
  }
  return (
    <form className="rename-form" onSubmit={submit} onKeyDown={(event) => event.key === 'Escape' && onDone()}>
      <TextField className="field" value={name} onChange={setName} autoFocus maxLength={80}>
        <Label className="visually-hidden">New name of {run.name}</Label>
        <Input onFocus={(event) => event.currentTarget.select()} />
      </TextField>
      <Button className="button button-small" type="submit" isDisabled={name.trim() === ''}>
        Save name
      </Button>
      <Button className="button button-small" onPress={onDone}>
        Cancel
      </Button>
    </form>
  );
}

function RunDetails({ run }: { readonly run: Run }) {
  const { library, notices } = useStudio();
  const metrics = useStudioState('library', (state) => state.metrics[run.id]);

  async function downloadMetrics(): Promise<void> {
    await library.getState().loadMetrics(run.id);
    const lines = writeJsonLines(library.getState().metrics[run.id] ?? []);
    download(`${toFileName(run.name)}-metrics.jsonl`, lines, 'application/jsonl');
    notices.getState().tell(`Metrics of ${run.name} were downloaded.`);
  }

  return (
    <div className="run-details">
      {run.error !== null && <p className="note note-error">{run.error}</p>}
      {run.status === 'interrupted' && (
        <p className="note note-warning">The page was closed while this run was going. Its steps up to then are kept; there is no adapter.</p>
      )}
      {metrics === undefined ? (
        <p className="quiet">Reading the metrics…</p>
      ) : metrics.length === 0 ? (
        <p className="quiet">No step was finished.</p>
      ) : (
        <MetricCharts method={run.method} metrics={metrics} />
      )}
      <Warnings warnings={run.warnings} label={`Warnings of ${run.name}`} />
      <RunSettings run={run} />
      <Button className="button" isDisabled={(metrics?.length ?? 0) === 0} onPress={() => void downloadMetrics()}>
        <FileDown aria-hidden="true" /> Download metrics
      </Button>
    </div>
  );
}

export function RunCard({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const { library, notices } = useStudio();
  const [isOpen, setOpen] = useState(false);
  const [isRenaming, setRenaming] = useState(false);

  function toggle(): void {
    if (!isOpen) void library.getState().loadMetrics(run.id);
    setOpen(!isOpen);
  }

  async function downloadAdapter(): Promise<void> {
    try {
      const files = await library.getState().adapterOf(run.id);
      download(`${toFileName(run.name)}.zip`, zipAdapter(files), 'application/zip');
      notices.getState().tell(`The adapter of ${run.name} was downloaded.`);
    } catch (error) {
      notices.getState().warn(describeFailure(error).sentence);
    }
  }

  const facts: readonly (readonly [string, string])[] = [
    ['Steps', run.status === 'finished' ? String(run.steps) : `${run.steps} of ${run.totalSteps}`],
    ['Loss', run.finalLoss === null ? '–' : formatMetric(run.finalLoss)],
    ['Margin', run.finalMargin === null ? '–' : formatMetric(run.finalMargin)],
    ['Time', formatDuration(run.seconds)],
    ['Adapter', run.adapterBytes === 0 ? 'none' : formatBytes(run.adapterBytes)],
  ];
  return (
    <li>
      <article className="run-card" aria-label={`Run ${run.name}`} data-status={run.status} data-testid="run-card">
        <div className="run-head">
          <Button className="button button-icon" aria-label={`${isOpen ? 'Close' : 'Open'} run ${run.name}`} aria-expanded={isOpen} onPress={toggle}>
            <ChevronRight className="turns" data-open={isOpen || undefined} aria-hidden="true" />
          </Button>
          <div className="run-name">
            {isRenaming ? (
              <RenameForm run={run} onDone={() => setRenaming(false)} />
            ) : (
              <h3>
                {run.name} <span className="tag">{run.method.toUpperCase()}</span>
                {run.status !== 'finished' && <span className="tag" data-tone={run.status}>{statusWords[run.status]}</span>}
              </h3>
            )}
            <p className="quiet">
              {run.modelName}
              {isOtherModel && ' (not the loaded model)'} · {formatDate(run.startedAt)}
            </p>
          </div>
          <dl className="run-facts">
            {facts.map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
          <div className="run-actions">
            {run.adapterBytes > 0 && (
              <Button className="button" aria-label={`Download adapter ${run.name}`} onPress={() => void downloadAdapter()}>
                <Download aria-hidden="true" /> Download adapter
              </Button>
            )}
            <Button className="button button-icon" aria-label={`Rename run ${run.name}`} onPress={() => setRenaming(true)}>
              <Pencil aria-hidden="true" />
            </Button>
            <Button
              className="button button-icon"
              aria-label={`Delete run ${run.name}`}
              isDisabled={run.status === 'running'}
              onPress={() => void library.getState().remove(run.id)}
            >
              <Trash2 aria-hidden="true" />
            </Button>
          </div>
        </div>
        {isOpen && <RunDetails run={run} />}
      </article>
    </li>
  );
}
