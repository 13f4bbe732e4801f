/** @file By which chat template a run's pairs were put into words, as it is said on the page. */
import type { Text } from './text';

/** @param template as a run's record has it: `none`, `own`, or the name of the one that was chosen */
export function describeTemplate(template: string, { runs: { templates } }: Text): string {
  return template === 'none' || template === 'own' ? templates[template] : templates.chosen(template);
}
