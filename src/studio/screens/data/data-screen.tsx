/**
 * @file The Data screen: the pairs with what was found among them, then the labels to look at again, and the rules by
 * which answers are judged.
 */
import { DataSection } from './data-section';
import { LabelsSection } from './labels/labels-section';
import { RulesSection } from './rules/rules-section';

export function DataScreen() {
  return (
    <>
      <DataSection />
      <LabelsSection />
      <RulesSection />
    </>
  );
}
