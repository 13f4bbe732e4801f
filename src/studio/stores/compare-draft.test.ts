import { expect, it } from 'vitest';
import { draftOf, draftSchema, initialDraft } from '../plain/compare/draft';

it('keeps what was written on the screen, and refuses what is no draft', () => {
  const answer = { run: null, strength: 100, text: 'So.', tokens: 2, ids: [3, 4], finish: 'eos', secondsPerToken: 0.1 };
  const asked = { prompt: 'How?', options: { maxNewTokens: 8, temperature: 0.7, topK: 0, topP: 1, seed: 0 } };
  const draft = {
    prompt: 'Why?',
    plainText: true,
    shading: 'tokens',
    reportTitle: 'Pumps',
    remarks: 'Few.',
    promptFor: { model: 'print', dataset: null },
    first: { run: 'r', isHeldOut: true, examples: [{ asked, answers: { 'column-1': answer } }], isEnded: true },
  } as const;
  expect(draftSchema.parse(JSON.parse(JSON.stringify(draft)))).toEqual(draft);
  for (const stored of [null, 'x', { ...draft, shading: 'rainbow' }, { ...draft, prompt: 3 }])
    expect(draftSchema.safeParse(stored).success).toBe(false);
  expect(draftSchema.parse({})).toEqual(initialDraft);
  expect(draftOf({ ...draftSchema.parse(draft), more: 1 } as ReturnType<typeof draftSchema.parse>)).toEqual(draft);
});
