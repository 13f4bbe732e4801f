/** @file The Models screen: choose a stored model, one of the server, or a directory, and see what it is and needs. */
import { FolderOpen } from 'lucide-react';
import { Button, DropZone, FileTrigger } from 'react-aria-components';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import { Section } from '../shell/section';
import { StarterCard } from '../starter/starter-card';
import { isStarterModel } from '../../plain/starter/recipe';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useSaid } from '../../text/said';
import { useText } from '../../text/text';
import { findCheckpoint, fromDropped, fromFileList, type ChosenDirectory } from './checkpoint-directory';
import { ModelFamilies } from './model-families';
import { MemoryPlanView } from './memory-plan-view';
import { ModelCard } from './model-card';
import { ServerModels, StoredModels } from './stored-models';
import { StoredRuns } from './stored-runs';
import { TemplateField } from './template-field';

function DirectoryChoice() {
  const { modelShelf } = useStudio();
  const { model: text } = useText();
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const isOpening = useStudioState('modelShelf', (state) => state.isOpening);
  const isDisabled = useBusyReason() !== null || isOpening;

  function open(directory: ChosenDirectory | null): void {
    if (directory === null || isDisabled) return;
    const { checkpoint, problem } = findCheckpoint(directory);
    if (checkpoint === null) modelShelf.getState().refuseDirectory(problem);
    else void modelShelf.getState().addDirectory(checkpoint.name, checkpoint.files);
  }

  return (
    <section className="model-list" aria-labelledby="model-directory">
      <h3 id="model-directory">{text.directory}</h3>
      <DropZone
        className="drop-zone"
        aria-label={text.dropArea}
        isDisabled={isDisabled}
        getDropOperation={() => 'copy'}
        onDrop={async ({ items }) => {
          const directory = items.find((item) => item.kind === 'directory');
          if (directory !== undefined) open(await fromDropped(directory));
          else modelShelf.getState().refuseDirectory(text.droppedFile);
        }}
      >
        <FolderOpen className="drop-icon" aria-hidden="true" />
        <div className="drop-words">
          {hasModel ? (
            <p>{text.chooseOther}</p>
          ) : (
            <p>
              {text.chooseFirst.before} <code>config.json</code>, <code>tokenizer.json</code>,{' '}
              <code>model.safetensors</code>. {text.chooseFirst.after}
            </p>
          )}
        </div>
        <FileTrigger
          acceptDirectory
          data-testid="model-directory"
          onSelect={(list) => open(fromFileList([...(list ?? [])]))}
        >
          <Button className={hasModel ? 'button' : 'button button-primary'} isDisabled={isDisabled}>
            {text.choose}
          </Button>
        </FileTrigger>
      </DropZone>
    </section>
  );
}

/** Every byte of a stored model being checked, beside whatever else goes on. */
function CheckUnderway() {
  const { modelShelf } = useStudio();
  const { model: text } = useText();
  const checking = useStudioState('modelShelf', (state) => state.checking);
  if (checking === null) return null;
  return (
    <div className="progress-row" data-testid="checking">
      <ProgressView
        label={text.checking(checking.name)}
        done={checking.doneBytes}
        total={checking.totalBytes}
        valueText={text.bytesOf(checking.doneBytes, checking.totalBytes)}
      />
      <Button className="button" onPress={() => modelShelf.getState().cancelCheck()}>
        {text.cancelCheck}
      </Button>
    </div>
  );
}

function Underway() {
  const { model, modelShelf } = useStudio();
  const { model: text } = useText();
  const said = useSaid();
  const copying = useStudioState('modelShelf', (state) => state.copying);
  const loading = useStudioState('model', (state) => state.loading);
  if (copying !== null) {
    return (
      <div className="progress-row" data-testid="copying">
        <ProgressView
          label={text.copying(copying.name)}
          done={copying.doneBytes}
          total={copying.totalBytes}
          valueText={text.copied(copying.doneBytes, copying.totalBytes, copying.secondsLeft)}
        />
        <Button className="button" onPress={() => modelShelf.getState().cancelCopy()}>
          {text.cancelCopy}
        </Button>
      </div>
    );
  }
  if (loading === null) return null;
  return (
    <div className="progress-row">
      <ProgressView
        label={text.opening(loading.name, said(loading.what))}
        done={loading.done}
        total={loading.total}
        {...(loading.total > 1e6 ? { valueText: text.bytesOf(loading.done, loading.total) } : {})}
      />
      <Button className="button" onPress={() => model.getState().cancelLoading()}>
        {text.cancelLoading}
      </Button>
    </div>
  );
}

const words = ['base', 'adapter', 'checkpoint'] as const;

export function ModelSection() {
  const { model: text } = useText();
  const summary = useStudioState('model', (state) => state.summary);
  const refusal = useStudioState('model', (state) => state.refusal);
  const candidate = useStudioState('modelShelf', (state) => state.candidate);
  const opened = useStudioState('modelShelf', (state) => state.opened);
  const isTrying = useStudioState('starter', (state) => state.progress !== null);
  // Beside a model of a person's own the starter steps back.
  const isOwn = summary !== null && !isStarterModel(summary.name) && !isTrying;
  const failure = useStudioState('modelShelf', (state) => state.failure) ?? refusal;

  return (
    <Section id="model" title={text.title} lead={text.lead} terms={words}>
      {!isOwn && <StarterCard />}
      <StoredModels />
      <ServerModels />
      <DirectoryChoice />
      <ModelFamilies />
      <Underway />
      <CheckUnderway />
      {failure !== null && (
        <FailureNote failure={failure}>{summary !== null && <p>{text.staysLoaded(summary.name)}</p>}</FailureNote>
      )}
      {summary !== null && <ModelCard summary={summary} hash={opened?.sha256 ?? null} />}
      {summary !== null && (!summary.hasChatTemplate || summary.templateChoice !== null) && (
        <TemplateField summary={summary} />
      )}
      {candidate !== null && <MemoryPlanView candidate={candidate} />}
      <StoredRuns fingerprint={summary?.fingerprint} />
      {isOwn && <StarterCard />}
    </Section>
  );
}
