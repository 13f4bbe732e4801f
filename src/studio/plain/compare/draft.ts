/** @file What a person wrote and chose on the Compare screen, kept over a reload. */
import { z } from '../../../core/zod';
import { mapping, type Kept } from '../../../storage/versioned';
import { firstAnswersSchema } from './answers';

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
  /** What was open when the prompt was written: the model's fingerprint and the data set's id, null for none. */
  promptFor: mapping({ model: z.string().nullable(), dataset: z.string().nullable() }).default({
    model: null,
    dataset: null,
  }),
  /** The answers that were written without being asked for. */
  first: firstAnswersSchema.nullable().default(null),
});
export type ComparisonDraft = Kept<typeof draftSchema>;

export const initialDraft: ComparisonDraft = draftSchema.parse({});

export function draftOf(draft: ComparisonDraft): ComparisonDraft {
  const { prompt, plainText, shading, reportTitle, remarks, promptFor, first } = draft;
  return { prompt, plainText, shading, reportTitle, remarks, promptFor, first };
}
