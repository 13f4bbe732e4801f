/** @file One run in the list: its figures at a glance, what can be done with it, and its details once it is opened. */
import { useState } from 'react';
import { ChevronRight, Download, Pencil, Trash2 } from 'lucide-react';
import { Button, Checkbox } from 'react-aria-components';
import { download, toFileName, zipAdapter } from '../../browser/download';
import { formatBytes, formatDate, formatDuration, formatMetric } from '../../text/format';
import type { Run } from '../../plain/runs/run';
import { endOf } from '../../plain/runs/run-end';
import { useStudio, useStudioState } from '../use-studio';
import { methodName } from '../../text/method-name';
import { useText } from '../../text/text';
import { RenameForm } from './rename-form';
import { ResumeButton } from './resume-button';
import { RunDetails } from './run-details';

function RunHeading({ run }: { readonly run: Run }) {
  const { common, runs: text } = useText();
  const { how } = endOf(run);
  return (
    <h3>
      {run.name} <span className="tag">{methodName(run, common)}</span>
      {run.tags?.map((tag) => (
        <span key={tag} className="tag" data-tone="label">
          {tag}
        </span>
      ))}
      {how !== 'all' && (
        <span className="tag" data-tone={how}>
          {how === 'early' ? text.stoppedEarly : text.status[how]}
        </span>
      )}
    </h3>
  );
}

function RunFacts({ run }: { readonly run: Run }) {
  const { common, runs: text } = useText();
  const facts: readonly (readonly [string, string])[] = [
    [text.facts.steps, text.steps(endOf(run))],
    [text.facts.loss, run.finalLoss === null ? common.unknown : formatMetric(run.finalLoss)],
    [text.facts.margin, run.finalMargin === null ? common.unknown : formatMetric(run.finalMargin)],
    [text.facts.time, formatDuration(run.seconds)],
    [text.facts.adapter, run.adapterBytes === 0 ? common.none : formatBytes(run.adapterBytes)],
  ];
  return (
    <dl className="run-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function CompareCheckbox({ run }: { readonly run: Run }) {
  const { library } = useStudio();
  const { comparison: text } = useText().runs;
  const compared = useStudioState('library', (state) => state.compared);
  return (
    <Checkbox
      className="checkbox"
      aria-label={text.choose(run.name)}
      isSelected={compared.includes(run.id)}
      onChange={(isChosen) =>
        library.getState().setCompared([...compared.filter((id) => id !== run.id), ...(isChosen ? [run.id] : [])])
      }
    >
      <span className="checkbox-box" aria-hidden="true" />
      {text.short}
    </Checkbox>
  );
}

function RunActions({ run, onRename }: { readonly run: Run; readonly onRename: () => void }) {
  const { library, notices } = useStudio();
  const { runs: text } = useText();

  async function downloadAdapter(): Promise<void> {
    try {
      const files = await library.getState().adapterOf(run.id);
      download(`${toFileName(run.name)}.zip`, zipAdapter(files), 'application/zip');
      notices.getState().tellDone(text.adapterDownloaded(run.name));
    } catch (error) {
      notices.getState().tellFailure(error);
    }
  }

  return (
    <div className="run-actions">
      <CompareCheckbox run={run} />
      {run.adapterBytes > 0 && (
        <Button className="button" aria-label={text.downloadAdapterOf(run.name)} onPress={() => void downloadAdapter()}>
          <Download aria-hidden="true" /> {text.downloadAdapter}
        </Button>
      )}
      <Button className="button button-icon" aria-label={text.rename(run.name)} onPress={onRename}>
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
  );
}

export function RunCard({ run, isOtherModel }: { readonly run: Run; readonly isOtherModel: boolean }) {
  const { library } = useStudio();
  const { runs: text } = useText();
  const [isOpen, setOpen] = useState(false);
  const [isRenaming, setRenaming] = useState(false);

  function toggleDetails(): void {
    if (!isOpen) void library.getState().loadMetrics(run.id);
    setOpen(!isOpen);
  }

  return (
    <li>
      <article className="run-card" aria-label={text.label(run.name)} data-status={run.status} data-testid="run-card">
        <div className="run-head">
          <Button
            className="button button-icon"
            aria-label={isOpen ? text.close(run.name) : text.open(run.name)}
            aria-expanded={isOpen}
            onPress={toggleDetails}
          >
            <ChevronRight className="turns" data-open={isOpen || undefined} aria-hidden="true" />
          </Button>
          <div className="run-name">
            {isRenaming ? <RenameForm run={run} onDone={() => setRenaming(false)} /> : <RunHeading run={run} />}
            <p className="quiet">
              {run.modelName}
              {isOtherModel && ` ${text.otherModel}`} · {formatDate(run.startedAt)}
            </p>
          </div>
          <RunFacts run={run} />
          <RunActions run={run} onRename={() => setRenaming(true)} />
        </div>
        <ResumeButton run={run} />
        {isOpen && <RunDetails run={run} />}
      </article>
    </li>
  );
}
