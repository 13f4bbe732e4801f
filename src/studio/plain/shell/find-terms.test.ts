import { expect, it } from 'vitest';
import { textIn } from '../../text/text';
import { findTerms } from './find-terms';

const namesIn = (language: 'en' | 'ko', search: string) =>
  findTerms(Object.values(textIn(language).glossary.terms), search).map(({ name }) => name);

it('finds words by name and by meaning, those with it in the name first', () => {
  expect(namesIn('en', ' kl ')).toEqual(['KL']);
  expect(namesIn('en', 'lora rank')[0]).toBe('LoRA rank');
  expect(namesIn('en', 'reward margin')[0]).toBe('Reward margin');
  expect(namesIn('en', 'overfitting')).toEqual(['Learning by heart']);
  expect(namesIn('ko', '베타'.normalize('NFD'))[0]).toBe('베타(β)');
  expect(namesIn('en', 'no such word')).toEqual([]);
  expect(namesIn('en', '')).toHaveLength(Object.keys(textIn('en').glossary.terms).length);
});

it('has no name twice, and no meaning longer than three sentences', () => {
  for (const language of ['en', 'ko'] as const) {
    const terms = Object.values(textIn(language).glossary.terms);
    expect(new Set(terms.map(({ name }) => name)).size).toBe(terms.length);
    expect(terms.filter(({ meaning }) => meaning.split(/[.!?](?=\s|$)/).length > 4)).toEqual([]);
  }
});
