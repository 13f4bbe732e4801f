/** @file What a person wrote and chose on the Compare screen, kept over a reload. */

/** How the words of the answers are coloured. */
export const shadings = ['none', 'differences', 'tokens'] as const;
export type Shading = (typeof shadings)[number];

/** What a person wrote and chose on the screen, kept over a reload. */
export interface ComparisonDraft {
  readonly prompt: string;
  /** For models with a chat template: send the text as it is, not as a user's message. */
  readonly plainText: boolean;
  readonly shading: Shading;
  /** Title and remarks of the report. */
  readonly reportTitle: string;
  readonly remarks: string;
}

export const initialDraft: ComparisonDraft = {
  prompt: '',
  plainText: false,
  shading: 'differences',
  reportTitle: '',
  remarks: '',
};

export function draftOf({ prompt, plainText, shading, reportTitle, remarks }: ComparisonDraft): ComparisonDraft {
  return { prompt, plainText, shading, reportTitle, remarks };
}

const draftKeys = Object.keys(initialDraft) as (keyof ComparisonDraft)[];

export function isSameDraft(one: ComparisonDraft, other: ComparisonDraft): boolean {
  return draftKeys.every((key) => one[key] === other[key]);
}

/** What was stored, as far as it is one. */
export function reviveDraft(stored: unknown): ComparisonDraft {
  if (typeof stored !== 'object' || stored === null) return initialDraft;
  const { prompt, plainText, shading, reportTitle, remarks } = stored as Readonly<Record<string, unknown>>;
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  return {
    prompt: text(prompt),
    plainText: plainText === true,
    shading: shadings.find((known) => known === shading) ?? initialDraft.shading,
    reportTitle: text(reportTitle),
    remarks: text(remarks),
  };
}
