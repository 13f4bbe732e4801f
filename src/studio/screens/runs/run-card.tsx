/** @file One run in the list: its figures at a glance; opened, its charts, settings and downloads. */
import { useState, type FormEvent } from 'react';
import { ChevronRight, Download, FileDown, GitFork, Pencil, Play, Trash2 } from 'lucide-react';
import { Button, Checkbox } from 'react-aria-components';
import { download, toFileName, writeJsonLines, zipAdapter } from '../../browser/download';
import { describeFailure } from '../../text/failure';
import { formatBytes, formatDate, formatDuration, formatMetric } from '../../text/format';
import { TextInput } from '../shell/fields';
import { Warnings } from '../shell/warnings';
import { precisionOfRun, type Run } from '../../plain/runs/run';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/engine-sentences';
import { useText } from '../../text/text';
import { DoctorNotes, patientOf } from '../train/doctor-notes';
import { MetricCharts } from '../train/metric-charts';
import { SampleHistory } from '../train/sample-history';
import { RunNotes } from './run-notes';
import { RunOrigin } from './run-origin';
import { RunSettings } from './run-settings';

function RenameForm({ run, onDone }: { readonly run: Run; readonly onDone: () => void }) {
  const { library } = useStudio();
  const { common, runs: text } = useText();
  const [name, setName] = useState(run.name);
  function submit(event: FormEvent): void {
    event.preventDefault();
    void library.getState().label(run.id, { name });
    onDone();
  }
  return (
    <form
      className="rename-form"
      onSubmit={submit}
      onKeyDown={(event) => event.key === 'Escape' && !event.nativeEvent.isComposing && onDone()}
    >
      <TextInput
        label={text.newName(run.name)}
        isLabelHidden
        value={name}
        onChange={setName}
        maxLength={80}
        isSelectedAtFirst
      />
      <Button className="button button-small" type="submit" isDisabled={name.trim() === ''}>
        {text.saveName}
      </Button>
      <Button className="button button-small" onPress={onDone}>
        {common.cancel}
      </Button>
    </form>
  );
}

