/** @file What an opened run shows: what went wrong, its charts, answers, notes, settings and checkpoints. */
import { FileDown } from 'lucide-react';
import { Button } from 'react-aria-components';
import { writeJsonLines } from '../../../data/json-lines';
import { download, toFileName } from '../../browser/download';
import { Warnings } from '../shell/warnings';
import type { Run } from '../../plain/runs/run';
import { useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { DoctorNotes, patientOf } from '../train/doctor-notes';
import { MetricCharts } from '../train/metric-charts';
import { SampleHistory } from '../train/sample-history';
import { RunCheckpoints } from './run-checkpoints';
import { RunNotes } from './run-notes';
import { RunOrigin } from './run-origin';
import { RunSettingsList } from './run-settings-list';
import { trainedConfigOf } from '../../plain/runs/run';

export function RunDetails({ run }: { readonly run: Run }) {
  const { library, notices } = useStudio();
  const { common, runs: text } = useText();
  const said = useSaid();
  const metrics = useStudioState('library', (state) => state.metrics[run.id]);
  const samples = useStudioState('library', (state) => state.samples[run.id]);

  async function downloadMetrics(): Promise<void> {
    await library.getState().loadMetrics(run.id);
    const lines = writeJsonLines(library.getState().metrics[run.id] ?? []);
    download(`${toFileName(run.name)}-metrics.jsonl`, lines, 'application/jsonl');
    notices.getState().tellDone(text.metricsDownloaded(run.name));
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
        <MetricCharts name={run.name} config={trainedConfigOf(run)} metrics={metrics} />
      )}
      <SampleHistory prompts={run.samples?.prompts ?? []} rounds={samples ?? []} />
      <Warnings warnings={run.warnings} label={common.warningsOf(run.name)} />
      <RunNotes run={run} />
      <RunOrigin run={run} />
      <RunSettingsList run={run} />
      <RunCheckpoints run={run} />
      <Button className="button" isDisabled={(metrics?.length ?? 0) === 0} onPress={() => void downloadMetrics()}>
        <FileDown aria-hidden="true" /> {text.downloadMetrics}
      </Button>
    </div>
  );
}
