/** @file The Compare screen: one prompt side by side, then a prompt set with its win rates. */
import { CompareSection } from './compare-section';
import { TrialSection } from './trial/trial-section';

export function CompareScreen() {
  return (
    <>
      <CompareSection />
      <TrialSection />
    </>
  );
}
