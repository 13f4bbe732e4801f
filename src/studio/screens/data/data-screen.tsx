/** @file The Data screen: the pairs with what was found among them, then the rules by which answers are judged. */
import { DataSection } from './data-section';
import { RulesSection } from './rules/rules-section';

export function DataScreen() {
  return (
    <>
      <DataSection />
      <RulesSection />
    </>
  );
}
