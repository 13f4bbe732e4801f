import { expect, it } from 'vitest';
import { draftOf, initialDraft, isSameDraft, reviveDraft } from '../plain/compare/draft';

it('keeps what was written on the screen, and takes of what was stored what it knows', () => {
  const draft = { prompt: 'Why?', plainText: true, shading: 'tokens', reportTitle: 'Pumps', remarks: 'Few.' } as const;
  expect(reviveDraft(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  expect(reviveDraft({ ...draft, shading: 'rainbow', prompt: 3 })).toEqual({
    ...draft,
    shading: initialDraft.shading,
    prompt: '',
  });
  for (const stored of [undefined, null, 'x', {}]) expect(reviveDraft(stored)).toEqual(initialDraft);
  expect(draftOf({ ...draft, more: 1 } as typeof draft)).toEqual(draft);
  expect([isSameDraft(draft, { ...draft }), isSameDraft(draft, { ...draft, remarks: '' })]).toEqual([true, false]);
});
