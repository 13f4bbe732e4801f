/** @file The Compare screen: one prompt side by side, then a prompt set with its win rates, then the report of both. */
import { CompareSection } from './compare-section';
import { ReportSection } from './report/report-section';
import { PromptSetSection } from './prompt-set/prompt-set-section';

export function CompareScreen() {
  return (
    <>
      <CompareSection />
      <PromptSetSection />
      <ReportSection />
    </>
  );
}
