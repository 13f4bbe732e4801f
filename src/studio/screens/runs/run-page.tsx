/**
 * @file The page of one run: what it is doing or how it ended, the doctor, charts and answers; beside them hand-over,
 * checkpoints, notes, origin and settings.
 */
import { ArrowLeft, Pencil, Repeat } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button } from 'react-aria-components';
import { canHaveNext, lineageOf } from '../../plain/rounds/lineage';
import type { Run } from '../../plain/runs/run';
import { formatDate } from '../../text/format';
import { describeTemplate } from '../../text/describe-template';
import { useText } from '../../text/text';
import { HandOverButton } from '../hand-over/hand-over-button';
import { RoundForm } from '../rounds/round-form';
import { RoundsChain } from '../rounds/rounds-chain';
import { RenameForm } from '../shell/rename-form';
import { addressOf, addressOfRun } from '../shell/route';
import { ActiveRunView } from '../train/active-run-view';
import { useStudio, useStudioState } from '../use-studio';
import { DeleteRunButton, DownloadAdapterButton } from './run-actions';
import { RunAside } from './run-aside';
import { RunTags } from './run-heading';
import { RunResult } from './run-result';
import { useRunsOfStart } from './use-runs-of-start';

function StartNavigation({ run }: { readonly run: Run }) {
  const { page: text } = useText().runs;
  const runs = useRunsOfStart(run);
  return (
    <nav className="run-back" aria-label={text.navigation}>
      <a href={addressOf('train')}>
        <ArrowLeft aria-hidden="true" /> {text.back}
      </a>
      {runs.length > 1 &&
        runs.map(({ id, name }) => (
          <a key={id} href={addressOfRun(id)} aria-current={id === run.id ? 'page' : undefined}>
            {name}
          </a>
        ))}
    </nav>
  );
}

function RunHead({ run, onNextRound }: { readonly run: Run; readonly onNextRound: () => void }) {
  const { library } = useStudio();
  const text = useText();
  const [isRenaming, setRenaming] = useState(false);
  const facts = [
    run.modelName,
    ...(run.dataset === undefined ? [] : [run.dataset]),
    ...(run.template === undefined ? [] : [describeTemplate(run.template, text)]),
    formatDate(run.startedAt),
  ];
  return (
    <header className="section-head">
      <div className="section-titles">
        {isRenaming ? (
          <RenameForm
            label={text.runs.newName(run.name)}
            name={run.name}
            problemOf={(name) => (library.getState().isNameFree(name, run.id) ? null : text.runs.nameTaken(name))}
            onSave={(name) => void library.getState().label(run.id, { name })}
            onDone={() => setRenaming(false)}
          />
        ) : (
          <h2 id={`title-${run.id}`}>
            {run.name} <RunTags run={run} />
          </h2>
        )}
        <p>{facts.join(' · ')}</p>
      </div>
      <div className="section-actions">
        {canHaveNext(run) && (
          <Button className="button" onPress={onNextRound}>
            <Repeat aria-hidden="true" /> {text.rounds.next}
          </Button>
        )}
        <HandOverButton run={run} />
        <DownloadAdapterButton run={run} />
        <Button
          className="button button-icon"
          aria-label={text.runs.rename(run.name)}
          onPress={() => setRenaming(true)}
        >
          <Pencil aria-hidden="true" />
        </Button>
        <DeleteRunButton run={run} />
      </div>
    </header>
  );
}

export function RunPage({ runId }: { readonly runId: string }) {
  const { library, rounds } = useStudio();
  const { ask } = rounds.getState();
  const isAsking = useStudioState('rounds', ({ asking }) => asking === runId);
  const { page: text, label } = useText().runs;
  const run = useStudioState('library', (state) => state.runs.find(({ id }) => id === runId));
  const active = useStudioState('training', (state) => (state.active?.id === runId ? state.active : null));
  const isActive = active !== null;
  useEffect(() => {
    if (!isActive) void library.getState().loadMetrics(runId);
  }, [library, runId, isActive]);
  const runs = useStudioState('library', (state) => state.runs);
  // Alone it stands below what the run is about.
  const isChain = run !== undefined && lineageOf(run, runs).rounds.length > 1;
  if (run === undefined)
    return (
      <section id={`run-${runId}`} className="section" tabIndex={-1} aria-label={text.gone}>
        <p>{text.gone}</p>
        <a href={addressOf('train')}>{text.back}</a>
      </section>
    );
  return (
    <section
      id={`run-${runId}`}
      className="section run-page"
      tabIndex={-1}
      aria-label={label(run.name)}
      data-testid="run-page"
    >
      <StartNavigation run={run} />
      <RunHead run={run} onNextRound={() => ask(runId)} />
      <div className="run-body">
        <div className="run-main">
          {isAsking && canHaveNext(run) && <RoundForm run={run} onBegun={() => ask(null)} />}
          {active === null && isChain && <RoundsChain run={run} />}
          {active === null ? <RunResult run={run} /> : <ActiveRunView active={active} />}
          {active === null && !isChain && <RoundsChain run={run} />}
        </div>
        <RunAside run={run} />
      </div>
    </section>
  );
}
