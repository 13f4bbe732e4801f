/** @file Shown over all screens while the engine is down or does not answer: why, and what starts it again. */
import { Cpu, Hourglass, RotateCw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { formatTime } from '../../text/format';
import { useText } from '../../text/text';
import { useStudio, useStudioState } from '../use-studio';
import { FailureNote } from './failure-note';

function RestartButton() {
  const { model } = useStudio();
  const { shell } = useText();
  return (
    <Button className="button" onPress={() => void model.getState().restart()}>
      <RotateCw aria-hidden="true" /> {shell.device.restart}
    </Button>
  );
}

/** A busy engine cannot answer either: so it is said, and left to a person. */
function Silence({ seconds }: { readonly seconds: number }) {
  const { recovery: text } = useText();
  return (
    <div className="note note-warning" role="status" data-testid="silence">
      <Hourglass aria-hidden="true" />
      <div className="note-body">
        <p>{text.silent(seconds)}</p>
        <RestartButton />
      </div>
    </div>
  );
}

export function EngineDown() {
  const { recovery } = useStudio();
  const { recovery: text } = useText();
  const down = useStudioState('model', (state) => state.down);
  const silentSeconds = useStudioState('model', (state) => state.silentSeconds);
  const retryAtMs = useStudioState('recovery', (state) => state.retryAtMs);
  const offersWasm = useStudioState('recovery', (state) => state.offersWasm);
  if (down === null) return silentSeconds === null ? null : <Silence seconds={silentSeconds} />;
  return (
    <FailureNote failure={down}>
      {retryAtMs !== null && <p>{text.retryAt(formatTime(retryAtMs))}</p>}
      <div className="start-row">
        <RestartButton />
        {offersWasm && (
          <Button className="button" onPress={() => void recovery.getState().goOnWithWasm()}>
            <Cpu aria-hidden="true" /> {text.useWasm}
          </Button>
        )}
      </div>
    </FailureNote>
  );
}
