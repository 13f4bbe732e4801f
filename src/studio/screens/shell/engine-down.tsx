/** @file Shown over all sections while the engine is down: why, and the button that starts it again. */
import { RotateCw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useStudio, useStudioState } from '../use-studio';
import { useText } from '../../text/text';
import { FailureNote } from './failure-note';

export function EngineDown() {
  const down = useStudioState('model', (state) => state.down);
  const { model } = useStudio();
  const { shell } = useText();
  if (down === null) return null;
  return (
    <FailureNote failure={down}>
      <Button className="button" onPress={() => void model.getState().restart()}>
        <RotateCw aria-hidden="true" /> {shell.device.restart}
      </Button>
    </FailureNote>
  );
}
