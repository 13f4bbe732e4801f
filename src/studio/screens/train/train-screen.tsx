/**
 * @file The Train screen: how to train and all runs kept on this PC, or the page of one run. A run that begins while
 * the screen is looked at is shown at once.
 */
import { useEffect, useRef } from 'react';
import { RunPage } from '../runs/run-page';
import { RunsSection } from '../runs/runs-section';
import { addressOfRun, parseRoute, runIdOf, useHash } from '../shell/route';
import { useStudioState } from '../use-studio';
import { TrainSection } from './train-section';

function useRunThatBegins(): void {
  const active = useStudioState('training', (state) => state.active?.id ?? null);
  const before = useRef(active);
  useEffect(() => {
    if (active !== null && active !== before.current) location.hash = addressOfRun(active);
    before.current = active;
  }, [active]);
}

export function TrainScreen() {
  const runId = runIdOf(parseRoute(useHash()));
  useRunThatBegins();
  if (runId !== null) return <RunPage key={runId} runId={runId} />;
  return (
    <>
      <TrainSection />
      <RunsSection />
    </>
  );
}
