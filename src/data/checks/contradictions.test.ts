/** @file Pairs that say the opposite of each other, whatever case and spaces they are written in. */
import { expect, it } from 'vitest';
import { findContradictions, pairTexts } from './contradictions';

const pair = (prompt: string, chosen: string, rejected: string) => ({ prompt, chosen, rejected });

it('pairs that say the opposite of each other are contradictions', () => {
  const pairs = [pair('On?', 'Yes.', 'No.'), pair('Off?', 'Yes.', 'No.'), pair(' on?', 'no.', 'YES.')];
  expect(findContradictions(pairs.map(pairTexts))).toEqual([0, 2]);
});
