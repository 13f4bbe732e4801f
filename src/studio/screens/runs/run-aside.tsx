/** @file What stands beside a run's charts: where to go next, checkpoints, notes, origin, settings. */
import { FileDown, MessagesSquare } from 'lucide-react';
import { Button } from 'react-aria-components';
import { writeJsonLines } from '../../../data/json-lines';
import { download, toFileName } from '../../browser/download';
import type { Run } from '../../plain/runs/run';
import { formatBytes } from '../../text/format';
import { useText } from '../../text/text';
import { addressOf } from '../shell/route';
import { useStudio, useStudioState } from '../use-studio';
import { RunCheckpoints } from './run-checkpoints';
import { RunNotes } from './run-notes';
import { RunOrigin } from './run-origin';
import { RunSettingsList } from './run-settings-list';

function HandOver({ run }: { readonly run: Run }) {
  const { library, notices } = useStudio();
  const { runs: text } = useText();
  const metrics = useStudioState('library', (state) => state.metrics[run.id]);

  async function downloadMetrics(): Promise<void> {
    await library.getState().loadMetrics(run.id);
    const lines = writeJsonLines(library.getState().metrics[run.id] ?? []);
    if (await download(`${toFileName(run.name)}-metrics.jsonl`, lines, 'application/jsonl'))
      notices.getState().tellDone(text.metricsDownloaded(run.name));
  }

  return (
    <section className="run-part" aria-label={text.page.handOver}>
      <h3>{text.page.handOver}</h3>
      {run.adapterBytes > 0 && (
        <>
          <p className="quiet">{text.page.adapter(formatBytes(run.adapterBytes))}</p>
          {run.method !== 'reward' && (
            <a className="button" href={addressOf('compare')}>
              <MessagesSquare aria-hidden="true" /> {text.page.compare}
            </a>
          )}
        </>
      )}
      <Button className="button" isDisabled={(metrics?.length ?? 0) === 0} onPress={() => void downloadMetrics()}>
        <FileDown aria-hidden="true" /> {text.downloadMetrics}
      </Button>
    </section>
  );
}

export function RunAside({ run }: { readonly run: Run }) {
  return (
    <div className="run-aside">
      {run.status !== 'running' && <HandOver run={run} />}
      <RunCheckpoints run={run} />
      <RunNotes run={run} />
      <RunOrigin run={run} />
      <RunSettingsList run={run} />
    </div>
  );
}
