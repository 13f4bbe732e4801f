/** @file The starter's word lists are such that the judges can find them in a text. */
import { expect, it } from 'vitest';
import { dialogueLexicon, reviewLexicons, summarizationLexicon } from './lexicon';
import { tokensOf } from './phrases';

it('has phrases that a text can hold: tokens joined by single spaces', () => {
  const reviews = Object.values(reviewLexicons).flatMap(({ positive, negative, negators, boosters, dampeners }) => [
    ...[positive, negative, negators, boosters, dampeners].flat(),
  ]);
  const { types, units } = summarizationLexicon;
  const { names, objects, yes, no, evasive, polite, rude, knowledge } = dialogueLexicon;
  const phrases = [
    ...reviews,
    ...[names, objects, yes, no, evasive, polite, rude].flat(),
    ...[...Object.values(types).flatMap((values) => Object.values(values)), ...Object.values(units)].flat(),
    ...knowledge.map(({ topic }) => topic),
  ];
  expect(phrases.length).toBeGreaterThan(1500);
  expect(phrases.filter((phrase) => tokensOf(phrase).join(' ') !== phrase)).toEqual([]);
});