/** Where the run can be gone on from: as it was, or with the form's settings as a new run. */
function Checkpoints({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const { training } = useStudio();
  const text = useText().runs.checkpoints;
  const busy = useBusyReason();
  const precision = useStudioState('model', (state) => state.summary?.precision ?? null);
  const steps = run.checkpoints ?? [];
  if (steps.length === 0 || run.status === 'running') return null;
  const isHeldSo = precision === null || precision === precisionOfRun(run);
  const needed = !isHeldSo ? text.needsPrecision(run.modelName, precisionOfRun(run)) : null;
  const obstacle = busy ?? (precision === null || isOtherModel ? text.needsModel(run.modelName) : needed);
  return (
    <div className="run-checkpoints" data-testid="checkpoints">
      <h4>{text.title}</h4>
      <p className="quiet">{obstacle ?? text.help}</p>
      <div className="button-row">
        {run.status !== 'finished' && (
          <Button
            className="button button-primary"
            isDisabled={obstacle !== null}
            onPress={() => void training.getState().resume(run.id)}
          >
            <Play aria-hidden="true" /> {text.resume(steps.at(-1) ?? 0)}
          </Button>
        )}
        {steps.map((step) => (
          <Button
            key={step}
            className="button"
            isDisabled={obstacle !== null}
            onPress={() => void training.getState().fork(run.id, step)}
          >
            <GitFork aria-hidden="true" /> {text.fork(step)}
          </Button>
        ))}
      </div>
    </div>
  );
}

function RunDetails({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const { library, notices } = useStudio();
  const { common, runs: text } = useText();
  const said = useSaid();
  const metrics = useStudioState('library', (state) => state.metrics[run.id]);
  const samples = useStudioState('library', (state) => state.samples[run.id]);

  async function downloadMetrics(): Promise<void> {
    await library.getState().loadMetrics(run.id);
    const lines = writeJsonLines(library.getState().metrics[run.id] ?? []);
    download(`${toFileName(run.name)}-metrics.jsonl`, lines, 'application/jsonl');
    notices.getState().tell(text.metricsDownloaded(run.name));
  }

  return (
    <div className="run-details">
      {run.error !== null && <p className="note note-error">{said(run.error)}</p>}
      {run.status === 'interrupted' && (
        <p className="note note-warning">
          {(run.checkpoints?.length ?? 0) > 0 ? text.interruptedWithCheckpoint : text.interrupted}
        </p>
      )}
      <DoctorNotes patient={patientOf(run, metrics ?? [])} />
      {metrics === undefined ? (
        <p className="quiet">{text.readingMetrics}</p>
      ) : metrics.length === 0 ? (
        <p className="quiet">{text.noStep}</p>
      ) : (
        <MetricCharts name={run.name} config={{ ...run.config, method: run.method }} metrics={metrics} />
      )}
      <SampleHistory prompts={run.samples?.prompts ?? []} rounds={samples ?? []} />
      <Warnings warnings={run.warnings} label={common.warningsOf(run.name)} />
      <RunNotes run={run} />
      <RunOrigin run={run} />
      <RunSettings run={run} />
      <Checkpoints run={run} isOtherModel={isOtherModel} />
      <Button className="button" isDisabled={(metrics?.length ?? 0) === 0} onPress={() => void downloadMetrics()}>
        <FileDown aria-hidden="true" /> {text.downloadMetrics}
      </Button>
    </div>
  );
}

export function RunCard({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const { library, notices } = useStudio();
  const { common, runs: text } = useText();
  const [isOpen, setOpen] = useState(false);
  const [isRenaming, setRenaming] = useState(false);
  const compared = useStudioState('library', (state) => state.compared);
  const isCompared = compared.includes(run.id);

  function toggle(): void {
    if (!isOpen) void library.getState().loadMetrics(run.id);
    setOpen(!isOpen);
  }

  async function downloadAdapter(): Promise<void> {
    try {
      const files = await library.getState().adapterOf(run.id);
      download(`${toFileName(run.name)}.zip`, zipAdapter(files), 'application/zip');
      notices.getState().tell(text.adapterDownloaded(run.name));
    } catch (error) {
      notices.getState().warn(describeFailure(error).sentence);
    }
  }

  const facts: readonly (readonly [string, string])[] = [
    [text.facts.steps, text.steps(run.steps, run.status === 'finished' ? null : run.totalSteps)],
    [text.facts.loss, run.finalLoss === null ? common.unknown : formatMetric(run.finalLoss)],
    [text.facts.margin, run.finalMargin === null ? common.unknown : formatMetric(run.finalMargin)],
    [text.facts.time, formatDuration(run.seconds)],
    [text.facts.adapter, run.adapterBytes === 0 ? common.none : formatBytes(run.adapterBytes)],
  ];
  return (
    <li>
      <article className="run-card" aria-label={text.label(run.name)} data-status={run.status} data-testid="run-card">
        <div className="run-head">
          <Button
            className="button button-icon"
            aria-label={isOpen ? text.close(run.name) : text.open(run.name)}
            aria-expanded={isOpen}
            onPress={toggle}
          >
            <ChevronRight className="turns" data-open={isOpen || undefined} aria-hidden="true" />
          </Button>
          <div className="run-name">
            {isRenaming ? (
              <RenameForm run={run} onDone={() => setRenaming(false)} />
            ) : (
              <h3>
                {run.name} <span className="tag">{run.method.toUpperCase()}</span>
                {run.tags?.map((tag) => (
                  <span key={tag} className="tag" data-tone="label">
                    {tag}
                  </span>
                ))}
                {run.status !== 'finished' && (
                  <span className="tag" data-tone={run.status}>
                    {text.status[run.status]}
                  </span>
                )}
              </h3>
            )}
            <p className="quiet">
              {run.modelName}
              {isOtherModel && ` ${text.otherModel}`} · {formatDate(run.startedAt)}
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
            <Checkbox
              className="checkbox"
              aria-label={text.comparison.choose(run.name)}
              isSelected={isCompared}
              onChange={(isChosen) =>
                library
                  .getState()
                  .setCompared([...compared.filter((id) => id !== run.id), ...(isChosen ? [run.id] : [])])
              }
            >
              <span className="checkbox-box" aria-hidden="true" />
              {text.comparison.short}
            </Checkbox>
            {run.adapterBytes > 0 && (
              <Button
                className="button"
                aria-label={text.downloadAdapterOf(run.name)}
                onPress={() => void downloadAdapter()}
              >
                <Download aria-hidden="true" /> {text.downloadAdapter}
              </Button>
            )}
            <Button className="button button-icon" aria-label={text.rename(run.name)} onPress={() => setRenaming(true)}>
              <Pencil aria-hidden="true" />
            </Button>
            <Button
              className="button button-icon"
              aria-label={text.delete(run.name)}
              isDisabled={run.status === 'running'}
              onPress={() => void library.getState().remove(run.id)}
            >
              <Trash2 aria-hidden="true" />
            </Button>
          </div>
        </div>
        {isOpen && <RunDetails run={run} isOtherModel={isOtherModel} />}
      </article>
    </li>
  );
}
