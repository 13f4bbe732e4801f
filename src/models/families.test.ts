import { expect, it } from 'vitest';
import { textIn } from '../studio/text/text';
import { supportedModelTypes } from './registry';

it('are all on the list that the Models screen shows, and no other is', () => {
  for (const language of ['en', 'ko'] as const)
    expect(Object.keys(textIn(language).model.families.list).sort()).toEqual([...supportedModelTypes].sort());
});
