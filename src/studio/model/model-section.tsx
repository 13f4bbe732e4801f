/** @file Step 1: choose the model directory, see what it is. */
import { FolderOpen } from 'lucide-react';
import { Button, DropZone, FileTrigger } from 'react-aria-components';
import { formatBytes, plural } from '../format';
import { FailureNote } from '../shell/failure-note';
import { Progress } from '../shell/progress';
import { Section } from '../shell/section';
import type { Run } from '../stores/library';
import { StarterCard } from '../starter/starter-card';
import { useBusyReason, useStudio, useStudioState } from '../studio';
import { findCheckpoint, fromDropped, fromFileList, type Directory } from './checkpoint-directory';
import { ModelCard } from './model-card';

/** Stored runs of models other than the loaded one, counted by model. */
function otherModels(runs: readonly Run[], fingerprint: string | undefined): readonly { name: string; runs: number }[] {
  const counts = new Map<string, { name: string; runs: number }>();
  for (const run of runs) {
    if (run.modelFingerprint === fingerprint) continue;
    const count = counts.get(run.modelFingerprint) ?? { name: run.modelName, runs: 0 };
    counts.set(run.modelFingerprint, { ...count, runs: count.runs + 1 });
  }
  return [...counts.values()];
}

function StoredRunsNote({ fingerprint }: { readonly fingerprint: string | undefined }) {
  const runs = useStudioState('library', (state) => state.runs);
  const others = otherModels(runs, fingerprint);
  if (others.length === 0) return null;
  const list = others.map(({ name, runs: count }) => `${name} (${plural(count, 'run')})`).join(', ');
  return (
    <p className="note note-info" data-testid="stored-runs-note">
      {fingerprint === undefined
        ? `Stored runs belong to ${list}. Model files are not kept: choose the directory again to use their adapters.`
        : `Stored runs of other models: ${list}. Their adapters do not fit this one; choose that model’s directory to use them.`}
    </p>
  );
}

export function ModelSection() {
  const { model } = useStudio();
  const summary = useStudioState('model', (state) => state.summary);
  const loading = useStudioState('model', (state) => state.loading);
  const refusal = useStudioState('model', (state) => state.refusal);
  const busy = useBusyReason();

  function open(directory: Directory | null): void {
    if (directory === null || busy !== null) return;
    const { checkpoint, problem } = findCheckpoint(directory);
    if (checkpoint === null) model.getState().refuse(problem);
    else void model.getState().openDirectory(checkpoint.name, checkpoint.files);
  }

  return (
    <Section id="model" title="Model" lead="The base model that adapters are trained for. Its files are read, not copied.">
      <StarterCard />
      <DropZone
        className="drop-zone"
        aria-label="Model directory drop area"
        isDisabled={busy !== null}
        getDropOperation={() => 'copy'}
        onDrop={async ({ items }) => {
          const directory = items.find((item) => item.kind === 'directory');
          if (directory !== undefined) open(await fromDropped(directory));
          else model.getState().refuse('A single file was dropped. Drop the whole model directory, or choose it with the button.');
        }}
      >
        <FolderOpen className="drop-icon" aria-hidden="true" />
        <div className="drop-words">
          {summary === null ? (
            <p>
              Choose a Hugging Face checkpoint directory: <code>config.json</code>, <code>tokenizer.json</code>,{' '}
              <code>model.safetensors</code>. Or drop it here.
            </p>
          ) : (
            <p>Choose or drop another directory to change the model.</p>
          )}
        </div>
        <FileTrigger acceptDirectory data-testid="model-directory" onSelect={(list) => open(fromFileList([...(list ?? [])]))}>
          <Button className={summary === null ? 'button button-primary' : 'button'} isDisabled={busy !== null}>
            Choose model directory
          </Button>
        </FileTrigger>
      </DropZone>
      {loading !== null && (
        <div className="progress-row">
          <Progress
            label={`Opening ${loading.name}: ${loading.what}`}
            done={loading.done}
            total={loading.total}
            {...(loading.total > 1e6 ? { valueText: `${formatBytes(loading.done)} of ${formatBytes(loading.total)}` } : {})}
          />
          <Button className="button" onPress={() => model.getState().cancelLoading()}>
            Cancel loading
          </Button>
        </div>
      )}
      {refusal !== null && (
        <FailureNote failure={refusal}>{summary !== null && <p>{summary.name} stays loaded.</p>}</FailureNote>
      )}
      {summary !== null && <ModelCard summary={summary} />}
      <StoredRunsNote fingerprint={summary?.fingerprint} />
    </Section>
  );
}
