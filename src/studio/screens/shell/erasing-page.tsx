/** @file Shown instead of the studio while everything is erased, and where another tab does that. */
import { RotateCw, Trash2 } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStore } from 'zustand';
import { endErasing } from '../../browser/erasing';
import { isNothing, type Erasing, type ErasingState } from '../../stores/erasing';
import { useText } from '../../text/text';
import { KeptList } from './kept-list';

const loadAnew = (): void => location.reload();

function startStudio(): void {
  endErasing();
  loadAnew();
}

function StartButton() {
  const { page: text } = useText().erase;
  return (
    <Button className="button button-primary" onPress={startStudio}>
      <RotateCw aria-hidden="true" /> {text.start}
    </Button>
  );
}

function AgainButtons() {
  const { page: text } = useText().erase;
  return (
    <div className="start-row">
      <Button className="button button-stop" onPress={loadAnew}>
        <Trash2 aria-hidden="true" /> {text.again}
      </Button>
      <Button className="button" onPress={startStudio}>
        {text.start}
      </Button>
    </div>
  );
}

function WhatChromeKeeps() {
  const { page: text } = useText().erase;
  return (
    <>
      <h2>{text.chrome}</h2>
      <ul className="kept-list">
        {text.keeps.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <p>{text.how}</p>
    </>
  );
}

function Done({ erased, left, problems }: Extract<ErasingState, { phase: 'done' }>) {
  const { page: text } = useText().erase;
  const isAll = isNothing(left);
  return (
    <>
      <h1>{isAll ? text.done : text.partly}</h1>
      <p>{text.erased}</p>
      <KeptList kept={erased} />
      {isAll ? (
        <p className="note note-success" role="status">
          {text.verified}
        </p>
      ) : (
        <div className="note note-error" role="alert">
          <div className="note-body">
            <p>{text.left}</p>
            <KeptList kept={left} />
            {problems.map(({ kind, reason }) => (
              <p key={kind}>{text.problem(text.kinds[kind], reason)}</p>
            ))}
            <p>{text.leftHelp}</p>
          </div>
        </div>
      )}
      {isAll ? <StartButton /> : <AgainButtons />}
      <WhatChromeKeeps />
    </>
  );
}

function Working({ state }: { readonly state: Extract<ErasingState, { phase: 'waiting' | 'erasing' }> }) {
  const { page: text } = useText().erase;
  return (
    <>
      <h1>{text.working}</h1>
      {state.phase === 'waiting' && (
        <>
          <p role="status">{state.tabs === 0 ? text.ending : text.waiting(state.tabs)}</p>
          <Button className="button" onPress={startStudio}>
            {text.back}
          </Button>
        </>
      )}
      {state.phase === 'erasing' && state.blockedBy !== null && (
        <p className="note note-warning" role="alert">
          {text.blocked(state.blockedBy)}
        </p>
      )}
    </>
  );
}

export function ErasingPage({ erasing }: { readonly erasing: Erasing }) {
  const { page: text } = useText().erase;
  const state = useStore(erasing.state);
  return (
    <main className="unsupported erasing" data-testid="erasing">
      {state.phase === 'done' && <Done {...state} />}
      {(state.phase === 'waiting' || state.phase === 'erasing') && <Working state={state} />}
      {state.phase === 'failed' && (
        <>
          <p className="note note-error" role="alert">
            {text.failed(String(state.reason))}
          </p>
          <AgainButtons />
        </>
      )}
    </main>
  );
}

export function LetGoPage() {
  const { erase: text } = useText();
  return (
    <main className="unsupported">
      <h1>{text.letGo.title}</h1>
      <p>{text.letGo.body}</p>
      <StartButton />
    </main>
  );
}
