import { expect, it } from 'vitest';
import { draftOf, draftSchema, initialDraft } from '../plain/compare/draft';

it('keeps what was written on the screen, and refuses what is no draft', () => {
  const draft = { prompt: 'Why?', plainText: true, shading: 'tokens', reportTitle: 'Pumps', remarks: 'Few.' } as const;
  expect(draftSchema.parse(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  for (const stored of [null, 'x', { ...draft, shading: 'rainbow' }, { ...draft, prompt: 3 }])
    expect(draftSchema.safeParse(stored).success).toBe(false);
  expect(draftSchema.parse({})).toEqual(initialDraft);
  expect(draftOf({ ...draft, more: 1 } as typeof draft)).toEqual(draft);
});
