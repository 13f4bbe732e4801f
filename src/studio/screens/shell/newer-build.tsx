/** @file Shown over all screens when a newer build is ready: it takes over at a person's word, never during work. */
import { RotateCw } from 'lucide-react';
import { Button } from 'react-aria-components';
import { useText } from '../../text/text';
import { useBusyReason, useStudio, useStudioState } from '../use-studio';
import { shownOfId } from './this-page';

export function NewerBuild() {
  const { build } = useStudio();
  const { build: text } = useText();
  const next = useStudioState('build', (state) => state.next);
  const isPutOff = useStudioState('build', (state) => state.isPutOff);
  const isTraining = useStudioState('training', (state) => state.active !== null);
  const isCopying = useStudioState('modelShelf', (state) => state.copying !== null);
  const isDown = useStudioState('model', (state) => state.down !== null);
  const busy = useBusyReason();
  if (next === null || isPutOff) return null;
  const isWorking = isTraining || isCopying || (busy !== null && !isDown);
  return (
    <div className="note note-info come-back" data-testid="newer-build">
      <div className="note-body">
        <p>{text.next(next.slice(0, shownOfId))}</p>
        <p className="quiet">{isWorking && busy !== null ? busy : text.updateMeans}</p>
      </div>
      <div className="start-row">
        <Button className="button" isDisabled={isWorking} onPress={() => void build.getState().update()}>
          <RotateCw aria-hidden="true" /> {text.update}
        </Button>
        <Button className="button" onPress={() => build.getState().putOff()}>
          {text.later}
        </Button>
      </div>
    </div>
  );
}
