/** @file The Train screen: how to train and the run under way, then all runs kept on this PC. */
import { RunsSection } from '../runs/runs-section';
import { TrainSection } from './train-section';

export function TrainScreen() {
  return (
    <>
      <TrainSection />
      <RunsSection />
    </>
  );
}
