/** @file The starter in the model's section: the offer, then its progress, then what came of it. */
import { Sparkles, Square } from 'lucide-react';
import { Button, Label, Radio, RadioGroup } from 'react-aria-components';
import { textsOf } from '../../plain/data/pair-text';
import { formatDuration } from '../../text/format';
import { FailureNote } from '../shell/failure-note';
import { ProgressView } from '../shell/progress-view';
import { addressOf } from '../shell/route';
import { useKeptFocus } from '../shell/use-kept-focus';
import type { StarterProgress } from '../../stores/starter';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import type { StarterManifest, TaskId } from '../../plain/starter/manifest';
import { offeredTasks } from '../../plain/starter/offered';
import { isStarterModel } from '../../plain/starter/recipe';
import { stages } from '../../plain/starter/stages';

interface OfferProps {
  readonly manifest: StarterManifest;
  /** The starter's model is open. */
  readonly isAgain: boolean;
  /** A model of the person's own is open. */
  readonly isBeside: boolean;
}

function Offer({ manifest, isAgain, isBeside }: OfferProps) {
  const { starter } = useStudio();
  const { runs, starter: text } = useText();
  const taskId = useStudioState('starter', (state) => state.taskId);
  const failure = useStudioState('starter', (state) => state.failure);
  const stopped = useStudioState('starter', (state) => state.stopped);
  const hasPairs = useStudioState('dataset', (state) => state.rows.length > 0);
  const busy = useBusyReason();
  return (
    <div className="starter" data-testid="starter-card">
      <div>
        <h3>{isAgain ? text.again : text.title}</h3>
        {!isAgain && <p className="quiet">{text.lead}</p>}
      </div>
      <RadioGroup
        className="method-choice"
        value={taskId}
        isDisabled={busy !== null}
        onChange={(id) => starter.getState().chooseTask(id as TaskId)}
      >
        <Label className="visually-hidden">{text.task}</Label>
        <div className="method-cards">
          {offeredTasks(manifest).map(({ id }) => (
            <Radio key={id} className="method-card" value={id}>
              <span className="method-name">{text.tasks[id].title}</span>
              <span className="method-help">{text.tasks[id].description}</span>
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <div className="start-row">
        <Button
          className={isAgain || isBeside ? 'button' : 'button button-primary button-large'}
          isDisabled={busy !== null}
          onPress={() => void starter.getState().start()}
        >
          <Sparkles aria-hidden="true" /> {text.start}
        </Button>
        {busy !== null ? <p className="obstacle">{busy}</p> : hasPairs && <p className="quiet">{text.ownSet}</p>}
      </div>
      {stopped && (
        <p role="status">
          {text.stopped} <a href={addressOf('train', 'runs')}>{runs.title}</a>
        </p>
      )}
      {failure !== null && <FailureNote failure={failure} />}
    </div>
  );
}

function Examples() {
  const { common, starter: text } = useText();
  const examples = useStudioState('starter', (state) => state.examples);
  if (examples.length === 0) return null;
  return (
    <div className="starter-examples">
      <table>
        <caption>{text.examples}</caption>
        <thead>
          <tr>
            <th scope="col">{common.prompt}</th>
            <th scope="col">
              <span className="swatch" data-series="chosen" /> {common.chosen}
            </th>
            <th scope="col">
              <span className="swatch" data-series="rejected" /> {common.rejected}
            </th>
          </tr>
        </thead>
        <tbody>
          {examples.map((pair, index) => {
            const { prompt, chosen, rejected } = textsOf(pair, common.roles);
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
  const { common, starter: text } = useText();
  const focus = useKeptFocus<HTMLDivElement>();
  const at = stages.findIndex(({ key }) => key === progress.stage);
  return (
    <div className="starter" ref={focus} tabIndex={-1} data-testid="starter-progress">
      <h3>{text.tasks[progress.task.id].title}</h3>
      <div className="progress-row">
        <ProgressView
          label={text.stages[progress.stage]}
          done={progress.share}
          total={1}
          valueText={text.timeLeft(formatDuration(Math.max(1, progress.secondsLeft)))}
        />
        <Button className="button button-stop" isDisabled={progress.stopping} onPress={() => starter.getState().stop()}>
          <Square aria-hidden="true" /> {progress.stopping ? common.stopping : common.stop}
        </Button>
      </div>
      <ol className="starter-stages" aria-label={text.stagesLabel}>
        {stages.map(({ key }, index) => (
          <li
            key={key}
            data-state={index < at ? text.done : index === at ? 'now' : 'ahead'}
            aria-current={index === at ? 'step' : undefined}
          >
            <span>{text.stages[key]}</span>
            <span className="quiet">{index < at ? text.done : index === at ? progress.detail : ''}</span>
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
  if (manifest === null) return null;
  const isAgain = modelName !== null && isStarterModel(modelName);
  return <Offer manifest={manifest} isAgain={isAgain} isBeside={modelName !== null && !isAgain} />;
}
