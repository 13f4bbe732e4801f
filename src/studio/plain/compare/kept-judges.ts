/**
 * @file The judges that a prompt set was judged by, and how far each agreed with the analyst's blind judgements: what
 * outlasts the prompt set, so that a judge that was accepted can be a reward. Pure.
 */
import { z } from '../../../core/zod';
import type { JudgeQuestion } from '../../../data/judge-question';
import { fewestJudgements, type Standing } from '../../../evaluation/judge';
import { judgeFields } from '../../../storage/prompt-set-record';
import { count, mapping, type Kept } from '../../../storage/versioned';

export const keptJudgeSchema = mapping({
  /** Stays where the same judge is asked again. */
  id: z.string(),
  /** When the prompt set was begun, which tells it from others. */
  set: z.string(),
  ...judgeFields,
  /** Comparisons that the analyst has judged too, and those of them that both judged alike. */
  items: count,
  agreed: count,
  /** Seconds that a comparison took, both orders; null where it was not measured. */
  secondsEach: z.number().nullable().default(null),
});
export type KeptJudge = Omit<Kept<typeof keptJudgeSchema>, 'asked'> & { readonly asked: JudgeQuestion };

export function standingOf({ items, agreed, bound }: Pick<KeptJudge, 'items' | 'agreed' | 'bound'>): Standing {
  if (items < fewestJudgements) return 'unknown';
  return agreed / items < bound ? 'refused' : 'accepted';
}
