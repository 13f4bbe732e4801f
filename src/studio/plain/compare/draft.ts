/** @file What a person wrote and chose on the Compare screen, kept over a reload. */
import { z } from '../../../core/zod';
import { mapping, type Kept } from '../../../storage/versioned';

/** The ways in which the words of answers can be coloured. */
export const shadings = ['none', 'differences', 'tokens'] as const;
export type Shading = (typeof shadings)[number];

export const draftSchema = mapping({
  prompt: z.string().default(''),
  /** Whether a model with a chat template is sent the text as it is, not as a user's message. */
  plainText: z.boolean().default(false),
  shading: z.enum(shadings).default('differences'),
  /** Title and remarks of the report. */
  reportTitle: z.string().default(''),
  remarks: z.string().default(''),
});
export type ComparisonDraft = Kept<typeof draftSchema>;

export const initialDraft: ComparisonDraft = draftSchema.parse({});

export function draftOf({ prompt, plainText, shading, reportTitle, remarks }: ComparisonDraft): ComparisonDraft {
  return { prompt, plainText, shading, reportTitle, remarks };
}
