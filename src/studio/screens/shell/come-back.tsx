/** @file Shown over all screens to somebody who comes back: a run that was cut off, and the model of the last visit. */
import { FolderOpen, Play, X } from 'lucide-react';
import { Button } from 'react-aria-components';
import { cutOffRun, goingOn } from '../../plain/runs/going-on';
import type { Run } from '../../plain/runs/run';
import { useText } from '../../text/text';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { goTo } from './route';

function InterruptedRun({ run }: { readonly run: Run }) {
  const { comeBack } = useStudio();
  const { comeBack: text, compare } = useText();
  const going = useStudioState('comeBack', (state) => state.going);
  const runs = useStudioState('library', (state) => state.runs);
  const due = useStudioState('starter', (state) => state.due);
  const { step = null, then = [], answers = false } = goingOn(run, runs, due) ?? {};
  const from = [
    ...(step === null ? [] : [step === 0 ? text.again : text.from(step)]),
    ...(then.length > 0 ? [text.then(then.map((method) => compare.columns[method]))] : []),
    ...(answers ? [text.answers] : []),
  ];
  const isOpen = useStudioState('model', (state) => state.summary?.fingerprint === run.modelFingerprint);
  const busy = useBusyReason();
  function goOn(): void {
    goTo(run.plan?.starter === undefined ? 'train' : 'model');
    void comeBack.getState().goOn(run.id);
  }
  return (
    <div className="note note-warning come-back" data-testid="interrupted">
      <div className="note-body">
        <p>
          <strong>
            {step === null ? text.ended(run.name) : text.interrupted(run.name, run.steps, run.totalSteps)}
          </strong>
        </p>
        <p role="status">
          {going === run.id
            ? text.opening(run.modelName)
            : [...from, ...(isOpen ? [] : [text.opens(run.modelName)])].join(' ')}
        </p>
        {busy !== null && going === null && <p className="obstacle">{busy}</p>}
      </div>
      <div className="start-row">
        <Button className="button button-primary" isDisabled={busy !== null || going !== null} onPress={goOn}>
          <Play aria-hidden="true" /> {text.goOn}
        </Button>
        <Button className="button" isDisabled={going !== null} onPress={() => comeBack.getState().dismiss(run.id)}>
          {text.dismiss}
        </Button>
      </div>
    </div>
  );
}

/** The model of the last visit, being opened by itself or at a click. */
function LastModel() {
  const { comeBack, modelShelf } = useStudio();
  const { comeBack: text } = useText();
  const isReopening = useStudioState('comeBack', (state) => state.isReopening);
  const name = useStudioState('modelShelf', ({ stored, last }) => stored.find(({ id }) => id === last?.id)?.name);
  const hasModel = useStudioState('model', (state) => state.summary !== null);
  const isOpening = useStudioState('modelShelf', (state) => state.isOpening);
  const busy = useBusyReason();
  if (name === undefined || hasModel) return null;
  if (isReopening)
    return (
      <div className="note note-info come-back" data-testid="reopening">
        <p className="note-body" role="status">
          {text.reopening(name)}
        </p>
        <Button className="button" onPress={() => comeBack.getState().cancelReopening()}>
          <X aria-hidden="true" /> {text.cancel}
        </Button>
      </div>
    );
  if (isOpening || busy !== null) return null;
  const { last, open } = modelShelf.getState();
  return (
    <div className="note note-info come-back" data-testid="last-model">
      <p className="note-body">{text.lastModel(name)}</p>
      <Button className="button" onPress={() => last?.id != null && void open(last.id)}>
        <FolderOpen aria-hidden="true" /> {text.open(name)}
      </Button>
    </div>
  );
}

export function ComeBack() {
  const { comeBack: text } = useText();
  const runs = useStudioState('library', (state) => state.runs);
  const dismissed = useStudioState('comeBack', (state) => state.dismissed);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const due = useStudioState('starter', ({ progress, due }) => (progress === null ? due : null));
  const run = isTraining ? null : cutOffRun(runs, dismissed, due);
  return (
    <section className="come-backs" aria-label={text.label}>
      {run !== null && <InterruptedRun run={run} />}
      <LastModel />
    </section>
  );
}
