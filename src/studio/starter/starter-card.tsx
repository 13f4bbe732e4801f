/** @file The starter in the model's section: the offer, then its progress, then what came of it. */
import { Sparkles, Square } from 'lucide-react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import { textsOf } from '../data/pair-text';
import { formatDuration } from '../format';
import { FailureNote } from '../shell/failure-note';
import { Progress } from '../shell/progress';
import { useKeptFocus } from '../shell/use-kept-focus';
import type { StarterProgress } from '../stores/starter';
import { useBusyReason, useStudio, useStudioState } from '../studio';
import type { StarterManifest, TaskId } from './manifest';
import { starterModelName } from './recipe';
import { stages } from './stages';

function Offer({ manifest, isAgain }: { readonly manifest: StarterManifest; readonly isAgain: boolean }) {
  const { starter } = useStudio();
  const taskId = useStudioState('starter', (state) => state.taskId);
  const failure = useStudioState('starter', (state) => state.failure);
  const stopped = useStudioState('starter', (state) => state.stopped);
  const hasPairs = useStudioState('dataset', (state) => state.rows.some(({ file }) => file !== `starter-${taskId}.jsonl`));
  const busy = useBusyReason();
  return (
    <div className="starter" data-testid="starter-card">
      <div>
        <h3>{isAgain ? 'Try another task' : 'Try it now: a small model and data that ship with Airlock'}</h3>
        {!isAgain && (
          <p className="quiet">
            One click trains SFT and DPO on this PC and compares their answers with the base model’s. About three minutes on an
            office PC, without a GPU and without the Internet.
          </p>
        )}
      </div>
      <RadioGroup className="method-choice" value={taskId} isDisabled={busy !== null} onChange={(id) => starter.getState().chooseTask(id as TaskId)}>
        <Label className="visually-hidden">Task</Label>
        <div className="method-cards">
          {manifest.tasks.map(({ id, title, description }) => (
            <Radio key={id} className="method-card" value={id}>
              <span className="method-name">{title}</span>
              <span className="method-help">{description}</span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <div className="start-row">
        <Button
          className={isAgain ? 'button' : 'button button-primary button-large'}
          isDisabled={busy !== null}
          onPress={() => void starter.getState().start()}
        >
          <Sparkles aria-hidden="true" /> Try the starter
        </Button>
        {busy !== null ? <p className="obstacle">{busy}</p> : hasPairs && <p className="quiet">Its pairs take the place of yours; the notice that says so has an undo.</p>}
      </div>
      {stopped && <p role="status">The starter was stopped. What it had trained so far is under <a href="#runs">Runs</a>.</p>}
      {failure !== null && <FailureNote failure={failure} />}
    </div>
  );
}

function Examples() {
  const examples = useStudioState('starter', (state) => state.examples);
  if (examples.length === 0) return null;
  return (
    <div className="starter-examples">
      <table>
        <caption>What it learns from, for example:</caption>
        <thead>
          <tr>
            <th scope="col">Prompt</th>
            <th scope="col">
              <span className="swatch" data-series="chosen" /> Chosen
            </th>
            <th scope="col">
              <span className="swatch" data-series="rejected" /> Rejected
            </th>
          </tr>
        </thead>
        <tbody>
          {examples.map((pair, index) => {
            const { prompt, chosen, rejected } = textsOf(pair);
            return (
              <tr key={index}>
                <td>{prompt}</td>
                <td>{chosen.trim()}</td>
                <td>{rejected.trim()}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Running({ progress }: { readonly progress: StarterProgress }) {
  const { starter } = useStudio();
  const focus = useKeptFocus<HTMLDivElement>();
  const at = stages.findIndex(({ key }) => key === progress.stage);
  return (
    <div className="starter" ref={focus} tabIndex={-1} data-testid="starter-progress">
      <h3>{progress.task.title}</h3>
      <div className="progress-row">
        <Progress
          label={stages[at]?.title ?? ''}
          done={progress.share}
          total={1}
          valueText={`about ${formatDuration(Math.max(1, progress.secondsLeft))} left`}
        />
        <Button className="button button-stop" isDisabled={progress.stopping} onPress={() => starter.getState().stop()}>
          <Square aria-hidden="true" /> {progress.stopping ? 'Stopping…' : 'Stop'}
        </Button>
      </div>
      <ol className="starter-stages" aria-label="Stages">
        {stages.map(({ key, title }, index) => (
          <li key={key} data-state={index < at ? 'done' : index === at ? 'now' : 'ahead'} aria-current={index === at ? 'step' : undefined}>
            <span>{title}</span>
            <span className="quiet">{index < at ? 'done' : index === at ? progress.detail : ''}</span>
          </li>
        ))}
      </ol>
      <Examples />
    </div>
  );
}

export function StarterCard() {
  const manifest = useStudioState('starter', (state) => state.manifest);
  const progress = useStudioState('starter', (state) => state.progress);
  const modelName = useStudioState('model', (state) => state.summary?.name ?? null);
  if (progress !== null) return <Running progress={progress} />;
  if (manifest === null || (modelName !== null && modelName !== starterModelName)) return null;
  return <Offer manifest={manifest} isAgain={modelName !== null} />;
}
