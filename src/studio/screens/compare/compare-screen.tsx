/**
 * @file The Compare screen: one prompt side by side, then a prompt set with its win rates, pairs made of answers, the
 * frontier of several betas, a demonstration for an audience, and the report.
 */
import { CompareSection } from './compare-section';
import { FrontierSection } from '../frontier/frontier-section';
import { DemonstrationSection } from '../demonstration/demonstration-section';
import { MakePairsSection } from './make-pairs-section';
import { ReportSection } from './report/report-section';
import { PromptSetSection } from './prompt-set/prompt-set-section';

export function CompareScreen() {
  return (
    <>
      <CompareSection />
      <PromptSetSection />
      <MakePairsSection />
      <FrontierSection />
      <DemonstrationSection />
      <ReportSection />
    </>
  );
}
