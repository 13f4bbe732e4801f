/** @file The judge of summaries on posts and summaries that the grammar did not write. */
import { describe, expect, it } from 'vitest';
import { compareSummaries, factsOf, judgeSummary } from './summary';

const post =
  'Hi all, short note from the weekend. Sunday around 22:15 the chiller in room 12 started to drip, sorry, I mean it really lost water, all over the floor. ' +
  "Elena had a look: the hose is cracked. She taped it. We'll see. We threw away 15 crates of yoghurt, which is a pity. Anyone else up for camping?";
const values = (text: string): string[] => factsOf(text).map(({ value }) => value);

describe('factsOf', () => {
  it('finds facts in free text, each once', () => {
    expect(values(post)).toEqual([
      'sunday',
      'chiller',
      'room',
      'room 12',
      'water leak',
      'elena',
      'hose',
      'cracked',
      'tape',
      'camping',
      '22:15',
      '15 crate',
    ]);
    expect(values('Pump, PUMP, pumps and the pump 7, pump 7!')).toEqual(['pump', 'pump 7']);
  });

  it('tells synonyms of one fact as that fact, and numbers only beside what they count', () => {
    expect(values('they replaced the hose')).toEqual(values('we swapped hoses'));
    expect(values('12 of us saw 3 crates and a crate')).toEqual(['3 crate']);
  });

  it('finds nothing in nothing', () => {
    for (const text of ['', '!?', 'constructor __proto__', 'We had a talk about it.'])
      expect(factsOf(text)).toEqual([]);
  });
});

describe('judgeSummary', () => {
  it('calls a short and true summary faithful', () => {
    const short = 'Chiller in room 12 lost water on Sunday: cracked hose, taped by Elena, 15 crates wasted.';
    expect(judgeSummary(post, short)).toMatchObject({
      invented: [],
      chatter: 0,
      words: 16,
      quality: 1,
      faithful: true,
    });
  });

  it('reads phrases, not meaning: an idiom that is a phrase of the lexicon counts as that', () => {
    expect(judgeSummary(post, 'The chiller lost water and 15 crates are gone.').invented).toEqual([
      { kind: 'condition', value: 'missing' },
    ]);
  });

  it('counts what is invented', () => {
    const verdict = judgeSummary(post, 'On Monday the boiler in room 12 lost water.');
    expect(verdict.stated.map(({ value }) => value)).toEqual(['room', 'room 12', 'water leak']);
    expect(verdict.invented.map(({ value }) => value)).toEqual(['monday', 'boiler']);
    expect(verdict.faithful).toBe(false);
    expect(verdict.quality).toBeLessThan(0);
  });

  it('takes wrong numbers, names and times for inventions', () => {
    for (const wrong of [
      'Chiller in room 13 lost water.',
      'Chiller lost water at 22:16.',
      'Chiller lost water, 50 crates wasted.',
      'Chiller lost water, Hugo taped it.',
    ]) {
      expect(judgeSummary(post, wrong)).toMatchObject({ invented: [expect.anything()], faithful: false });
    }
  });

  it('takes a name that nobody knows for an invention, but not the first word of a sentence, nor a name of the post', () => {
    expect(judgeSummary(post, 'The chiller lost water, Zorblat taped it.').invented).toEqual([
      { kind: 'name', value: 'zorblat' },
    ]);
    expect(judgeSummary(`${post} Zorblat helped.`, 'The chiller lost water, Zorblat taped it.').faithful).toBe(true);
    expect(judgeSummary(post, 'Weekend: the chiller lost water. Yoghurt wasted.').invented).toEqual([]);
  });

  it('wants subject and happening', () => {
    expect(judgeSummary(post, 'Elena was in room 12 on Sunday.')).toMatchObject({ invented: [], faithful: false });
    expect(judgeSummary(post, 'The chiller lost water.').faithful).toBe(true);
  });

  it('does not want chatter, even true one, nor many words', () => {
    expect(judgeSummary(post, 'The chiller lost water, and camping is on.')).toMatchObject({
      chatter: 1,
      invented: [],
      faithful: false,
    });
    const rambling = judgeSummary(post, `The chiller lost water ${'and so on '.repeat(12)}`);
    expect(rambling).toMatchObject({ words: 40, faithful: false });
    expect(rambling.quality).toBeCloseTo(judgeSummary(post, 'The chiller lost water').quality - 0.2, 12);
  });

  it('covers nothing of a post without facts', () => {
    expect(judgeSummary('We had a talk about it.', 'A talk.')).toMatchObject({ quality: 0, faithful: false });
    expect(judgeSummary('', '')).toMatchObject({ quality: 0, words: 0, faithful: false });
  });
});

describe('compareSummaries', () => {
  const full = 'Chiller in room 12 lost water on Sunday: cracked hose, taped by Elena, 15 crates wasted.';
  it('prefers more facts, fewer inventions, less chatter, and ties what is as good', () => {
    expect(compareSummaries(post, full, 'The chiller lost water.')).toBe('first');
    expect(compareSummaries(post, 'The compressor lost water.', 'The chiller lost water.')).toBe('second');
    expect(compareSummaries(post, 'The chiller lost water.', 'The chiller lost water, camping!')).toBe('first');
    expect(compareSummaries(post, 'The chiller lost water.', 'Loss of water: chiller')).toBe('tie');
  });

  it('does not prefer length: twice the same is no better', () => {
    expect(compareSummaries(post, `${full} ${full}`, full)).toBe('second');
  });
});
