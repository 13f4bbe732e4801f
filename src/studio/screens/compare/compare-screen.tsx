/** @file The Compare screen: one prompt side by side, then a prompt set with its win rates, then the report of both. */
import { CompareSection } from './compare-section';
import { ReportSection } from './report/report-section';
import { TrialSection } from './trial/trial-section';

export function CompareScreen() {
  return (
    <>
      <CompareSection />
      <TrialSection />
      <ReportSection />
    </>
  );
}
